"""Names of regions and countries in running text: which tokens form one, and whose border "its northern border" is."""

from __future__ import annotations

from collections import Counter

from muster.core.lexicon.lists import words
from muster.core.model import Place, Scope
from muster.core.regions import Regions
from muster.core.text import Document, Token, tokenize

PHRASE_WORDS_MAX = 8
_VOTE_TOKENS_MAX = 20_000
"""Countries are counted in this many tokens: enough to know what an article is about."""

_BORDER_WORDS = words("border borders frontier boundary frontera fronteras franja linea line borderlands")
_SIDES = words(
    """
    northern southern eastern western north south east west norte sur northwestern northeastern southwestern
    southeastern noroeste noreste sureste suroeste southwest northeast northwest southeast oriental occidental
    septentrional meridional este oeste nororiental noroccidental suroriental suroccidental
    """
)
_TYPES = words("state province region estado provincia departamento department county")
LOWER_STARTS = _BORDER_WORDS | _SIDES | _TYPES
"""Words in lower case that a name of a region may start with: `northern border`, `state of Sonora`."""
_POSSESSIVES = words("its their his her our su sus nuestra")


class RegionFinder:
    """Looks for names at tokens of one document, in the light of the countries that it talks about."""

    def __init__(self, document: Document, title: str | None, regions: Regions) -> None:
        self._regions = regions
        votes: Counter[str] = Counter()
        self._count(document.tokens[:_VOTE_TOKENS_MAX], votes)
        self._count(tokenize(title or ""), votes)
        self.context = [country for country, _ in votes.most_common(5)]

    def _count(self, tokens: list[Token], votes: Counter[str]) -> None:
        first_words = self._regions.first_words
        for i, token in enumerate(tokens):
            if token.key not in first_words or len(token.text) < 2 or not (token.capital or len(token.text) > 5):
                continue
            country = self._regions.demonym_country(token.key)
            if country is not None and (token.capital or token.key.endswith(("o", "a", "os", "as", "nse", "es"))):
                votes[country] += 1
            elif token.capital:
                hit = self._country(tokens, i, min(len(tokens), i + 4))
                if hit is not None and hit[1].country:
                    votes[hit[1].country] += 1

    def prefer(self, countries: list[str]) -> bool:
        """Countries that the article's cities point to come before those that it merely names. Whether that is new."""
        before = self.context
        self.context = list(dict.fromkeys(countries + before))
        return self.context != before

    def _country(self, tokens: list[Token], i: int, last: int) -> tuple[int, Place, Scope] | None:
        if tokens[i].key not in self._regions.first_words:
            return None
        words, ends = _words(tokens, i, last, 4)
        for count in range(len(words), 0, -1):
            phrase = " ".join(words[:count])
            if phrase == "us" and tokens[i].text != "US":
                continue
            place = self._regions.lookup_country(phrase)
            if place is not None:
                return ends[count - 1], place, "country"
        return None

    def at(self, tokens: list[Token], i: int, last: int) -> tuple[int, Place, Scope] | None:
        """(end, place, scope) of the longest name of a region or country that starts at token i."""
        token = tokens[i]
        if token.key not in self._regions.first_words or not (token.capital or token.key in LOWER_STARTS):
            return None
        words, ends = _words(tokens, i, last, PHRASE_WORDS_MAX)
        context = self._context_at(tokens, i)
        country = self._country(tokens, i, last) if token.capital else None
        for count in range(len(words), 0, -1):
            if country is not None and ends[count - 1] <= country[0]:
                break
            if count > 3 and not _BORDER_WORDS.intersection(words[:count]) and token.key not in LOWER_STARTS | _SIDES:
                continue
            end = ends[count - 1]
            if not _may_end(tokens[end - 1]) or _names_neighbour(words[:count]):
                continue
            place = self._regions.lookup_region(" ".join(words[:count]), context)
            if place is not None:
                return end, place, "region"
        return country

    def _context_at(self, tokens: list[Token], i: int) -> list[str]:
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
            return [named[0], *self.context]
        return self.context


def _names_neighbour(words: list[str]) -> bool:
    """`southern border with Guatemala`: the side alone tells whose border it is; the neighbour would claim it."""
    return bool(_SIDES.intersection(words)) and bool({"with", "con"}.intersection(words))


def _may_end(token: Token) -> bool:
    return token.capital or token.key in LOWER_STARTS or token.key in ("country", "pais")


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
