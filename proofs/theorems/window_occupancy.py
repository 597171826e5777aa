"""Uniform picks in a sliding window: the mean number of keys picked."""

from typing import Any

import sympy as sp

from proofs.language import All, Claim, E, eq, le, substitute
from proofs.model import WindowOccupied, i, j, n, over_keys, w, window_hit
from proofs.records import Step, Theorem, Variable
from proofs.theorems.causal_occupancy import q, run

_occ = WindowOccupied(n, w)
_one = window_hit(i, j)
_empty = sp.Product(1 - _one, (i, 0, n - 1))
_miss = E(1 - _one)
_stay, _sure = 1 - 1 / w, sp.Integer(1)
_long = (le(2 * w - 2, n),)
_wide = (le(2, w), *_long)
_first, _middle, _last = (le(j + 2, w),), (le(w - 1, j), le(j, n - w)), (le(n - w + 1, j), le(j, n - 1))
_early = Claim(eq(E(_empty), j / w * _stay**j), (*_first, *_long))
_inner = Claim(eq(E(_empty), _stay**w), _middle)
_late = Claim(eq(E(_empty), _stay ** (n - j)), (*_last, *_long))
_mean = Claim(eq(E(_occ), (n - 2 * w + 2) * (1 - _stay**w) + 3 * w * _stay**w), _wide)
_alone = Claim(eq(E(WindowOccupied(n, 1)), n))
_statement = All((_mean, _alone, _early, _inner, _late))


def _split(name: str, whole: tuple[Any, Any], last: Any, where: tuple[Any, ...]) -> Step:
    first, end = whole
    return Step(
        name,
        Claim(eq(run(_miss, first, end), run(_miss, first, last) * run(_miss, last + 1, end)), where),
        "sum-split",
        args={"sum": run(_miss, first, end), "last": last},
    )


def _alike(name: str, each: Any, by: str, ends: tuple[Any, Any], where: tuple[Any, ...]) -> Step:
    """Return the step to a product of equal factors whose number is known by the types of the ends."""
    first, last = ends
    return Step(name, Claim(eq(run(_miss, first, last), each ** (last - first + 1)), where), "rewrite", (by,))


def _even(name: str, each: Any, by: str, ends: tuple[Any, Any], where: tuple[Any, ...]) -> tuple[Step, ...]:
    """Return the steps to a product of equal factors, counting them under the conditions."""
    first, last = ends
    alike = run(each, first, last)
    return (
        Step(f"{name}, alike", Claim(eq(run(_miss, first, last), alike), where), "rewrite", (by,)),
        Step(f"{name}, number", Claim(eq(alike, each ** (last - first + 1)), where), "equal-factors"),
        Step(
            name,
            Claim(eq(run(_miss, first, last), each ** (last - first + 1)), where),
            "combination",
            (f"{name}, alike", f"{name}, number"),
        ),
    )


_given = "assumption:uniform-window-picks."
_FACTORS = (
    Step(
        "a key seen",
        Claim(eq(_miss, _stay), (le(j, i), le(w - 1, i), le(i, j + w - 1))),
        "rewrite",
        (f"{_given}chance",),
    ),
    Step("a later key", Claim(eq(_miss, 1), (le(i + 1, j),)), "rewrite", (f"{_given}later",)),
    Step("an earlier key", Claim(eq(_miss, 1), (le(j + w, i),)), "rewrite", (f"{_given}earlier",)),
    Step("empty", Claim(eq(E(_empty), run(_miss, 0, n - 1))), "independence", (f"{_given}independent",)),
)
_EARLY = (
    Step(
        "first window",
        Claim(eq(run(_miss, 0, w - 1), j / w), _first),
        "specialise",
        ("theorem:causal-occupancy#3",),
        {"put": {q: w, n: w}},
    ),
    _split("after the first window", (0, n - 1), w - 1, (*_first, *_long)),
    _split("out of sight", (w, n - 1), j + w - 1, (*_first, *_long)),
    _alike("rows that see key j", _stay, "a key seen", (w, j + w - 1), _first),
    *_even("rows that have passed it", _sure, "an earlier key", (j + w, n - 1), (*_first, *_long)),
    Step(
        "early",
        _early,
        "rewrite",
        (
            "empty",
            "after the first window",
            "first window",
            "out of sight",
            "rows that see key j",
            "rows that have passed it",
        ),
    ),
)
_INNER = (
    _split("before an inner key", (0, n - 1), j - 1, (le(j, n - 1),)),
    _alike("rows before it", _sure, "a later key", (0, j - 1), ()),
    _split("after an inner key", (j, n - 1), j + w - 1, (le(j, n - w),)),
    _alike("a whole window", _stay, "a key seen", (j, j + w - 1), (le(w - 1, j),)),
    *_even("rows after it", _sure, "an earlier key", (j + w, n - 1), (le(j, n - w),)),
    Step(
        "inner",
        _inner,
        "rewrite",
        ("empty", "before an inner key", "rows before it", "after an inner key", "a whole window", "rows after it"),
    ),
)
_LATE = (
    *_even("rows to the end", _stay, "a key seen", (j, n - 1), (*_last, *_long)),
    Step("late", _late, "rewrite", ("empty", "before an inner key", "rows before it", "rows to the end")),
)
_all = over_keys(E(_empty))
_ranges = ((j, 0, w - 2), (j, w - 1, n - w), (j, n - w + 1, n - 1))
_primitives = (-(j + w - 1) * _stay**j, j * _stay**w, w * _stay ** (n - j + 1))
_NAMED = tuple(
    zip(("first keys", "inner keys", "last keys"), ("early", "inner", "late"), _ranges, _primitives, strict=True)
)
_RIGHT = {"early": _early, "inner": _inner, "late": _late}


