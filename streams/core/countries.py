"""Countries as news name them: names, demonyms and capitals, from the text of data/countries.tsv."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from muster.core.model import Place


@dataclass(frozen=True, slots=True)
class Countries:
    """Parsed tables. All look-ups take comparison keys as `muster.core.names.fold_name` makes them."""

    places: dict[str, Place]  # by ISO 3166-1 alpha-2
    names_es: dict[str, str]
    capitals: dict[str, int]  # alpha-2 -> GeoNames id
    by_name: dict[str, str]  # folded name -> alpha-2
    by_demonym: dict[str, str]  # folded demonym -> alpha-2

    def lookup(self, folded_name: str) -> Place | None:
        """The country of a name in English or Spanish.

        Folding loses capitals: that "us" is US and not the pronoun is for the caller to see in the text.
        """
        code = self.by_name.get(folded_name)
        return None if code is None else self.places[code]

    def of_adjective_or_name(self, folded: str) -> str | None:
        """The alpha-2 code of either "Guatemala" or "Guatemalan"."""
        return self.by_name.get(folded) or self.by_demonym.get(folded)


def parse_countries(text: str) -> Countries:
    """Raise ValueError if a row has not six fields."""
    countries = Countries({}, {}, {}, {}, {})
    for code, name, name_es, capital, names, demonyms in table_rows(text, fields=6):
        countries.places[code] = Place(key=f"country:{code}", name=name, country=code)
        countries.names_es[code] = name_es
        if capital:
            countries.capitals[code] = int(capital)
        countries.by_name.update(dict.fromkeys(names.split("|"), code))
        if demonyms:
            countries.by_demonym.update(dict.fromkeys(demonyms.split("|"), code))
    return countries


def table_rows(text: str, fields: int) -> Iterator[list[str]]:
    """Rows of a tab-separated table without its comment lines."""
    for line in text.splitlines():
        if line and not line.startswith("#"):
            row = line.split("\t")
            if len(row) != fields:
                raise ValueError(f"a row of {len(row)} fields where {fields} are due: {row[:3]}")
            yield row
