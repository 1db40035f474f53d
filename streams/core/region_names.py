"""Names of regions and countries in running text: which tokens form one, and whose border "its northern border" is."""

from __future__ import annotations

from collections import Counter
from typing import Final

from muster.core.lexicon.lists import words
from muster.core.model import Place, Scope
from muster.core.place_atlas import Atlas
from muster.core.text import Document, Token, within

PHRASE_WORDS_MAX: Final = 8
_VOTE_TOKENS_MAX: Final = 20_000
"""Countries are counted in this many tokens: enough to know what an article is about."""
_PLAIN_WORDS_MAX: Final = 3
"""Longest name of a region without a border, a side or a type in it that is looked at."""

_BORDER_WORDS: Final = words("border borders frontier boundary frontera fronteras franja linea line borderlands")
_SIDES: Final = words(
    """
    northern southern eastern western north south east west norte sur northwestern northeastern southwestern
    southeastern noroeste noreste sureste suroeste southwest northeast northwest southeast oriental occidental
    septentrional meridional este oeste nororiental noroccidental suroriental suroccidental
    """
)
_TYPES: Final = words("state province region estado provincia departamento department county")
LOWER_STARTS: Final = _BORDER_WORDS | _SIDES | _TYPES
"""Words in lower case that a name of a region may start with: `northern border`, `state of Sonora`."""
_ENDS: Final = LOWER_STARTS | {"country", "pais"}
_POSSESSIVES: Final = words("its their his her our su sus nuestra")
_DEMONYM_ENDS: Final = ("o", "a", "os", "as", "nse", "es")

Hit = tuple[int, Place, Scope]
"""A name: the token after it, the place and its scope."""


