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

PHRASE_CHARS_MAX = 120
"""Longest phrase that states a number, and longest name of a force."""

EVENTS_PER_ARTICLE_MAX = 100
"""A text that yields more is a table of figures or an attack; the first ones in text order are kept."""

PLACES_PER_MULTI_MAX = 10
PLACES_GONE_PER_ARTICLE_MAX = 1_000
"""Places that the route role remembers an article to have named and to name no more, the last ones first.

They are emptied again with every redelivery, in case the process died before it had sent that. One that is forgotten
was emptied by at least one version before; its old report could stand only if a process died over a batch in which
versions of one article gave up more places than this."""

PLACE_NAME_BYTES_MAX = 100
"""Longest name of a place or of its admin1 in UTF-8; GeoNames' longest name of a city has 79 bytes."""

PERSONNEL_MAX = 10_000_000
"""A larger number of personnel in one place is a misreading: no army of the world has as many."""

EVIDENCE_PER_TOTAL_MAX = 20
"""Quotes carried by a CityTotal; `evidence_count` tells how many there are."""

DECISIONS_PER_TOTAL_MAX = 30
"""Decisions carried by a CityTotal; a figure rests on two or three."""

QUOTE_FIELD_CHARS_MAX = 300
"""Longest title and source under a quote of a CityTotal; the event has them whole."""

TIMELINE_POINTS_MAX = 366
"""Days that a CityTotal remembers, the newest ones: a year of days with reports."""

OPERATIONS_PER_TOTAL_MAX = 50
"""Operations that a CityTotal tells of, the newest ones; they are at least 45 days apart."""

RECORD_BYTES_MAX = 900_000
"""No record that Muster writes may be longer: Kafka's and Faust's default limit is 1,000,000 with its framing."""

# The worst case of each record: JSON writes a control character in six bytes, an identity has none and at most four a
# character; the numbers at the end are the names of the members, ids, dates and numbers.
PLACE_BYTES_MAX = 2 * PLACE_NAME_BYTES_MAX + 200
ASSERTION_BYTES_MAX = 6 * (QUOTE_CHARS_MAX + 2 * PHRASE_CHARS_MAX) + 650
PROVENANCE_BYTES_MAX = 6 * 4 * FIELD_CHARS_MAX + 4 * ARTICLE_ID_CHARS_MAX + 2_500
CLAIM_BYTES_MAX = PROVENANCE_BYTES_MAX + EVENTS_PER_ARTICLE_MAX * (
    ASSERTION_BYTES_MAX + PLACES_PER_MULTI_MAX * PLACE_BYTES_MAX
)
ROUTE_ROW_BYTES_MAX = (
    EVENTS_PER_ARTICLE_MAX * PLACES_PER_MULTI_MAX + PLACES_GONE_PER_ARTICLE_MAX
) * PLACE_BYTES_MAX + 5_000
FIGURES_BYTES_MAX = 3 * (60 + 3 * 20)
TOTAL_BYTES_MAX = (
    EVIDENCE_PER_TOTAL_MAX
    * (
        6 * (QUOTE_CHARS_MAX + PHRASE_CHARS_MAX + 2 * QUOTE_FIELD_CHARS_MAX + FIELD_CHARS_MAX)
        + 4 * ARTICLE_ID_CHARS_MAX
        + 400
    )
    + (TIMELINE_POINTS_MAX + OPERATIONS_PER_TOTAL_MAX) * (FIGURES_BYTES_MAX + 200)
    + DECISIONS_PER_TOTAL_MAX * (4 * ARTICLE_ID_CHARS_MAX + 100)
    + PLACES_PER_MULTI_MAX * PLACE_BYTES_MAX
    + 5_000
)
assert CLAIM_BYTES_MAX < RECORD_BYTES_MAX
assert ROUTE_ROW_BYTES_MAX < RECORD_BYTES_MAX
assert EVENTS_PER_ARTICLE_MAX * PLACES_PER_MULTI_MAX <= PLACES_GONE_PER_ARTICLE_MAX, "one version's places fit in"
assert TOTAL_BYTES_MAX < RECORD_BYTES_MAX
