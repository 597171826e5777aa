"""Which cases a theorem has: the sizes and models in which its statement is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import flint
import sympy as sp

from proofs.cases import bottleneck
from proofs.cases.arc import Arc
from proofs.cases.bases import Bases
from proofs.cases.evaluation import evaluate
from proofs.cases.exponent import balanced_level, exponent
from proofs.cases.hull import Hull
from proofs.cases.latents import Latents
from proofs.cases.laws import Laws
from proofs.cases.line import line, two_keys
from proofs.cases.picks import Picks, independent_picks, uniform
from proofs.cases.reading import compared, read
from proofs.cases.record import SmallCase
from proofs.cases.softmax import Softmax
from proofs.cases.tied import TiedPair, TiedWeights
from proofs.cases.triangle import Triangle
from proofs.cases.weights import Weights, matrix
from proofs.cases.windows import Windows
from proofs.language import All, LimitOf
from proofs.model import c, d, m, n
from proofs.records import Theorem

Cases = Iterator[SmallCase]
_HALVES = [Fraction(value, 2) for value in range(14)]
_HALF, _QUARTER = Fraction(1, 2), Fraction(1, 4)
_PRECISION = 128


def cases_of(theorem: Theorem, enough: Callable[[SmallCase], bool] = lambda case: False) -> tuple[SmallCase, ...]:
    """Return the cases of a theorem with the id of one that has some, up to the first that is ``enough``."""
    found = []
    with flint.ctx.workprec(_PRECISION):
        for case in _MAKERS[theorem.id](theorem) if theorem.id in _MAKERS else ():
            found.append(case)
            if enough(case):
                break
    return tuple(found)


def _sizes(most: int, patterns: int) -> list[tuple[int, int]]:
    """Return the pairs of a number of keys and one of queries, both up to ``most``, with few enough patterns."""
    numbers = range(1, most + 1)
    return [(keys, queries) for keys in numbers for queries in numbers if keys**queries <= patterns]


@cache
def _uniform(keys: int, queries: int) -> Picks:
    law = independent_picks(uniform(keys), queries)
    return Picks(keys, queries, (law,), "independent uniform picks", in_the_limit=True)


@cache
def _uneven(keys: int, queries: int) -> Picks:
    """Three configurations of the keys: chances that grow like powers, and a key that is always picked."""
    rows = [[Fraction(key + 1) ** power for key in range(keys)] for power in (1, 3)]
    rows.append([Fraction(int(key == 0)) for key in range(keys)])
    weights = (Fraction(1, 2), Fraction(1, 3), Fraction(1, 6))
    laws = tuple(
        independent_picks(tuple(entry / sum(row) for entry in row), queries, weight)
        for row, weight in zip(rows, weights, strict=True)
    )
    words = "independent picks with chances in proportion to 1, 2, 3, ..., to their cubes, or to 1, 0, 0, ..."
    return Picks(keys, queries, laws, words)


def _patterns(theorem: Theorem) -> Cases:
    """Yield cases of all patterns of picks, one by one."""
    for keys, queries in _sizes(4, 256):
        yield from read(theorem, _uniform(keys, queries), {"j": range(keys), "l": range(keys)})


def _picks(most: int, patterns: int, uneven: int) -> Callable[[Theorem], Cases]:
    """Return what yields uniform picks at sizes with few enough patterns, uneven ones where there are fewer."""

    def make(theorem: Theorem) -> Cases:
        for keys, queries in _sizes(most, patterns):
            ranges = {
                "j": range(keys),
                "k": range(keys + 1),
                "x": _HALVES[: 2 * keys + 2],
                "t": _HALVES[:5],
                "v": [_QUARTER, Fraction(1), Fraction(3)],
            }
            yield from read(theorem, _uniform(keys, queries), {**ranges, "theta": (0,)})
            if keys > 1 and queries > 1 and keys**queries <= uneven:
                yield from read(theorem, _uneven(keys, queries), {**ranges, "theta": (0, _HALF, 1)})

    return make


def _gaussian(theorem: Theorem) -> Cases:
    """Yield cases on a line, of two keys, and of three keys in the plane and in space."""
    for keys, queries in _sizes(4, 256):
        yield from read(theorem, line(keys, queries))
    for keys, queries in ((2, 4), (3, 3)):  # with fewer queries, or at a = 1/2, the sides are equal
        windows = {"a": (_QUARTER, 3 * _QUARTER), "r": (0, _HALF), "t": (1, 3)}
        yield from read(theorem, line(keys, queries), windows, ranged_only=True)
    for queries, head_dim in ((1, 2), (2, 3), (3, 16), (5, 64)):
        yield from read(theorem, two_keys(queries, head_dim))
    for queries, head_dim in ((2, 2), (3, 2), (3, 3)):
        yield from read(theorem, Triangle(queries, head_dim))
    yield from read(theorem, Triangle(3, 2, both_by_angle=True))


def _narrow(theorem: Theorem) -> Cases:
    """Yield Gaussian cases on a line and of two keys."""
    for keys, queries in _sizes(5, 700):
        if keys > 1:
            yield from read(theorem, line(keys, queries), {"j": range(keys)})
    for queries, head_dim in ((1, 2), (2, 3), (3, 16), (5, 64)):
        yield from read(theorem, two_keys(queries, head_dim), {"j": range(2)})


def _planar(theorem: Theorem) -> Cases:
    for keys, queries in ((2, 2), (2, 5), (3, 2), (3, 3), (3, 5)):
        yield from read(theorem, Arc(keys, queries))


def _hulls(theorem: Theorem) -> Cases:
    """Yield simplices, keys on a line, and four keys in the plane."""
    for keys, head_dim in ((2, 1), (5, 1), (3, 2), (4, 2), (4, 3), (6, 5)):
        halves = [half for half in (1, 2) if keys <= 4]
        yield from read(theorem, Hull(keys, head_dim), {"r": halves})
    for keys, queries in ((2, 3), (4, 4)):
        yield from read(theorem, Hull(keys, 1, line(keys, queries)))
    yield from read(theorem, Hull(3, 2, Triangle(3, 2)))


def _bases(theorem: Theorem) -> Cases:
    for number, head_dim in ((2, 1), (2, 2), (4, 2), (2, 3), (3, 3), (5, 3)):
        model = Bases(number, head_dim)
        yield from read(theorem, model, model.ranges)


def _square(theorem: Theorem) -> Cases:
    """Yield Gaussian cases with as many queries as keys."""
    for size in range(1, 6):
        yield from read(theorem, line(size, size))
    yield from read(theorem, two_keys(2, 8))
    for head_dim in (2, 3):
        yield from read(theorem, Triangle(3, head_dim))


def _limit(theorem: Theorem) -> Cases:
    """Yield cases of the law to which the picks tend, which two keys have at every head dimension."""
    for keys, queries in _sizes(6, 1300):
        yield from read(theorem, _uniform(keys, queries), {"k": range(keys + 1)})
    for queries in (1, 2, 3, 5):
        yield from read(theorem, two_keys(queries, 64), {"k": range(3)})


def _causal(theorem: Theorem) -> Cases:
    """Yield cases of up to five queries that each see all keys up to their own place."""
    for keys in range(1, 6):
        yield from read(
            theorem,
            Windows(keys, keys),
            {**dict.fromkeys("jl", range(keys)), "k": range(keys + 2), "q": range(1, keys + 1)},
        )


def _windows(theorem: Theorem) -> Cases:
    """Yield cases of windows that may be longer than half the keys, or than all."""
    for keys, seen in ((1, 1), (3, 1), (2, 2), (3, 2), (6, 2), (3, 3), (4, 3), (5, 3), (6, 3), (2, 4)):
        yield from read(theorem, Windows(keys, seen), dict.fromkeys("jl", range(keys)))


def _temperature(theorem: Theorem) -> Cases:
    """Yield cases of rows near hardmax, far from it, and whose largest entry is not where the pick is."""
    for picks, keys in (((0,), 2), ((0, 0), 2), ((0, 1, 0), 2), ((2, 0), 3), ((1, 1, 2, 0), 3), ((0, 1, 2), 4)):
        for lack in (Fraction(1, 500), Fraction(1, 20), Fraction(2, 3)):
            rows = [tuple(1 - lack if key == pick else lack / (keys - 1) for key in range(keys)) for pick in picks]
            rows[0] = tuple(
                1 - lack if key == picks[0] else lack * (key == (picks[0] + 1) % keys) for key in range(keys)
            )
            yield from read(theorem, Softmax(picks, tuple(rows)), {"i": range(len(picks)), "q": range(1, keys + 1)})


def _lengths(theorem: Theorem) -> Cases:
    """Yield cases of 1 to 60 keys."""
    for keys in range(1, 61):
        yield from read(theorem, Laws({n: Fraction(keys)}))


def _numbers(**ranges: Any) -> Callable[[Theorem], Cases]:
    """Return what yields a statement about numbers at values of its variables."""
    return lambda theorem: read(theorem, Laws({}), ranges)


def _balance(theorem: Theorem) -> Cases:
    """Yield cases at levels found by bisection."""
    for distance in (Fraction(1, 100), _QUARTER, Fraction(1), Fraction(4), Fraction(10)):
        level = balanced_level(distance)
        yield from read(theorem, Laws({}, "levels by bisection"), {"s": (distance,), "y": (level, 2 * distance + 1)})


def _tangent(theorem: Theorem) -> Cases:
    for queries in range(1, 6):
        quarters = [Fraction(value, 4) for value in range(5)]
        yield from read(theorem, Laws({m: Fraction(queries)}), dict.fromkeys("abfpqx", quarters))


def _maximum(theorem: Theorem) -> Cases:
    for keys in (1, 2, 10, 1000):
        yield from read(theorem, Laws({n: Fraction(keys)}), {"b": (1, 2, 3), "a": (_HALF, 1, 2), "eta": (_QUARTER, 1)})


def _truncation(theorem: Theorem) -> Cases:
    for keys, queries in _sizes(5, 256):
        if keys == 1:  # both sides are 1
            continue
        model = Laws(dict(line(keys, queries).sizes), "on a line", line(keys, queries))
        yield from read(theorem, model, {"x": (0, _HALF, 1, 4, 9)})


def _alignment(theorem: Theorem) -> Cases:
    for keys, head_dim in ((3, 3), (4, 5)):
        sizes = {n: Fraction(keys), d: Fraction(head_dim)}
        yield from read(theorem, Laws(sizes), {"r": (_HALF, 2), "s": (Fraction(51, 100), 1, 3)})
    for keys in range(1, 6):
        yield from read(theorem, line(keys, 1))


def _signs() -> Weights:
    """Return weights that are fair signs in place of normal ones."""
    fifth = Fraction(1, 5)
    tokens = matrix([[4 * fifth, 3 * fifth], [3 * fifth, -4 * fifth]])
    words = "tokens (4, 3)/5 and (3, -4)/5, head_dim 2, weights that are fair signs"
    return Weights(tokens, {Fraction(1): _HALF, Fraction(-1): _HALF}, 2, words)


def _ideal(theorem: Theorem) -> Cases:
    """Yield what is said of moments."""
    yield from read(theorem, _signs(), _signs().ranges)


def _latents(theorem: Theorem) -> Cases:
    """Yield what is said of moments, and scores with one coordinate and with two."""
    for query_up, key_up in (([[1], [2]], [[3], [-1]]), ([[1, -2], [0, 3]], [[2, 1], [5, -4]])):
        model = Latents(_signs(), matrix(query_up), matrix(key_up))
        yield from read(theorem, model, model.down.ranges)


def _antipodal(theorem: Theorem) -> Cases:
    """Yield cases of tokens x and -x, picks by enumeration of weights that are not even normal."""
    entries = {Fraction(3): Fraction(1, 3), Fraction(-1, 7): Fraction(2, 3)}
    for head_dim, tokens in ((1, [[3, 1], [-3, -1]]), (2, [[1], [-1]]), (3, [[2], [-2]])):
        words = f"tokens {tokens}, head_dim {head_dim}, weights 3 or -1/7"
        picks = Weights(matrix(tokens), entries, head_dim, words).picks()
        yield from read(theorem, picks, {"w": (2, 3)})


def _tied(theorem: Theorem) -> Cases:
    """Yield what is said of moments, where query i is key i."""
    signs = _signs()
    for tokens in (signs.tokens, matrix([[1, 0], [0, 1]])):
        model = TiedWeights(tokens, signs.entry, 2, "W_q = W_k of fair signs, head_dim 2")
        yield from read(theorem, model, model.ranges)


def _tied_pair(theorem: Theorem) -> Cases:
    yield from read(theorem, TiedPair(), {"d": (1, 3, 4, 5, 8), "w": (2, 3)})


def _cross(theorem: Theorem) -> Cases:
    """Yield picks at small sizes, and numbers at larger ones."""
    yield from _picks(4, 256, 100)(theorem)
    for keys, queries in ((1, 1), (1, 7), (2, 1), (2, 40), (10, 3), (30, 30), (7, 50), (60, 6)):
        yield from read(theorem, Laws({n: Fraction(keys), m: Fraction(queries)}))


def _exponent(theorem: Theorem) -> Cases:
    """Yield the exponent at a few ``c``, from the level at which the two tail exponents agree."""
    parts = theorem.statement.parts if isinstance(theorem.statement, All) else (theorem.statement,)
    for value in (_HALF, Fraction(1), Fraction(2), Fraction(5), Fraction(50)):
        words = f"c = {value}: the exponent at which the two tails of truncation agree, by bisection"
        for number, part in enumerate(parts, 1):
            stated = [side for side in part.conclusion.args if not isinstance(side, LimitOf)]
            if len(stated) == 1 and not stated[0].has(LimitOf):
                states = str(stated[0].xreplace({c: sp.Rational(value.numerator, value.denominator)}))
                number_stated = evaluate(stated[0], {c: value}, Laws({}).head)
                yield compared(theorem.id, number, words, states, exponent(value), number_stated)
        yield from read(theorem, Laws({c: value}))
    for size in (2, 3, 5):  # log(5) / 2 < 1: the head dimension is 1
        yield from read(theorem, Laws({c: _HALF, n: Fraction(size)}, "on a line", line(size, size)))


def _aligned(theorem: Theorem) -> Cases:
    for keys, queries in ((2, 1), (3, 3), (5, 4)):
        model = Laws(dict(line(keys, queries).sizes), "on a line", line(keys, queries))
        yield from read(theorem, model, {"r": (_HALF, 1, 2), "u": (_QUARTER, Fraction(9, 10))})
    for queries, head_dim in ((2, 2), (3, 3)):
        triangle = Triangle(queries, head_dim)
        yield from read(theorem, Laws(triangle.sizes, "a triangle", triangle), {"r": (_HALF, 1, 2), "u": (_QUARTER,)})


def _window(theorem: Theorem) -> Cases:
    for freedom in (1, 4):
        ranges = {"k": (freedom,), "r": (freedom, freedom + 1), "h": (5, 8), "s": (_HALF, 1, 3), "z": (_HALF, 2)}
        yield from read(theorem, Laws({}), {**ranges, "y": (Fraction(-4), Fraction(1), Fraction(40))})


_MAKERS: dict[str, Callable[[Theorem], Cases]] = {
    "ideal-setting": _ideal,
    "rank-is-occupancy": _patterns,
    "barrier": _picks(6, 6**6, 3200),
    "occupancy-dominance": _picks(5, 3200, 1100),
    "barrier-constants": _lengths,
    "barrier-series": _lengths,
    "occupancy-moments": _picks(6, 1300, 0),
    "rank-deviation": _picks(5, 3200, 260),
    "wide-head-limit": _limit,
    "masked-rank-is-occupancy": _windows,
    "causal-occupancy": _causal,
    "causal-variance": _causal,
    "causal-law": _causal,
    "causal-rank": _causal,
    "window-occupancy": _windows,
    "window-rank": _windows,
    "temperature-certificate": _temperature,
    "latent-setting": _latents,
    "mla-barrier": _picks(5, 1300, 260),
    "cross-attention": _cross,
    "antipodal-tokens-exceed": _antipodal,
    "tied-setting": _tied,
    "normal-against-chi-square": _numbers(d=(1, 3, 4, 5, 8)),
    "tied-weights-exceed": _tied_pair,
    "norm-conditioned-barrier": _gaussian,
    "alignment-integral": _alignment,
    "chance-grows-with-length": _alignment,
    "occupancy-tangent": _tangent,
    "occupancy-from-below": _tangent,
    "aligned-lower-bound": _aligned,
    "one-dimensional-rank": _narrow,
    "planar-rank": _planar,
    "gaussian-facets": _hulls,
    "attainable-rank": _hulls,
    "compression": _bases,
    "agreement-bound": _picks(4, 64, 27),
    "second-moment-bound": _gaussian,
    "truncation-bound": _truncation,
    "chernoff-rate": _numbers(v=(_QUARTER, 1, Fraction(9, 8), 2, 10)),
    "chi-square-tails": _numbers(
        d=(1, 2, 5), k=(1, 2, 5), r=(1, Fraction(9, 2)), y=(Fraction(9, 8), 2, 4), w=(_QUARTER, _HALF), h=(-1, 0, _HALF)
    ),
    "chi-square-window": _window,
    "cosine-tail": _numbers(
        d=(1, 2, 5), r=(4, 9), a=(_HALF, 2), b=(_HALF, 3), u=(_QUARTER, _HALF), q=(_QUARTER, 3 * _QUARTER), eta=(1, 2)
    ),
    "gaussian-maximum": _maximum,
    "gaussian-maximum-above": _maximum,
    "normal-shift": _numbers(u=(-2, 0, _HALF), v=(-2, _HALF, 3), t=(Fraction(-3, 2), 0, 1), c=(1, Fraction(3, 2), 10)),
    "maximum-above": _maximum,
    "variance-gap": _gaussian,
    "balance-equation": _balance,
    "log-n-exponent": _exponent,
    "log-n-exponent-attained": _exponent,
    "log-n-exponent-limit": _exponent,
    "log-n-exponent-expansion": _numbers(c=(_QUARTER, _HALF, 1, 2, 5, 50)),
    "paper-barrier-about-063n": _square,
    "paper-barrier-literal": _square,
    "paper-log-n-sufficient": _numbers(),
    **bottleneck.MAKERS,
}
COVERED = tuple(_MAKERS)
"""Ids of theorems that have cases."""
UNREAD: Mapping[tuple[str, int], str] = {
    ("ideal-setting", 4): "that variables are independent and normal is no statement about numbers",
    ("tied-setting", 3): "that variables are independent and normal is no statement about numbers",
    ("tied-weights-exceed", 8): "a limit",
    ("cross-attention", 7): "a limit",
    ("cross-attention", 8): "a limit",
    ("latent-setting", 4): "that variables are independent and normal is no statement about numbers",
    ("barrier-series", 6): "a limit",
    ("planar-rank", 3): "a mean over lengths and angles, which the tests read by quadrature",
    ("compression", 7): "a law, which the tests compare with samples",
    ("compression", 8): "that variables are independent and normal is no statement about numbers",
    ("alignment-integral", 3): "a density",
    ("paper-log-n-sufficient", 1): "a limit",
}
"""Parts of these theorems that no size decides."""