class RegionFinder:
    """Looks for names at tokens of one document, in the light of the countries that it talks about.

    `asked` is set whenever the context decided about a name; with another context it might be another place.
    """

    def __init__(self, document: Document, atlas: Atlas) -> None:
        self._atlas = atlas
        self._regions = atlas.regions
        self._tokens = document.tokens
        title = [token.key for token in document.title]
        bordered = not (document.vocabulary.isdisjoint(_BORDER_WORDS) and _BORDER_WORDS.isdisjoint(title))
        self._most = PHRASE_WORDS_MAX if bordered else _PLAIN_WORDS_MAX
        self._found: dict[tuple[int, int], Hit | None] = {}
        self.asked = False
        votes: Counter[str] = Counter()
        hints = self._regions.country_hints
        self._count(document.tokens, within(document.places(hints), 0, _VOTE_TOKENS_MAX), votes)
        self._count(document.title, [i for i, key in enumerate(title) if key in hints], votes)
        self.context = tuple(country for country, _ in votes.most_common(5))

    def _count(self, tokens: list[Token], hints: list[int], votes: Counter[str]) -> None:
        demonyms = self._regions.countries.by_demonym
        for i in hints:
            token = tokens[i]
            key = token.key
            if len(token.text) < 2 or not (token.capital or len(token.text) > 5):
                continue
            country = demonyms.get(key)
            if country is not None and (token.capital or key.endswith(_DEMONYM_ENDS)):
                votes[country] += 1
            elif token.capital:
                hit = self._country(tokens, i, min(len(tokens), i + 4, _VOTE_TOKENS_MAX))
                if hit is not None and hit[1].country:
                    votes[hit[1].country] += 1

    def prefer(self, countries: list[str]) -> bool:
        """Countries that the article's cities point to come before those that it merely names. Whether that is new."""
        before = self.context
        self.context = tuple(dict.fromkeys((*countries, *before)))
        return self.context != before

    def _country(self, tokens: list[Token], i: int, last: int) -> Hit | None:
        key = tokens[i].key
        if key not in self._regions.country_words:
            return None
        following = _next_word(tokens, i, last)
        if following is not None and not (following and self._regions.may_be_longer(key, following)):
            place = self._regions.lookup_country(key) if key != "us" or tokens[i].text == "US" else None
            return None if place is None else (i + 1, place, "country")
        words, ends = _words(tokens, i, last, 4)
        for count in range(len(words), 0, -1):
            phrase = " ".join(words[:count])
            if phrase == "us" and tokens[i].text != "US":
                continue
            place = self._regions.lookup_country(phrase)
            if place is not None:
                return ends[count - 1], place, "country"
        return None

    def may_start(self, tokens: list[Token], i: int) -> bool:
        """Whether a name may start at token i; False for most."""
        key, regions = tokens[i].key, self._regions
        if key not in regions.first_words:
            return False
        if key in regions.plain or key in regions.countries.by_name or self._most > _PLAIN_WORDS_MAX:
            return True
        following = _next_word(tokens, i, len(tokens))
        return following is None or (following != "" and regions.may_go_on(key, following))

    def at(self, tokens: list[Token], i: int, last: int) -> Hit | None:
        """The longest name of a region or country that starts at token i and ends before token `last`."""
        token = tokens[i]
        if token.key not in self._regions.first_words or not (token.capital or token.key in LOWER_STARTS):
            return None
        if tokens is not self._tokens:
            return self._read(tokens, i, last)
        if (i, last) in self._found:
            return self._found[i, last]
        before, self.asked = self.asked, False
        hit = self._read(tokens, i, last)
        if not self.asked:
            self._found[i, last] = hit
        self.asked = self.asked or before
        return hit

    def _read(self, tokens: list[Token], i: int, last: int) -> Hit | None:
        token = tokens[i]
        lower = token.key in LOWER_STARTS
        if not lower and self._most == _PLAIN_WORDS_MAX:
            following = _next_word(tokens, i, last)
            if following is not None and not (following and self._regions.may_go_on(token.key, following)):
                return self._read_word(tokens, i, last)
        words, ends = _words(tokens, i, last, PHRASE_WORDS_MAX if lower else self._most)
        country = self._country(tokens, i, last) if token.capital else None
        short, bordered = _lengths(token, words)
        for count in range(len(words), 0, -1):
            end = ends[count - 1]
            if country is not None and end <= country[0]:
                break
            if short < count < bordered:
                continue
            closing = tokens[end - 1]
            if not (closing.capital or closing.key in _ENDS) or _names_neighbour(words[:count]):
                continue
            place = self._region(" ".join(words[:count]), tokens, i)
            if place is not None:
                return end, place, "region"
        return country

    def _read_word(self, tokens: list[Token], i: int, last: int) -> Hit | None:
        """The same where no more than the word at token i can be a name."""
        token = tokens[i]
        country = self._country(tokens, i, last) if token.capital else None
        if country is not None:
            return country
        if not (token.capital or token.key in _ENDS):
            return None
        place = self._region(token.key, tokens, i)
        return None if place is None else (i + 1, place, "region")

    def _region(self, name: str, tokens: list[Token], i: int) -> Place | None:
        phrase = self._atlas.phrase(name)
        if not phrase.open:
            return phrase.only
        self.asked = True
        return self._atlas.of_context(name, self._context_at(tokens, i))

    def _context_at(self, tokens: list[Token], i: int) -> tuple[str, ...]:
        """`Mexico ... to its northern border`: the country named before in the sentence comes first.

        Without a possessive only when the sentence names no second one.
        """
        if tokens[i].key not in LOWER_STARTS:
            return self.context
        named: list[str] = []
        for k in range(i - 1, max(-1, i - 40), -1):
            if tokens[k].text in ".;" and not tokens[k].glued:
                break
            code = self._regions.demonym_country(tokens[k].key) if tokens[k].kind == "word" else None
            if code is None and tokens[k].capital:
                hit = self._country(tokens, k, min(len(tokens), k + 4))
                code = hit[1].country if hit is not None else None
            if code is not None and code not in named:
                named.append(code)
        if named and (len(named) == 1 or tokens[i - 1].key in _POSSESSIVES):
            return (named[0], *self.context)
        return self.context


def _lengths(token: Token, words: list[str]) -> tuple[int, int]:
    """Up to how many words a phrase is worth looking at, and from how many on it is again: with a border in it."""
    if token.key in LOWER_STARTS:
        return len(words), 0
    borders = (count for count, word in enumerate(words, 1) if word in _BORDER_WORDS)
    return _PLAIN_WORDS_MAX, next(borders, len(words) + 1)


def _names_neighbour(words: list[str]) -> bool:
    """`southern border with Guatemala`: the side alone tells whose border it is; the neighbour would claim it."""
    return ("with" in words or "con" in words) and not _SIDES.isdisjoint(words)


def _next_word(tokens: list[Token], i: int, last: int) -> str | None:
    """The second word of a phrase that starts at token i, "" if it ends there, None where a closer look is due."""
    if i + 1 >= last:
        return ""
    following = tokens[i + 1]
    if following.kind == "word":
        return following.key if following.key != "'s" else None
    return None if following.glued and following.text in "-.\u2013" else ""


def _words(tokens: list[Token], i: int, last: int, most: int) -> tuple[list[str], list[int]]:
    """Folded words from token i on, over glued marks (`U.S.-Mexico`), and the token after each."""
    words: list[str] = []
    ends: list[int] = []
    for k in range(i, min(last, i + 3 * most)):
        token = tokens[k]
        if token.kind == "word":
            words.append("s" if token.key == "'s" else token.key)
            ends.append(k + 1)
            if len(words) == most:
                break
        elif not (token.text in "-.\u2013" and token.glued) or (
            token.text == "." and k > i and len(tokens[k - 1].text) > 1
        ):
            break
    return words, ends
