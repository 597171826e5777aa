"""The number of occupied cells among n after m uniform balls: mean, variance and law."""

from typing import Any

import sympy as sp

from proofs.language import All, Claim, E, eq, le
from proofs.model import Occupied, Stirling, UniformPick, barrier_of, i, j, k, l, m, n, over_keys
from proofs.records import Step, Theorem, Variable

_rows = (i, 0, m - 1)
_occ = Occupied(n, m)
_ball = sp.KroneckerDelta(UniformPick(i, n), j)
_other = sp.KroneckerDelta(UniformPick(i, n), l)
_empty = sp.Product(1 - _ball, _rows)
_both = sp.Product((1 - _ball) * (1 - _other), _rows)
_law = sp.KroneckerDelta(_occ, k)
_same = sp.KroneckerDelta(j, l)
_keys = (le(j, n - 1),)
_two_keys = (le(j, n - 1), le(l, n - 1))
_missed = (1 - 1 / n) ** m
_two_missed = (1 - 2 / n + _same / n) ** m
_second = n * _missed + n * (n - 1) * (1 - 2 / n) ** m
PMF = sp.factorial(n) / sp.factorial(n - k) * Stirling(m, k) / n**m
VARIANCE = _second - n**2 * (1 - 1 / n) ** (2 * m)
_mean_occ = Claim(eq(E(_occ), barrier_of(n, m)))
_second_occ = Claim(eq(E(_occ**2), n**2 - 2 * n**2 * _missed + _second))
_variance = Claim(eq(E(_occ**2) - E(_occ) ** 2, VARIANCE))
_pmf = Claim(eq(E(_law), PMF), (le(k, n),))
_next, _more = m + 1, k + 1
_inside = (le(_more, n),)


def _chance(cells: Any, balls: Any, value: Any) -> Any:
    return E(sp.KroneckerDelta(Occupied(cells, balls), value))


_recurrence = Claim(
    eq(_chance(n, _next, _more), _more / n * _chance(n, m, _more) + (n - k) / n * _chance(n, m, k)), _inside
)
_one_less = sp.factorial(n) / sp.factorial(n - k) * (n - k)
_statement = All((_mean_occ, _variance, _pmf, _recurrence))