def _part(name: str, by: str, over: tuple[Any, Any, Any], primitive: Any) -> tuple[Step, ...]:
    """Return the steps to the sum of the chances over a range of keys."""
    total = sp.Sum(_RIGHT[by].conclusion.rhs, over)
    _, low, high = over
    closed = primitive.xreplace({j: high + 1}) - primitive.xreplace({j: low})
    return (
        Step(
            f"{name}, chances",
            Claim(eq(sp.Sum(E(_empty), over), total), _wide),
            "sum-both-sides",
            (by,),
            {"over": over},
        ),
        Step(
            f"{name}, sum", Claim(eq(total, closed), _wide), "telescoping", args={"sum": total, "primitive": primitive}
        ),
        Step(
            name,
            Claim(eq(sp.Sum(E(_empty), over), closed), _wide),
            "combination",
            (f"{name}, chances", f"{name}, sum"),
        ),
    )


_rest = sp.Sum(E(_empty), (j, w - 1, n - 1))
_MEAN = (
    Step("mean by keys", Claim(eq(E(_occ), n - _all)), "expectation", (f"{_given}count",)),
    Step(
        "first keys and the rest",
        Claim(eq(_all, sp.Sum(E(_empty), _ranges[0]) + _rest), _wide),
        "sum-split",
        args={"sum": _all, "last": w - 2},
    ),
    Step(
        "inner keys and last",
        Claim(eq(_rest, sp.Sum(E(_empty), _ranges[1]) + sp.Sum(E(_empty), _ranges[2])), _wide),
        "sum-split",
        args={"sum": _rest, "last": n - w},
    ),
    *(step for part in _NAMED for step in _part(*part)),
    Step(
        "a window of one key",
        Claim(eq(E(_empty.xreplace({w: sp.Integer(1)})), 0), (le(j, n - 1),)),
        "specialise",
        ("inner",),
        {"put": {w: 1}},
    ),
    Step(
        "mean by keys of one",
        Claim(substitute(eq(E(_occ), n - _all), {w: sp.Integer(1)})),
        "specialise",
        ("mean by keys",),
        {"put": {w: 1}},
    ),
    Step("alone", _alone, "rewrite", ("mean by keys of one", "a window of one key")),
    Step(
        "mean",
        _mean,
        "combination",
        ("mean by keys", "first keys and the rest", "inner keys and last", "first keys", "inner keys", "last keys"),
        {"weights": (1, -1, -1, -1, -1, -1)},
    ),
)

THEOREM = Theorem(
    id="window-occupancy",
    title="Uniform picks in a sliding window",
    prose=(
        "Query i of n picks uniformly among the last w of the keys 0..i, or among all of them if there are fewer, "
        "independently. With q = 1 - 1/w, w >= 2 and n >= 2w - 2 the mean number of keys picked is "
        "(n - 2w + 2) (1 - q^w) + 3 w q^w; for w = 1 it is n. For n >= 2w - 2 key j is picked by none with chance "
        "(j/w) q^j for j <= w - 2, q^w for w - 1 <= j <= n - w, and q^(n-j) for n - w + 1 <= j <= n - 1."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys and queries"),
        Variable(w, "number of keys that a query sees"),
        Variable(j, "a key"),
    ),
    assumptions=("uniform-window-picks",),
    depends_on=("causal-occupancy",),
    steps=(
        *_FACTORS,
        *_EARLY,
        *_INNER,
        *_LATE,
        *_MEAN,
        Step("statement", _statement, "conjunction", ("mean", "alone", "early", "inner", "late")),
    ),
)
