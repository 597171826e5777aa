"""The barrier: exact enumeration, and T3 by another route than the code's."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import mpmath
import pytest

from rankbound.bounds import barrier, barrier_margins, exact_barrier, limiting_line
from rankbound.verdict import Rigour


@pytest.mark.parametrize(("n", "m"), [(n, m) for n in range(1, 6) for m in range(1, 6)])
def test_barrier_by_enumeration(n, m):
    """The mean number of distinct cells over all n^m ways to throw m balls."""
    mean = Fraction(sum(len(set(cells)) for cells in itertools.product(range(n), repeat=m)), n**m)
    assert exact_barrier(n, n_queries=m) == mean
    enclosure = barrier(n, n_queries=m)
    assert Fraction(enclosure.lower) <= mean <= Fraction(enclosure.upper)
    assert enclosure.upper <= math.nextafter(enclosure.lower, math.inf)
    assert enclosure.rigour is Rigour.EXACT


def reference_barrier(n, m):
    """Return the barrier through the plain power, at a precision that absorbs the cancellation."""
    with mpmath.workdps(40 + 3 * len(str(n)) + len(str(m))):
        return n * (1 - (1 - mpmath.mpf(1) / n) ** m)


SIZES = [(7692, 7692), (7693, 7693), (10**6, 10**6), (10**9, 3), (3, 10**9), (10**18, 10**18), (10**18, 1), (1, 10**18)]


@pytest.mark.parametrize(("n", "m"), SIZES)
def test_the_ball_agrees_with_the_plain_power(n, m):
    enclosure = barrier(n, n_queries=m)
    with mpmath.workdps(80):
        value = reference_barrier(n, m)
        error = value * mpmath.mpf(10) ** -35
        assert enclosure.lower - error <= value <= enclosure.upper + error
    assert enclosure.width <= 1e-15 * enclosure.upper


@pytest.mark.parametrize("n", [1, 2, 3, 10, 100, 512, 10**5, 10**9, 10**15, 10**18])
def test_margins_of_t3(n):
    above, below = barrier_margins(n)
    with mpmath.workdps(120):
        excess = reference_barrier(n, n) - (1 - mpmath.exp(-1)) * n
        half, one = excess - mpmath.exp(-1) / 2, mpmath.exp(-1) - excess
        assert above.lower <= half <= above.upper
        assert n == 1 or below.lower <= one <= below.upper
        assert half > 0
        # The series of the barrier gives the size, with an error that its next term bounds.
        assert abs(half * n * mpmath.e - mpmath.mpf(5) / 24) <= mpmath.mpf(3) / 10 / n
    assert above.lower > 0
    assert above.width <= 1e-12 * above.upper
    assert below.width <= 1e-12 * below.upper
    assert (below.lower == below.upper == 0) if n == 1 else below.lower > 0


@pytest.mark.parametrize("n", [1, 512, 10**9, 10**18])
@pytest.mark.parametrize("constant", [Fraction(0), Fraction(1, 2), Fraction(1)])
def test_limiting_line(n, constant):
    line = limiting_line(n, constant=constant)
    with mpmath.workdps(60):
        value = (1 - mpmath.exp(-1)) * n + mpmath.mpf(constant.numerator) / constant.denominator * mpmath.exp(-1)
        assert line.lower <= value <= line.upper
    assert line.width <= 1e-15 * line.upper


def test_the_literal_line_is_exceeded_and_the_corrected_one_is_not():
    for n in (1, 2, 512, 4096):
        assert barrier(n).lower > limiting_line(n, constant=Fraction(1, 2)).upper
        assert barrier(n).upper <= limiting_line(n, constant=Fraction(1)).upper
