"""The registrable domain tells publishers apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.shell.publishers import registrable_domain


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("news.example.co.uk", "example.co.uk"),
        ("www.example.com.mx", "example.com.mx"),
        ("news.example", "news.example"),
        ("xn--mnchen-3ya.example", "m\u00fcnchen.example"),
        ("www.m\u00fcnchen.example", "m\u00fcnchen.example"),
        ("com", None),
        ("127.0.0.1", None),
        ("::1", None),
        ("", None),
    ],
)
def test_sub_domains_and_spellings_are_one_publisher(host, domain):
    """What stands before the registrable domain does not matter, nor does punycode."""
    assert registrable_domain(host) == domain


@given(st.text(max_size=80))
def test_any_host_has_an_answer(host):
    """Never raises, whatever a scraper calls a source."""
    assert registrable_domain(host) is None or isinstance(registrable_domain(host), str)
