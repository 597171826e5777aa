"""Numbers in sentences are rounded so that the sentence stays true."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankbound.rounding import ceiling_share, ceiling_text, floor_share, floor_text

values = st.floats(min_value=-1e30, max_value=1e30, allow_nan=False, allow_subnormal=False)


@given(values, st.integers(1, 17))
def test_the_text_lies_on_the_right_side_and_close(value, digits):
    low, high = Fraction(floor_text(value, digits)), Fraction(ceiling_text(value, digits))
    assert low <= Fraction(value) <= high
    assert high - low <= abs(Fraction(value)) * Fraction(10) ** (1 - digits)


@pytest.mark.parametrize(
    ("value", "digits", "low", "high"),
    [
        (0.0, 3, "0", "0"),
        (0.36787944, 3, "0.367", "0.368"),
        (262.8199243, 6, "262.819", "262.82"),
        (1000.0, 3, "1000", "1000"),
        (7.66e-20, 2, "7.6e-20", "7.7e-20"),
        (-2.5, 1, "-3", "-2"),
    ],
)
def test_examples(value, digits, low, high):
    assert (floor_text(value, digits), ceiling_text(value, digits)) == (low, high)


@given(st.floats(1e-6, 1e18), st.integers(1, 10**18))
def test_a_share_lies_on_the_right_side_and_close(value, whole):
    low, high = Fraction(floor_share(value, whole)), Fraction(ceiling_share(value, whole))
    share = Fraction(value) / whole
    assert low <= share <= high
    assert high - low <= (Fraction(1, 10**4) if share >= Fraction(1, 1000) else share / 100)


def test_the_division_itself_is_directed():
    assert floor_share(1.0, 3) == "0.3333"
    assert ceiling_share(1.0, 3) == "0.3334"
    assert floor_share(1.0, 8) == ceiling_share(1.0, 8) == "0.1250"
    assert (floor_share(2.0, 3 * 10**6), ceiling_share(2.0, 3 * 10**6)) == ("6.66e-7", "6.67e-7")
