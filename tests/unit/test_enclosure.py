"""The interval type, and the outward rounding that produces it."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from rankbound.bounds.balls import enclose, enclose_fraction, float_above, float_below, from_fraction, working_precision
from rankbound.enclosure import Enclosure
from rankbound.verdict import Rigour


@pytest.mark.parametrize(("lower", "upper"), [(2.0, 1.0), (math.nan, 1.0), (1.0, math.nan), (math.inf, -math.inf)])
def test_an_inverted_or_nan_interval_cannot_be_made(lower, upper):
    with pytest.raises(ValueError, match="lower <= upper"):
        Enclosure(lower, upper, Rigour.ENCLOSED, "test")


@pytest.mark.parametrize("rigour", [Rigour.CONFIDENCE, Rigour.FLOAT])
def test_a_lower_rung_is_refused(rigour):
    with pytest.raises(ValueError, match="rung"):
        Enclosure(0.0, 1.0, rigour, "test")


def test_containment_and_width():
    interval = Enclosure(0.1, 0.3, Rigour.ENCLOSED, "test")
    assert 0.1 in interval
    assert 0.3 in interval
    assert 0.3000001 not in interval
    assert math.nan not in interval
    assert Fraction(interval.width) >= Fraction(0.3) - Fraction(0.1)
    assert interval.width <= 0.2000001
    assert Enclosure(1.0, 1.0, Rigour.EXACT, "test").width == 0
    assert Enclosure(1.0, math.inf, Rigour.ENCLOSED, "test").width == math.inf


@given(st.fractions(min_value=-(10**30), max_value=10**30))
def test_a_rational_lies_between_neighbouring_floats(value):
    interval = enclose_fraction(value, "test")
    assert Fraction(interval.lower) <= value <= Fraction(interval.upper)
    assert interval.upper <= math.nextafter(interval.lower, math.inf)
    assert (interval.lower == interval.upper) == (Fraction(float(value)) == value)
    assert interval.rigour is Rigour.EXACT


@given(st.fractions(), st.integers(min_value=2, max_value=300))
def test_a_ball_is_rounded_outward_whatever_the_precision(value, bits):
    with working_precision(bits):
        interval = enclose(from_fraction(value), Rigour.ENCLOSED, "test")
    assert Fraction(interval.lower) <= value <= Fraction(interval.upper)
    allowed = abs(float(value)) * (2.0 ** (2 - bits) + 2.0**-50) + 1e-300
    assert interval.width <= allowed


def test_an_unknown_ball_has_infinite_ends():
    unknown = arb("nan")
    assert float_above(unknown) == math.inf
    assert float_below(unknown) == -math.inf
    assert enclose(arb(1) / arb(0), Rigour.ENCLOSED, "test").width == math.inf


def test_the_precision_of_the_caller_is_restored_even_after_an_error():
    import flint

    before = flint.ctx.prec

    def fail():
        with working_precision(before + 100):
            assert flint.ctx.prec == before + 100
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert flint.ctx.prec == before
