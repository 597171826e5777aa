"""How columns of running text share the width of a table."""

from __future__ import annotations

import pytest

from rankbound.appendix.document import Code, Column, Math, Reference, Table, Text
from rankbound.appendix.shares import length_of, lines_in, shares_of, widths_of

LONG = (Text("word " * 100),)
SHORT = (Text("word"),)


def table(*cells, wide=(True, True)) -> Table:
    columns = tuple(Column((Text("head"),), wide=one) for one in wide)
    return Table("tab:t", (), columns, cells)


@pytest.mark.parametrize("room", [15.0, 25.0, 40.0])
def test_what_holds_more_gets_more(room):
    first, second = shares_of(table((LONG, SHORT)), room)
    assert first > 0.6
    assert first + second == pytest.approx(1)
    assert shares_of(table((SHORT, LONG)), room) == (second, first)


def test_equal_columns_get_equal_shares():
    assert shares_of(table((LONG, LONG)), 30.0) == (0.5, 0.5)
    assert shares_of(table((SHORT, SHORT)), 30.0) == (0.5, 0.5)


def test_no_word_sticks_out():
    share = shares_of(table((LONG, (Reference("thm:a"), Text(", "), Reference("thm:b")))), 20.0)
    assert share[1] * 20.0 >= 6.5  # "Refutation 14"
    share = shares_of(table((LONG, (Code("norm-conditioned"),))), 30.0)
    assert share[1] * 30.0 >= length_of((Code("norm-conditioned"),))


def test_only_columns_of_running_text_have_shares():
    assert shares_of(table((SHORT, LONG), wide=(False, True)), 20.0) == (1.0,)
    assert shares_of(table((SHORT, SHORT), wide=(False, False)), 20.0) == ()
    three = shares_of(table((LONG, SHORT, LONG, SHORT), wide=(True, False, True, True)), 40.0)
    assert len(three) == 3
    assert three[0] == three[1] > three[2]
    assert sum(three) == pytest.approx(1)


def test_there_is_always_a_way():
    """However little room there is."""
    assert sum(shares_of(table((LONG, LONG)), 1.0)) == pytest.approx(1)
    assert shares_of(table(), 10.0) == (0.5, 0.5)


def test_widths_and_lines():
    wide, narrow = widths_of(table(((Math(r"\frac{a}{b} + c"),), SHORT), (LONG, SHORT)))
    assert wide == pytest.approx(1.2 + length_of(LONG))
    assert narrow == pytest.approx(1.2 + length_of(SHORT))
    assert lines_in([], []) == 1
    assert lines_in([20.0, 5.0], [12.2, 12.2]) == 2
    assert lines_in([20.5, 5.0], [12.2, 12.2]) == 3
