"""The stated integrals, as written, against quadrature over other variables and closed forms, at 30 digits."""

from __future__ import annotations

from itertools import pairwise

import mpmath
import pytest
import sympy as sp

import proofs
from proofs.language import Integral
from proofs.model import d, n
from proofs.theorems.alignment_integral import r
from proofs.theorems.chance_grows_with_length import s

PARTS = [part.conclusion for part in proofs.theorem("alignment-integral").statement.parts]
BY_SCORE, MEAN, MAXIMUM, BY_COSINE, BY_MAXIMUM = PARTS
SIZES = [(1, 3, "2"), (2, 3, "1/2"), (5, 4, "2"), (16, 7, "3"), (64, 16, "9/2"), (512, 64, "8")]
DIGITS = 30


@pytest.fixture(autouse=True)
def digits():
    with mpmath.workdps(DIGITS + 8):
        yield


def phi(at):
    return mpmath.npdf(at)


def big_phi(at):
    return mpmath.erfc(-at / mpmath.sqrt(2)) / 2


HEADS = {"NormalTail": lambda at: mpmath.erfc(at / mpmath.sqrt(2)) / 2}


def valued(integral, **values):
    """Integrate as written on two grids; infinity is 14 standard deviations away, which leaves a tail of 1e-44."""
    at = {symbol: sp.Rational(values[symbol.name]) for symbol in integral.free_symbols}
    function, variable, *ends = integral.xreplace(at).args
    value = sp.lambdify(variable, function, [HEADS, "mpmath"])
    low, high = (mpmath.mpf(end.p) / end.q for end in ends or (sp.Integer(-14), sp.Integer(14)))
    coarse, fine = (
        mpmath.quad(value, [low + (high - low) * part / pieces for part in range(pieces + 1)]) for pieces in (8, 12)
    )
    assert agree(coarse, fine)
    return fine


def agree(first, second):
    return mpmath.almosteq(first, second, mpmath.mpf(10) ** -DIGITS)


def chance(n_keys, head_dim, length):
    """By the angle with the query: a uniform direction has it with density proportional to sin^(d - 2)."""
    length = mpmath.mpf(sp.Rational(length).p) / sp.Rational(length).q
    angles = [mpmath.pi * part / 12 for part in range(13)]

    def weight(angle):
        return mpmath.sin(angle) ** (head_dim - 2)

    wins = mpmath.quad(lambda angle: big_phi(length * mpmath.cos(angle)) ** (n_keys - 1) * weight(angle), angles)
    return wins / mpmath.quad(weight, angles)


@pytest.mark.parametrize("n_keys", [1, 2, 7, 64, 1000])
def test_the_integral_over_scores_is_one_over_n(n_keys):
    assert agree(valued(BY_SCORE.rhs, n=n_keys), mpmath.mpf(1) / n_keys)
    assert MEAN.rhs.xreplace({n: sp.Integer(n_keys)}) == sp.Rational(1, n_keys)


@pytest.mark.parametrize(
    ("n_keys", "mean"),
    [(1, lambda: 0), (2, lambda: 1 / mpmath.sqrt(mpmath.pi)), (3, lambda: 3 / (2 * mpmath.sqrt(mpmath.pi)))],
)
def test_the_density_of_the_maximum(n_keys, mean):
    _, density, x = MAXIMUM.args
    assert agree(valued(Integral(density, x), n=n_keys), 1)
    assert abs(valued(Integral(x * density, x), n=n_keys) - mean()) < mpmath.mpf(10) ** -DIGITS


@pytest.mark.parametrize(("n_keys", "head_dim", "length"), SIZES)
def test_the_integral_over_the_cosine(n_keys, head_dim, length):
    stated = valued(BY_COSINE.rhs, n=n_keys, d=head_dim, r=length)
    assert agree(stated, chance(n_keys, head_dim, length))


@pytest.mark.parametrize(("n_keys", "head_dim", "length"), SIZES)
def test_the_integral_over_the_maximum(n_keys, head_dim, length):
    stated = valued(BY_MAXIMUM.rhs, n=n_keys, d=head_dim, r=length)
    assert agree(stated, n_keys * chance(n_keys, head_dim, length))


@pytest.mark.parametrize(("n_keys", "head_dim"), [(2, 3), (9, 3), (64, 5)])
def test_the_chance_grows_with_the_length(n_keys, head_dim):
    statement = proofs.theorem("chance-grows-with-length").statement
    assert statement.conclusion.lhs.xreplace({r: s}) == statement.conclusion.rhs
    assert {r, s, n, d} == set(statement.free_symbols)
    found = [chance(n_keys, head_dim, length) for length in ("0", "1/10", "1", "2", "5", "20")]
    assert agree(found[0], mpmath.mpf(2) ** (1 - n_keys))
    for shorter, longer in pairwise(found):
        assert shorter < longer or n_keys == 2
    if n_keys == 2:  # the scores are symmetric
        assert agree(found[-1], mpmath.mpf(1) / 2)
