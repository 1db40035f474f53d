"""The registrable domain of a host, by the Public Suffix List that a package ships."""

from __future__ import annotations

import functools
import ipaddress
from typing import Any


@functools.lru_cache(maxsize=4_096)
def registrable_domain(host: str) -> str | None:
    """`news.daily.co.uk` -> `daily.co.uk`; None for a bare suffix, an address or an empty string.

    Unknown top levels count as suffixes, so that `news.example` is a publisher. Names in other scripts come out as they
    are read, however they are written (`xn--...`).
    """
    if _is_address(host):
        return None
    domain: str | None = _public_suffixes().privatesuffix(_readable(host))
    return domain


def _readable(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna") if "xn--" in host else host
    except UnicodeError:
        return host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@functools.cache
def _public_suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(accept_encoded_idn=False)  # the encoded half of the list doubles its loading time
