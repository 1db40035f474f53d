"""Names in running text that may be places: which tokens form one, what it is part of, and which cities bear it.

Nothing is chosen here: `place_evidence` judges whether a name is a place at all, `place_resolver` which one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from muster.core.lexicon.forces import MODIFIERS
from muster.core.lexicon.lists import words
from muster.core.lexicon.places import (
    BEFORE_PLACES,
    NOT_PLACE_PHRASES,
    NOT_PLACES,
    ORGANISATIONS_AFTER,
    PERSON_TITLES,
    STREETS_AFTER,
    STREETS_BEFORE,
)
from muster.core.lexicon.status import CUES
from muster.core.lexicon.words import FUNCTION_WORDS, MONTHS, WEEKDAYS
from muster.core.model import City, Place, Scope
from muster.core.names import fold_name
from muster.core.place_areas import COUNTY_WORDS, Area
from muster.core.place_atlas import Atlas
from muster.core.region_names import LOWER_STARTS, RegionFinder
from muster.core.text import Document, Paragraph, Token, within

NAME_TOKENS_MAX: Final = 7

Part = Literal["free", "dateline", "force", "institution", "compound", "article", "person", "street"]
"""What a name stands in: nothing else; a dateline; `Dallas Police`; `Dallas City Council`; `Dallas Winds`;
`the Dallas`; `Mayor Dallas`, `Walter Dallas`; `Dallas Avenue`."""

NO_PLACE_PARTS: Final = frozenset({"institution", "compound", "article", "person", "street"})
"""A name in one of these is not where something happens."""

PLACED_PARTS: Final = frozenset({"free", "force", "institution"})
IN_WORDS: Final = words("""
    in near outside around inside throughout across downtown en cerca desde hacia northern southern eastern western
    north south east west central
    """)
"""Before a name: it is a place."""

_CONNECTORS: Final = words("de del la las los el of the al do da dos san")
_TITLE_CASE_SHARE: Final = 0.6
_VOCABULARY: Final = {
    word for table in CUES.values() for cues in table.values() for phrase, _ in cues for word in phrase
} | MODIFIERS["en"]
"""Words of deployment: in a headline they are capitalised too, and some are towns somewhere."""
_FORCES_AFTER: Final = frozenset({"police", "guard", "sheriff", "constabulary"})
_ARTICLES_BEFORE: Final = words("the la el los las lo his her their su")
_AREA_WORDS: Final = words("area region suburbs metropolitan metro")
_WITH_ARTICLE: Final = words("bronx habana paz haya hague sasabe")


@dataclass(slots=True)
class Name:
    """Tokens first..last-1; `areas` are the states or countries that follow it (`Paris, Texas`).

    Nobody changes one; it is not frozen because that doubles the time that making it takes.
    """

    first: int
    last: int
    part: Part
    key: str
    cities: tuple[City, ...]
    region: tuple[Place, Scope] | None
    areas: tuple[Area, ...]
    placed: bool
    """The text says plainly that this is a place: `in X`, `X, Texas`, a dateline."""
    after: int
    """First token that belongs neither to the name nor to an abbreviated state after it."""


_Span = tuple[int, str, tuple[City, ...]]


class NameFinder:
    """Finds the names of one document. What stands at a token is read once."""

    def __init__(self, document: Document, atlas: Atlas) -> None:
        self.document = document
        self.regions = atlas.regions
        self.region_finder = RegionFinder(document, atlas)
        self._atlas = atlas
        self._lower_words = {t.key for t in document.tokens if not t.capital}
        self._function_words = FUNCTION_WORDS[document.lang]
        self._spans: dict[int, list[_Span]] = {}
        self._title_tokens = document.title
        counties = not document.vocabulary.isdisjoint(COUNTY_WORDS)
        self.county_spans = atlas.regions.areas.county_spans(document.tokens) if counties else []
        self._county_starts = {first: last for first, last, _ in self.county_spans}
        starts = document.capitals() + document.places(LOWER_STARTS)
        self._starts = self._starts_of(document.tokens, sorted({*starts, *self._county_starts}))
        self._read: dict[int, tuple[list[Name], bool]] = {}  # paragraph -> names, and whether the context decided
        self._block = (0, 0)
        self._case: bool | None = True

    def in_text(self) -> list[Name]:
        """Names in text order, not overlapping; none from furniture.

        In another context (`RegionFinder.prefer`) only paragraphs are read again that have a name which it decides.
        """
        names: list[Name] = []
        finder = self.region_finder
        for index, paragraph in enumerate(self.document.paragraphs):
            if paragraph.furniture:
                continue
            known, decided = self._read.get(index, ([], True))
            if decided:
                finder.asked = False
                known = self._in_paragraph(paragraph)
                self._read[index] = known, finder.asked
            names += known
        return names

    def _in_paragraph(self, paragraph: Paragraph) -> list[Name]:
        first, body, last = paragraph.first, paragraph.body, paragraph.last
        tokens = self.document.tokens
        self._case = None
        self._block = (first, last)
        header = self._names(tokens, first, body, dateline=True) if first < body else []
        return header + self._names(tokens, body, last)

    def in_title(self) -> list[Name]:
        self._case = True
        return self._names(self._title_tokens, 0, len(self._title_tokens))

    def _starts_of(self, tokens: list[Token], places: Iterable[int]) -> list[int]:
        """Those of these tokens that a name can start at."""
        may_start, opening = self.region_finder.may_start, self._atlas.opening
        in_text = tokens is self.document.tokens
        found = []
        for i in places:
            token = tokens[i]
            if token.capital:
                if not may_start(tokens, i) and not (in_text and i in self._county_starts):
                    _, cities, goes_on = opening(token.text)
                    if not cities and not (goes_on and _may_go_on(tokens, i, len(tokens))):
                        continue
                found.append(i)
            elif token.key in LOWER_STARTS:
                found.append(i)
        return found

    def _in_title_case(self) -> bool:
        """Whether the block that is being read is a headline or the like; asked for few names, so found out late."""
        if self._case is None:
            self._case = self._is_title_case(*self._block)
        return self._case

    def _is_title_case(self, first: int, last: int) -> bool:
        if last - first >= _HEADLINE_TOKENS_MAX:
            return False
        long = [t for t in self.document.tokens[first:last] if t.kind == "word" and len(t.text) > 3]
        return bool(long) and sum(t.capital for t in long) >= _TITLE_CASE_SHARE * len(long)

    def _names(self, tokens: list[Token], first: int, last: int, *, dateline: bool = False) -> list[Name]:
        in_text = tokens is self.document.tokens
        starts = self._starts if in_text else self._starts_of(tokens, range(len(tokens)))
        found: list[Name] = []
        done = first
        for i in within(starts, first, last):
            if i < done:
                continue
            county_last = self._county_starts.get(i) if in_text else None
            if county_last is not None:
                name = self._region_at(tokens, i, last, dateline=dateline)
                done = county_last
            else:
                name = self._name_at(tokens, i, first, last, dateline=dateline)
            if name is not None:
                found.append(name)
                done = max(done, name.after)
        return found

    def _name_at(self, tokens: list[Token], i: int, first: int, last: int, *, dateline: bool) -> Name | None:
        spans = self._city_spans(tokens, i, last)
        if not spans:
            return self._region_at(tokens, i, last, dateline=dateline)
        region = self.region_finder.at(tokens, i, last)
        for end, key, cities in spans:
            if region is not None and end < region[0]:
                break
            both = region[1:] if region is not None and region[0] == end else None
            part = "dateline" if dateline else self._part(tokens, i, end, first, last)
            if both is None and region is not None and part in NO_PLACE_PARTS:
                continue  # Guerrero Street: of the region at least it is a name
            areas, after = self._areas_after(tokens, end, last)
            placed = bool(areas) or dateline or (part in PLACED_PARTS and _follows_in(tokens, i))
            return Name(i, end, part, key, cities, both, areas, placed, after)
        return self._region_at(tokens, i, last, dateline=dateline)

    def _region_at(self, tokens: list[Token], i: int, last: int, *, dateline: bool) -> Name | None:
        region = self.region_finder.at(tokens, i, last)
        token = tokens[i]
        if region is None or (region[0] == i + 1 and token.key in NOT_PLACES):
            return None
        if not token.capital and not region[1].key.startswith("region:"):
            return None
        return Name(i, region[0], "dateline" if dateline else "free", "", (), region[1:], (), True, region[0])

    def _city_spans(self, tokens: list[Token], i: int, last: int) -> list[_Span]:
        """(end, key, cities) of the names of cities that start at token i, longest first; read once for the text."""
        in_text = tokens is self.document.tokens
        spans = self._spans.get(i) if in_text else None
        if spans is None:
            spans = self._read_city_spans(tokens, i, last) if tokens[i].capital else []
            if in_text:
                self._spans[i] = spans
        return spans

    def _read_city_spans(self, tokens: list[Token], i: int, last: int) -> list[_Span]:
        token = tokens[i]
        if token.kind != "word":
            return []
        key, cities, goes_on = self._atlas.opening(token.text)
        spans: list[_Span] = []
        for end in reversed(_name_ends(tokens, i, last)) if goes_on and _may_go_on(tokens, i, last) else ():
            if end > i + 1:
                longer = fold_name(self._spelled(tokens, i, end))
                found = () if longer in NOT_PLACE_PHRASES else self._atlas.cities(longer)
                if found:
                    spans.append((end, longer, found))
        if (
            cities
            and key not in NOT_PLACE_PHRASES
            and (not self._is_no_place(token) or _is_placed_word(tokens, i, cities))
        ):
            spans.append((i + 1, key, cities))
        return spans

    def _is_no_place(self, token: Token) -> bool:
        key = token.key
        return (
            len(token.text) < 3
            or key in NOT_PLACES
            or key in _VOCABULARY
            or key in self._lower_words
            or key in MONTHS
            or key in WEEKDAYS
            or key in self._function_words
        )

    def _spelled(self, tokens: list[Token], first: int, last: int) -> str:
        if tokens is self.document.tokens:
            return self.document.slice(first, last)
        return " ".join(t.text for t in tokens[first:last])

    def _areas_after(self, tokens: list[Token], end: int, last: int) -> tuple[tuple[Area, ...], int]:
        """`Juárez, Chihuahua`, `Acuña (Coahuila)`, `Paris, Ill.`, and the token after an abbreviation.

        A state that is written out is a name of its own, which votes.
        """
        if end + 1 >= last or tokens[end].text not in ",(":
            return (), end
        short = self.regions.areas.abbreviated(tokens, end + 1, last)
        if short is not None:
            return short[1], short[0]
        hit = self.region_finder.at(tokens, end + 1, last)
        area = None if hit is None else self.regions.area_of(hit[1])
        return (() if area is None else (area,)), end

    def _part(self, tokens: list[Token], i: int, end: int, first: int, last: int) -> Part:
        if i > first and not tokens[i].glued:
            part = self._part_by_word_before(tokens, i, end, first)
            if part is not None:
                return part
        return self._part_by_word_after(tokens, end, last)

    def _part_by_word_after(self, tokens: list[Token], end: int, last: int) -> Part:
        after = tokens[end] if end < last else None
        if after is None or after.kind != "word" or after.glued:
            return "free"
        if after.key in _FORCES_AFTER and (after.capital or after.key == "police"):
            return "force"
        if after.key in STREETS_AFTER:
            return "street"
        if after.capital and after.key in ORGANISATIONS_AFTER:
            return "institution"
        if not after.capital or self._in_title_case() or self._may_stand_after(tokens, end, last):
            return "free"
        return "institution" if _ends_in_institution(tokens, end, last) else "compound"

    def _part_by_word_before(self, tokens: list[Token], i: int, end: int, first: int) -> Part | None:
        """`Mayor Victoria`, `calle Juárez`, `Benito Juárez`, `the Met`."""
        before = tokens[i - 1]
        if before.text == "." and i - 2 >= first and (tokens[i - 2].key in PERSON_TITLES or _is_initial(tokens, i - 2)):
            return "person"
        if before.kind != "word":
            return None
        if before.key in STREETS_BEFORE:
            return "street"
        if before.key in PERSON_TITLES and before.capital:
            return "person"
        if end == i + 1 and before.key in _ARTICLES_BEFORE and tokens[i].key not in _WITH_ARTICLE:
            # but `the Chicago area`
            return None if end < len(tokens) and tokens[end].key in _AREA_WORDS else "article"
        allowed = not before.capital or before.key in BEFORE_PLACES or before.key in self._function_words
        starts = i - 1 == first or tokens[i - 2].text in '.!?:“"'
        return None if allowed or starts or self._in_title_case() else "person"

    def _may_stand_after(self, tokens: list[Token], i: int, last: int) -> bool:
        """Capitalised words that may follow a place without making one name with it: `Tijuana Wednesday`."""
        token = tokens[i]
        little = token.key in WEEKDAYS or token.key in MONTHS or token.key in self._function_words
        return little or token.text.isupper() or self.region_finder.at(tokens, i, last) is not None


_HEADLINE_TOKENS_MAX: Final = 40


def _follows_in(tokens: list[Token], i: int) -> bool:
    return i > 0 and not tokens[i].glued and tokens[i - 1].key in IN_WORDS


def _is_placed_word(tokens: list[Token], i: int, cities: tuple[City, ...]) -> bool:
    """`in Nice`, `en Split`: a word that is a large city too, where a place is expected and no name goes on."""
    token = tokens[i]
    if i == 0 or token.glued or tokens[i - 1].key not in _PLACE_EXPECTED or cities[0].population < WORD_POPULATION_MIN:
        return False
    alone = i + 1 >= len(tokens) or not tokens[i + 1].capital
    return alone and not token.text.isupper() and token.key not in MONTHS and token.key not in WEEKDAYS


WORD_POPULATION_MIN: Final = 100_000
"""A word of the language is also a city where the city is as large as this."""
_PLACE_EXPECTED: Final = frozenset({"in", "en"})


def _is_initial(tokens: list[Token], i: int) -> bool:
    return len(tokens[i].text) == 1 and tokens[i].capital and i > 0 and tokens[i - 1].capital


def _ends_in_institution(tokens: list[Token], i: int, last: int) -> bool:
    """`Toronto | General Hospital`: the capitalised words from token i on end in the word for an institution."""
    k = i
    while k < min(last, i + NAME_TOKENS_MAX) and tokens[k].capital:
        k += 1
    return tokens[k - 1].key in ORGANISATIONS_AFTER


def _may_go_on(tokens: list[Token], i: int, last: int) -> bool:
    """False where a word in lower case ends the name at once, as behind most words that begin a sentence."""
    if i + 1 >= last:
        return False
    following = tokens[i + 1]
    return following.capital or following.glued or following.kind != "word" or following.key in _CONNECTORS


def _name_ends(tokens: list[Token], i: int, last: int) -> list[int]:
    """Ends of the capitalised runs that start at token i, shortest first."""
    ends: list[int] = []
    k = i
    while k < min(last, i + NAME_TOKENS_MAX):
        token = tokens[k]
        if token.kind == "word" and token.capital:
            k += 1
            ends.append(k)
        elif (token.kind == "word" and k > i and (token.key in _CONNECTORS or token.glued)) or (
            token.text in "-\u2019'."
            and k > i
            and token.glued
            and k + 1 < last
            and (tokens[k + 1].glued or (token.text == "." and len(tokens[k - 1].text) <= 2))
        ):
            k += 1
        else:
            break
    return ends
