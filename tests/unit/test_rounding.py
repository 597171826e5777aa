"""Numbers in sentences are rounded so that the sentence stays true."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankbound.rounding import ceiling_text, floor_text

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