THEOREM = Theorem(
    id="occupancy-moments",
    title="Occupied cells after uniform balls",
    prose=(
        "The number Occ of cells among n that hold one of m independent uniform balls has mean n (1 - (1 - 1/n)^m), "
        "variance n (1-1/n)^m + n (n-1) (1-2/n)^m - n^2 (1-1/n)^(2m), and P(Occ = k) = n!/(n-k)! S(m,k) / n^m for "
        "k <= n, with S the Stirling numbers of the second kind. With one ball more, "
        "P(Occ' = k+1) = ((k+1)/n) P(Occ = k+1) + ((n-k)/n) P(Occ = k) for k < n."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of cells (keys)"),
        Variable(m, "number of balls (queries)"),
        Variable(k, "a value of Occ"),
    ),
    assumptions=("uniform-occupancy",),
    references=(
        "Feller, An Introduction to Probability Theory and Its Applications I (3rd ed., 1968), chapter IV",
        "Stanley, Enumerative Combinatorics I (2nd ed., 2012), section 1.9",
    ),
    steps=(
        Step(
            "one ball",
            Claim(eq(E(1 - _ball), 1 - 1 / n), _keys),
            "rewrite",
            ("assumption:uniform-occupancy.chance",),
        ),
        Step(
            "empty cell",
            Claim(eq(E(_empty), sp.Product(E(1 - _ball), _rows))),
            "independence",
            ("assumption:uniform-occupancy.independent",),
        ),
        Step("chance of empty", Claim(eq(E(_empty), _missed), _keys), "rewrite", ("empty cell", "one ball")),
        Step(
            "mean by cells",
            Claim(eq(E(_occ), over_keys(1 - E(_empty)))),
            "expectation",
            ("assumption:uniform-occupancy.count",),
        ),
        Step("mean", _mean_occ, "rewrite", ("mean by cells", "chance of empty")),
        Step(
            "two cells",
            Claim(eq((1 - _ball) * (1 - _other), 1 - _ball - _other + _same * _ball)),
            "delta-cases",
            because="one ball is not in two cells",
        ),
        Step(
            "mean of two cells",
            Claim(eq(E((1 - _ball) * (1 - _other)), 1 - E(_ball) - E(_other) + _same * E(_ball))),
            "expectation",
            ("two cells",),
        ),
        Step(
            "other chance",
            Claim(eq(E(_other), 1 / n), (le(l, n - 1),)),
            "specialise",
            ("assumption:uniform-occupancy.chance",),
            {"put": {j: l}},
        ),
        Step(
            "one ball misses two",
            Claim(eq(E((1 - _ball) * (1 - _other)), 1 - 2 / n + _same / n), _two_keys),
            "rewrite",
            ("mean of two cells", "assumption:uniform-occupancy.chance", "other chance"),
        ),
        Step(
            "both empty",
            Claim(eq(E(_both), sp.Product(E((1 - _ball) * (1 - _other)), _rows))),
            "independence",
            ("assumption:uniform-occupancy.independent",),
        ),
        Step(
            "chance of both",
            Claim(eq(E(_both), _two_missed), _two_keys),
            "rewrite",
            ("both empty", "one ball misses two"),
        ),
        Step(
            "square",
            Claim(eq(over_keys(_empty) ** 2, over_keys(sp.Sum(_both, (l, 0, n - 1))))),
            "square-of-sum",
            args={"sum": over_keys(_empty), "other": l, "merged": _both},
        ),
        Step(
            "mean square",
            Claim(eq(E(over_keys(_empty) ** 2), over_keys(sp.Sum(E(_both), (l, 0, n - 1))))),
            "expectation",
            ("square",),
        ),
        Step(
            "pairs",
            Claim(eq(over_keys(sp.Sum(_two_missed, (l, 0, n - 1))), _second)),
            "double-sum",
            args={"first": j, "second": l, "number": n, "body": _two_missed},
        ),
        Step(
            "mean square of empty",
            Claim(eq(E(over_keys(_empty) ** 2), _second)),
            "rewrite",
            ("mean square", "chance of both", "pairs"),
        ),
        Step("complement", Claim(eq(_occ, n - over_keys(_empty))), "rewrite", ("assumption:uniform-occupancy.count",)),
        Step(
            "square of complement",
            Claim(eq(_occ**2, n**2 - 2 * n * over_keys(_empty) + over_keys(_empty) ** 2)),
            "rewrite",
            ("complement",),
        ),
        Step(
            "mean square by cells",
            Claim(eq(E(_occ**2), n**2 - 2 * n * over_keys(E(_empty)) + E(over_keys(_empty) ** 2))),
            "expectation",
            ("square of complement",),
        ),
        Step(
            "second moment", _second_occ, "rewrite", ("mean square by cells", "mean square of empty", "chance of empty")
        ),
        Step(
            "variance",
            _variance,
            "rewrite",
            ("second moment", "mean"),
        ),
        Step(
            "count maps",
            Claim(eq(sp.binomial(n, k), sp.factorial(n) / sp.factorial(k) / sp.factorial(n - k)), (le(k, n),)),
            "binomial",
        ),
        Step("law", _pmf, "rewrite", ("cite:occupancy-law", "count maps")),
        Step(
            "next law",
            Claim(eq(_chance(n, _next, _more), PMF.xreplace({m: _next, k: _more})), _inside),
            "specialise",
            ("law",),
            {"put": {m: _next, k: _more}},
        ),
        Step(
            "law of more",
            Claim(eq(_chance(n, m, _more), PMF.xreplace({k: _more})), _inside),
            "specialise",
            ("law",),
            {"put": {k: _more}},
        ),
        Step(
            "one key fewer",
            Claim(eq(sp.factorial(n) / sp.factorial(n - _more), _one_less), _inside),
            "factorials",
            args={"base": n - _more},
        ),
        Step(
            "next ball",
            _recurrence,
            "combination",
            ("next law", "law of more", "law", "one key fewer", "cite:stirling-recurrence"),
            {
                "weights": (
                    1,
                    -_more / n,
                    -(n - k) / n,
                    Stirling(m, k) / n**_next,
                    sp.factorial(n) / sp.factorial(n - _more) / n**_next,
                )
            },
            "the next ball falls into one of the k + 1 occupied cells, or into one of the n - k empty ones",
        ),
        Step("statement", _statement, "conjunction", ("mean", "variance", "law", "next ball")),
    ),
)
