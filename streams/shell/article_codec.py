"""Bytes of articles.raw -> Article, Withdrawal, a reason to refuse them, or nothing to do. Whatever the bytes.

What JSON leaves open is read so: a byte order mark is skipped; of duplicate names the last counts; NaN, Infinity,
numbers beyond a double and lone surrogates are not JSON. Blank strings are absent ones. An article_id and a record key
are compared byte by byte. Text is taken as it stands, so that evidence offsets are the scraper's own; of an article
that comes as HTML they count in the text that `html_text` makes of it. A blank text says nothing, unless it comes as a
later version or a retraction of an article with an identity: then it takes the place of what was said before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import orjson

from muster.core import limits
from muster.core.identity import sha256_hex
from muster.core.model import Article, Reason, Rejection, Withdrawal
from muster.schemas import article_forms as forms

if TYPE_CHECKING:
    from pydantic import ValidationError

UTF8_BOM = b"\xef\xbb\xbf"
_TOKENS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*\\?(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)
_CONTAINERS = (dict, list)
_MISSING_TEXT = Rejection("missing_text", "neither text nor html")
_STRINGS = ("article_id", "text", "html", "url", "title", "source", "lang")
_STRING_OR_NULL = frozenset({str, type(None)})
_ALIASES = frozenset(alias for aliases in forms.ALIASES.values() for alias in aliases)
_ARTICLE_ID = re.compile(forms.ARTICLE_ID_PATTERN)
_HTTP_URL = re.compile(forms.HTTP_URL_PATTERN)


@dataclass(frozen=True, slots=True)
class Decoded:
    """`value` is None when there is nothing to do: the text is blank, or a null value names no article.

    Warnings are short codes `<field>:<what>`, fit for a header: unreadable, too_long (dropped), cut, nested_too_deep,
    missing. They never hold an article's words.
    """

    value: Article | Withdrawal | Rejection | None
    warnings: tuple[str, ...] = ()


def decode_article(key: bytes | None, value: bytes | None, *, bytes_max: int) -> Decoded:
    """Read one record of articles.raw. Never raises.

    Args:
        key: the record's key; None and b"" say nothing, anything else must be the article_id in UTF-8.
        value: the record's value; None withdraws the article that the key names.
        bytes_max: longest value in bytes that is read.
    """
    if value is None:
        return _withdrawal(key)
    if len(value) > bytes_max:
        return _rejected("too_large", f"{len(value)} bytes, the limit is {bytes_max}")
    parsed = _parse(value)
    if isinstance(parsed, Rejection):
        return Decoded(parsed)
    usual = plain(parsed)
    read = (usual, ()) if usual is not None else _by_contract(parsed)
    if isinstance(read, Rejection):
        return Decoded(read)
    return _article(key, *read)


def _withdrawal(key: bytes | None) -> Decoded:
    try:
        article_id = (key or b"").decode()
    except UnicodeDecodeError:
        return _rejected("bad_article_id", "the key of a null value is not UTF-8")
    if not article_id.strip():
        return Decoded(None, ("key:missing",))
    if not _is_article_id(article_id):
        return _rejected("bad_article_id", "the key of a null value is no article_id: too long or control characters")
    return Decoded(Withdrawal(article_id))


def _parse(value: bytes) -> dict[str, Any] | Rejection:
    value = value.removeprefix(UTF8_BOM)
    try:
        parsed = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        return _not_json(value, error)
    if not isinstance(parsed, dict):
        return Rejection("not_an_object", f"the JSON value is of type {type(parsed).__name__}")
    if _nests_deeper(parsed, limits.NESTING_DEPTH_MAX):
        return _too_deep()
    return parsed


def _not_json(value: bytes, error: orjson.JSONDecodeError) -> Rejection:
    try:
        value.decode()
    except UnicodeDecodeError as undecodable:
        return Rejection("not_utf8", f"{undecodable.reason} at byte {undecodable.start}")
    depth = 0
    for token in _TOKENS.finditer(value):
        depth += (token[0] in b"[{") - (token[0] in b"]}")
        if depth > limits.NESTING_DEPTH_MAX:
            return _too_deep()
    return Rejection("not_json", f"{error.msg} at character {error.pos}")


def _too_deep() -> Rejection:
    return Rejection("nested_too_deep", f"more than {limits.NESTING_DEPTH_MAX} levels of nesting")


def _nests_deeper(container: dict[str, Any] | list[Any], levels: int) -> bool:
    if levels == 0:
        return True
    members: Iterable[Any] = container.values() if isinstance(container, dict) else container
    for member in members:  # noqa: SIM110 - every article runs this, and a generator takes twice as long
        if type(member) in _CONTAINERS and _nests_deeper(member, levels - 1):
            return True
    return False


class Given(NamedTuple):
    """The fields of an article, of the right types, before any of them is derived from another."""

    article_id: str | None
    text: str | None
    html: str | None
    url: str | None
    title: str | None
    source: str | None
    lang: str | None
    published_at: datetime | None
    fetched_at: datetime | None
    version: int | None
    retracted: bool | None


def plain(fields: dict[str, Any]) -> Given | None:
    """What the contract makes of an article that is written just as it says; None leaves any other one to it.

    The usual article is read here in a third of the time that the model takes. A test holds the two to each other.
    """
    get = fields.get
    strings = article_id, text, html, url, title, source, lang = tuple(map(get, _STRINGS))
    version, retracted, schema_version = get("version", 0), get("retracted", False), get("schema_version", 1)
    usual = (
        _ALIASES.isdisjoint(fields)
        and _STRING_OR_NULL.issuperset(map(type, strings))
        and (text is not None or html is not None)
        and (article_id is None or _is_article_id(article_id))
        and (url is None or _HTTP_URL.fullmatch(url))
        and (type(schema_version) is int and schema_version == 1)
        and (type(version) is int and 0 <= version <= forms.VERSION_MAX)
        and type(retracted) is bool
    )
    if not usual:
        return None
    try:
        published_at, fetched_at = _moment(get("published_at")), _moment(get("fetched_at"))
    except ValueError:
        return None
    return Given(article_id, text, html, url, title, source, lang, published_at, fetched_at, version, retracted)


def _is_article_id(name: str) -> bool:
    return len(name) <= limits.ARTICLE_ID_CHARS_MAX and _ARTICLE_ID.fullmatch(name) is not None


def _moment(given: object) -> datetime | None:
    return None if given is None else forms.moment(given)


def _by_contract(fields: dict[str, Any]) -> tuple[Given, tuple[str, ...]] | Rejection:
    from pydantic import ValidationError

    from muster.schemas.article_v1 import read_article

    try:
        article, warnings = read_article(fields)
    except ValidationError as error:
        return _refusal(error)
    return Given(*(getattr(article, field) for field in Given._fields)), warnings


def _refusal(error: ValidationError) -> Rejection:
    """The first reason in the contract's order of fields; pydantic's own messages may quote the input."""
    errors = error.errors(include_url=False, include_input=False, include_context=False)
    kind, field = next(
        (e["type"], e["loc"][0] if e["loc"] else "") for e in errors if not e["loc"] or e["loc"][0] in forms.REQUIRED
    )
    if kind == "missing_text":
        return _MISSING_TEXT
    if field == "schema_version":
        return Rejection("unknown_schema_version", "this version of Muster reads schema_version 1")
    if field == "article_id" and kind != "string_type":
        return Rejection(
            "bad_article_id", f"article_id is longer than {limits.ARTICLE_ID_CHARS_MAX} or has control characters"
        )
    return Rejection("wrong_type", f"{field} is not a string")


def _article(key: bytes | None, given: Given, read_warnings: tuple[str, ...]) -> Decoded:
    warnings = list(read_warnings)
    text = _text(given, warnings)
    url = _bounded("url", given.url, warnings)
    version, retracted = given.version or 0, bool(given.retracted)
    named = given.article_id if given.article_id and not given.article_id.isspace() else None
    identity = named or (sha256_hex(canonical) if url and (canonical := _canonical(url)) else None)
    if text is None and not identity:
        return Decoded(_MISSING_TEXT, tuple(warnings))
    article_id = identity or sha256_hex(text or "")
    if key and key != article_id.encode():
        return _rejected("key_mismatch", "the record's key is not the article_id", warnings)
    if not text and not (identity and (retracted or version)):
        return Decoded(None, tuple(warnings))
    article = Article(
        article_id=article_id,
        text=text or "",
        title=_cut("title", given.title, warnings),
        url=url,
        source=_bounded("source", given.source, warnings) or _host(url),
        lang=_bounded("lang", given.lang, warnings),
        published_at=given.published_at,
        fetched_at=given.fetched_at,
        version=version,
        retracted=retracted,
    )
    return Decoded(article, tuple(warnings))


def _text(given: Given, warnings: list[str]) -> str | None:
    """The text; "" when it is blank, None when a retraction comes without one."""
    if given.text and not given.text.isspace():
        return given.text
    if given.html is None:
        return None if given.text is None else ""
    from muster.shell.html_text import html_to_text

    text, whole = html_to_text(given.html)
    if not whole:
        warnings.append("html:nested_too_deep")
    return text


def _canonical(url: str) -> str | None:
    """The URL in the form in which equal addresses are equal; None if it has none (a port beyond 65,535)."""
    from w3lib.url import canonicalize_url

    try:
        return canonicalize_url(url)
    except ValueError:
        return None


def _host(url: str | None) -> str | None:
    try:
        host = urlsplit(url).hostname if url else None
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _cut(field: str, text: str | None, warnings: list[str]) -> str | None:
    if not text or text.isspace():
        return None
    if len(text) > limits.FIELD_CHARS_MAX:
        warnings.append(f"{field}:cut")
        return text[: limits.FIELD_CHARS_MAX]
    return text


def _bounded(field: str, text: str | None, warnings: list[str]) -> str | None:
    """A cut title is still a title; a cut URL, domain or language is another one."""
    if not text or text.isspace():
        return None
    if len(text) > limits.FIELD_CHARS_MAX:
        warnings.append(f"{field}:too_long")
        return None
    return text


def _rejected(reason: Reason, detail: str, warnings: Sequence[str] = ()) -> Decoded:
    return Decoded(Rejection(reason, detail), tuple(warnings))
