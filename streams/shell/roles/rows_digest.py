"""Which rows a total was made of, and by which code, in a few bytes.

An owner that finds them in a total's headers knows that the total is right without making it again. After a failover
that spares it the totals of all its places.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b, sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

DIGEST_BYTES = 16
CODE_HEX_CHARS = 16


class RowsDigests:
    """Of each place a digest of its rows that does not depend on their order."""

    def __init__(self) -> None:
        self._of: dict[str, int] = {}

    def replace(self, place_key: str, row_key: bytes, before: bytes | None, row: bytes) -> None:
        """A row of a place is set; `before` is what stood there."""
        old = 0 if before is None else _digest(row_key, before)
        self._of[place_key] = self._of.get(place_key, 0) ^ old ^ _digest(row_key, row)

    def header(self, place_key: str) -> bytes:
        """Hex, with the code that makes totals of rows."""
        return f"{code_digest()}-{self._of.get(place_key, 0):0{2 * DIGEST_BYTES}x}".encode()


def _digest(row_key: bytes, row: bytes) -> int:
    return int.from_bytes(
        blake2b(row, digest_size=DIGEST_BYTES, key=blake2b(row_key, digest_size=32).digest()).digest()
    )


@cache
def code_digest() -> str:
    """Of the sources and data of the pure core and of the codec: whatever may change what a total says."""
    found = sha256()
    for name, content in sorted(_sources(files("muster") / "core", "core")):
        found.update(name.encode() + b"\0" + content)
    found.update((files("muster") / "shell" / "codec.py").read_bytes())
    return found.hexdigest()[:CODE_HEX_CHARS]


def _sources(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    sources: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            sources += _sources(entry, name) if entry.name != "__pycache__" else []
        else:
            sources.append((name, entry.read_bytes()))
    return sources
