"""Digests of the rows that totals are made of."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from muster.shell.roles.rows_digest import RowsDigests, code_digest

PUTS = st.lists(st.tuples(st.sampled_from([b"a", b"b", b"c"]), st.binary(max_size=4)), max_size=12)


def digest(puts):
    rows, digests = {}, RowsDigests()
    for key, row in puts:
        digests.replace("city:1", key, rows.get(key), row)
        rows[key] = row
    return rows, digests.header("city:1")


@given(PUTS, PUTS)
def test_digests_are_equal_where_the_rows_are(some, others):
    """However rows came about, in whatever order: the same rows have the same digest, others another one."""
    (rows, one), (other_rows, other) = digest(some), digest(others)
    assert (one == other) == (rows == other_rows)
    assert digest(sorted(rows.items())) == (rows, one)


def test_a_row_under_another_key_is_another_row():
    """Two rows that change places are not the same."""
    assert digest([(b"a", b"1"), (b"b", b"2")])[1] != digest([(b"a", b"2"), (b"b", b"1")])[1]


def test_code_has_a_digest():
    """Sixteen hex digits, the same at each question."""
    assert code_digest() == code_digest()
    assert len(code_digest()) == 16
    int(code_digest(), 16)
