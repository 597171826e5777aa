"""Uniform picks under a causal mask: the mean number of keys picked."""

from typing import Any

import sympy as sp
from sympy.core.symbol import Str

from proofs.language import TRIVIAL, All, Claim, E, Independent, eq, le
from proofs.model import WindowOccupied, WindowPick, i, j, n, over_keys, used, w, window_hit
from proofs.records import Step, Theorem, Variable

r, q = (sp.Symbol(name, integer=True, positive=True) for name in ("r", "q"))
_rows = (i, 0, n - 1)
_occ = WindowOccupied(n, n)
_one = window_hit(i, j, n)
_empty = sp.Product(1 - _one, _rows)
_mean_one = E(1 - _one)
_key, _some = (le(j, n - 1),), (le(j, q - 1), le(q, n))
_mean = Claim(eq(E(_occ), (n + 1) / 2))
_misses = Claim(eq(E(_empty), j / n), _key)


def run(body: Any, first: Any, last: Any) -> Any:
    """Return the product of ``body`` over the rows from ``first`` to ``last``."""
    return sp.Product(body, (i, first, last))


def product_by_induction(name: str, body: Any, start: Any, value: Any, where: tuple[Any, ...] = ()) -> tuple[Step, ...]:
    """Return the steps to the product of ``body`` over ``r`` rows from ``start``, by induction."""
    claim = Claim(eq(run(body, start, start + r - 1), value), where)
    after = run(body, start, start + r)
    return (
        Step(
            f"{name}, one row",
            Claim(eq(run(body, start, start), value.xreplace({r: sp.Integer(1)})), where),
            "written-out",
            args={"sum": run(body, start, start)},
        ),
        Step(
            f"{name}, last row",
            Claim(eq(after, body.xreplace({i: start + r}) * claim.conclusion.lhs), where),
            "end-term",
            args={"of": after, "end": "last"},
        ),
        Step(f"{name}, at r", Claim(claim.conclusion, (*where, claim.conclusion)), "sign"),
        Step(
            f"{name}, next row",
            Claim(eq(after, value.xreplace({r: r + 1})), (*where, claim.conclusion)),
            "combination",
            (f"{name}, last row", f"{name}, at r"),
            {"weights": (1, body.xreplace({i: start + r}))},
        ),
        Step(name, claim, "induction", (f"{name}, one row", f"{name}, next row"), {"variable": r, "start": 1}),
    )


_first = Claim(eq(run(_mean_one, 0, q - 1), j / q), _some)
_statement = All((_mean, _misses, _first))


def of_causal(grant: str, conclusion: Any, where: tuple[Any, ...] = ()) -> Step:
    """Return the step to what the model grants of a window of ``n`` keys, in which all earlier keys are seen."""
    return Step(
        grant, Claim(conclusion, where), "specialise", (f"assumption:uniform-window-picks.{grant}",), {"put": {w: n}}
    )


_ONE_KEY = (
    of_causal("early", eq(E(_one), 1 / (i + 1)), (le(j, i), le(i, n - 1))),
    of_causal("later", eq(_one, 0), (le(i + 1, j),)),
    Step("a key seen", Claim(eq(_mean_one, i / (i + 1)), (le(j, i), le(i, n - 1))), "rewrite", ("early",)),
    Step("a later key", Claim(eq(_mean_one, 1), (le(i + 1, j),)), "rewrite", ("later",)),
    of_causal("independent", Independent(WindowPick(i, n), i, Str(TRIVIAL))),
    Step(
        "two stages",
        Claim(eq(run(_mean_one, 0, q - 1), run(_mean_one, 0, j - 1) * run(_mean_one, j, q - 1)), (le(j, q - 1),)),
        "sum-split",
        args={"sum": run(_mean_one, 0, q - 1), "last": j - 1},
    ),
    Step("first stage", Claim(eq(run(_mean_one, 0, j - 1), 1)), "rewrite", ("a later key",)),
    Step(
        "second stage",
        Claim(eq(run(_mean_one, j, q - 1), run(i / (i + 1), j, q - 1)), _some),
        "rewrite",
        ("a key seen",),
    ),
    *product_by_induction("factors", i / (i + 1), j, j / (j + r)),
    Step(
        "factors to q",
        Claim(eq(run(i / (i + 1), j, q - 1), j / q), (le(j, q - 1),)),
        "specialise",
        ("factors",),
        {"put": {r: q - j}},
    ),
    Step(
        "first rows miss",
        _first,
        "rewrite",
        ("two stages", "first stage", "second stage", "factors to q"),
        because="the queries before j do not see key j, and query i from j on misses it with chance i / (i + 1)",
    ),
    Step(
        "all rows miss",
        Claim(eq(run(_mean_one, 0, n - 1), j / n), _key),
        "specialise",
        ("first rows miss",),
        {"put": {q: n}},
    ),
    Step("empty", Claim(eq(E(_empty), run(_mean_one, 0, n - 1))), "independence", ("independent",)),
    Step("misses", _misses, "rewrite", ("empty", "all rows miss")),
)
_MEAN = (
    of_causal("count", eq(_occ, used(_one))),
    Step("mean by keys", Claim(eq(E(_occ), over_keys(1 - E(_empty)))), "expectation", ("count",)),
    Step(
        "sum of places",
        Claim(eq(over_keys(j), n * (n - 1) / 2)),
        "telescoping",
        args={"sum": over_keys(j), "primitive": j * (j - 1) / 2},
    ),
    Step("mean", _mean, "rewrite", ("mean by keys", "misses", "sum of places")),
)

THEOREM = Theorem(
    id="causal-occupancy",
    title="Uniform picks under a causal mask",
    prose=(
        "Queries 0..n-1 pick independently, query i uniformly among the keys 0..i. The number of keys picked has mean "
        "(n + 1) / 2. Key j < n is picked by none with chance j / n; for q <= n, and j < q, the chances with which the "
        "queries before q miss key j multiply to j / q."
    ),
    statement=_statement,
    variables=(Variable(n, "number of keys and queries"), Variable(j, "a key"), Variable(q, "a number of queries")),
    assumptions=("uniform-window-picks",),
    steps=(
        *_ONE_KEY,
        *_MEAN,
        Step("statement", _statement, "conjunction", ("mean", "misses", "first rows miss")),
    ),
)
