"""HTML -> text, for articles that come as HTML.

lxml's event parser is used without a tree: it repairs tags like a browser, its time is linear in the length (many
attributes, many open tags and unclosed comments included) and what it reports can be cut where it nests too deep.
This is not a boilerplate remover: what a page shows is text, its navigation apart.
"""

from __future__ import annotations

import re

from lxml import etree

DEPTH_MAX = 512
"""Open elements at which reading stops. libxml2 looks through all of them at every end tag that closes none."""

FEED_BYTES = 4_096
"""Between two feeds the depth is looked at: so many bytes can open a thousand elements more."""

# fmt: off
UNSHOWN = frozenset((
    "head", "title", "script", "style", "noscript", "template", "iframe", "object", "canvas", "svg", "math", "audio",
    "video", "select", "textarea", "button", "nav", "aside", "footer",
))
# fmt: on
"""Elements whose content no reader takes for the article: code, fallbacks, controls and navigation."""

# fmt: off
PARAGRAPHS = frozenset((
    "address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "main", "ol", "p", "pre",
    "section", "table", "ul",
))
# fmt: on
LINES = frozenset(("caption", "li", "option", "summary", "tr"))
CELLS = frozenset(("td", "th"))

_WHITESPACE = re.compile(r"[\s\u00a0]+")


def html_to_text(html: str) -> tuple[str, bool]:
    """The text that a reader of the page sees, and whether that is all of it.

    Paragraphs are apart by a blank line, lines by a break; whitespace runs, no-break spaces included, are one space.
    The text ends where more than 512 elements are open (False). Never raises, whatever the string.
    """
    page = _Page()
    # A declared encoding in the page speaks of the bytes that the scraper has decoded already.
    parser = etree.HTMLParser(target=page, encoding="utf-8", no_network=True)
    encoded = html.encode("utf-8", "replace")
    for start in range(0, len(encoded), FEED_BYTES):
        parser.feed(encoded[start : start + FEED_BYTES])
        if page.depth > DEPTH_MAX:
            return page.text(), False
    if encoded:
        parser.close()
    return page.text(), True


class _Page:
    """Target of the parser: what it is told of is balanced, every start has its end."""

    def __init__(self) -> None:
        self.depth = 0
        self._unshown_from: int | None = None
        self._pieces: list[str] = []
        self._breaks = 0  # line breaks due before the next word; two of them part paragraphs

    def start(self, tag: str, attributes: object) -> None:
        del attributes
        self.depth += 1
        if self._unshown_from is None and tag in UNSHOWN:
            self._unshown_from = self.depth
        if tag == "br":
            self._breaks = min(2, self._breaks + 1)
        self._part(tag)

    def end(self, tag: str) -> None:
        self._part(tag)
        if self._unshown_from == self.depth:
            self._unshown_from = None
        self.depth -= 1

    def _part(self, tag: str) -> None:
        if tag in PARAGRAPHS:
            self._breaks = 2
        elif tag in LINES:
            self._breaks = max(1, self._breaks)
        elif tag in CELLS:
            self._pieces.append(" ")

    def data(self, text: str) -> None:
        if self._unshown_from is not None:
            return
        if self._breaks and not text.isspace():
            self._pieces.append("\n" * self._breaks)
            self._breaks = 0
        self._pieces.append(_WHITESPACE.sub(" ", text))

    def comment(self, text: str) -> None:
        """Not shown."""

    def close(self) -> None:
        """The parser's end; `text` has the result."""

    def text(self) -> str:
        lines = "".join(self._pieces).split("\n")
        return "\n".join(" ".join(line.split()) for line in lines).strip()
