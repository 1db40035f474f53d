"""HTML becomes the text that a reader sees, whole or cut, and never code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.shell.html_text import DEPTH_MAX, html_to_text
from tests.strategies import hostile_text, text

TAGS = [
    "p",
    "div",
    "b",
    "table",
    "tr",
    "td",
    "script",
    "style",
    "nav",
    "ul",
    "li",
    "a",
    "title",
    "select",
    "option",
    "svg",
]
pieces = st.one_of(
    st.sampled_from(TAGS).map(lambda tag: f"<{tag}>"),
    st.sampled_from(TAGS).map(lambda tag: f"</{tag}>"),
    st.sampled_from(
        ["<!--", "-->", "<![CDATA[", "]]>", "<?", "<p a='", "&", "&#", "&#x110000;", "&nbsp;", "<", ">", "'", "\x00"]
    ),
    text(8),
)


@given(st.lists(pieces, max_size=60).map("".join) | hostile_text())
def test_any_html_is_read(html: str) -> None:
    """No HTML raises, and the text is tidy: no space at the ends of lines, no more than one blank line."""
    found, _ = html_to_text(html)
    assert found == found.strip()
    assert "\n\n\n" not in found
    assert all(line == " ".join(line.split()) for line in found.split("\n"))


whole_tags = st.sampled_from(TAGS).flatmap(lambda tag: st.sampled_from([f"<{tag}>", f"</{tag}>"])) | st.just(" word ")


@given(st.lists(whole_tags, max_size=30).map("".join), st.sampled_from(["script", "style"]))
def test_code_never_shows(html: str, tag: str) -> None:
    """What stands within a script or a style is no text, whatever tags are open, closed or forgotten before it."""
    found, _ = html_to_text(f"{html}<{tag}>SECRET</{tag}>")
    assert "SECRET" not in found


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("plain", "plain"),
        ("<p>1,<b>650</b>&nbsp;soldiers &amp; officers</p>", "1,650 soldiers & officers"),
        ("<p>One</p>\n  <p>two<br>three</p>", "One\n\ntwo\nthree"),
        ("<ul><li>One<li>two</ul>three", "One\ntwo\n\nthree"),
        ("One<br><br>two<br/>three", "One\n\ntwo\nthree"),
        ("<table><tr><td>Juárez</td><td>1,650</td></tr></table>", "Juárez 1,650"),
        ("<head><title>T</title><meta charset='latin-1'></head><body>Ju&aacute;rez é", "Juárez é"),
        ("<script>5 soldiers</script>a<style>b</style><noscript>c</noscript><!-- d --><template>e</template>", "a"),
        ("<nav>More: 5,000 troops elsewhere</nav><p>a</p><footer>b</footer>", "a"),
        ("<p>unclosed <i>tags", "unclosed tags"),
        ("a &lt;b&gt; c", "a <b> c"),
        ("", ""),
    ],
)
def test_text_is_what_a_reader_sees(html: str, expected: str) -> None:
    """Paragraphs, lines, cells, entities and what is not shown."""
    assert html_to_text(html) == (expected, True)


@pytest.mark.parametrize("tag", ["div", "b", "ul><li"])
def test_deep_nesting_ends_the_text(tag: str) -> None:
    """What stands before the depth is kept, what stands within is left, and that is said."""
    found, whole = html_to_text("<p>1,650 guards</p>" + f"<{tag}>" * 10_000 + "deep")
    assert found.startswith("1,650 guards")
    assert "deep" not in found
    assert not whole


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * (DEPTH_MAX - 10) + "</p>" * 100_000,
        "<a " + " ".join(f"a{n}=1" for n in range(80_000)) + ">x",
        "<!--" * 200_000,
        "<" * 500_000,
        "&" * 500_000,
        "<p " * 200_000,
        "<div>" * 190_000 + "</span>" * 10_000,
    ],
    ids=["end_tags", "attributes", "comments", "brackets", "ampersands", "unclosed", "depth"],
)
def test_shapes_that_blow_up_other_readers_come_back(html: str) -> None:
    """Each of these takes some parser quadratic time or its stack; here it takes none of the test's patience."""
    html_to_text(html)
