"""Every bound of the core, with its unit and its reason; relations between them are asserted."""

ARTICLE_BYTES_MAX = 1_000_000
"""Default size limit of a record's value on articles.raw; a longer one is a dead letter."""

NESTING_DEPTH_MAX = 64
"""Levels of nesting in an article's JSON; scrapers use two or three."""

ARTICLE_ID_CHARS_MAX = 512
FIELD_CHARS_MAX = 2_000
"""Longest title, URL, source or language that is carried on; longer ones are cut or dropped with a warning."""

QUOTE_CHARS_MAX = 300
"""Longest evidence quote (gold/GUIDE.md, rule 9)."""

EVENTS_PER_ARTICLE_MAX = 200
"""A text that yields more is a table of figures or an attack; the first ones in text order are kept."""

PLACES_PER_MULTI_MAX = 20
PERSONNEL_MAX = 10_000_000
"""A larger number of personnel in one place is a misreading: no army of the world has as many."""

EVIDENCE_PER_TOTAL_MAX = 20
"""Quotes carried by a CityTotal; `evidence_count` tells how many there are."""

RECORD_BYTES_MAX = 900_000
"""No record that Muster writes may be longer: Kafka's and Faust's default limit is 1,000,000 with its framing."""

assert EVIDENCE_PER_TOTAL_MAX * (QUOTE_CHARS_MAX + 3 * FIELD_CHARS_MAX) * 6 < RECORD_BYTES_MAX

COPY_CANDIDATES_MAX = 64
"""Texts that a text is compared with when copies are looked for; those that share most of it come first, so that only
a flood of half-alike texts, as boilerplate makes them, can hide a copy."""
