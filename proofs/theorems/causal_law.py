"""Uniform picks under a causal mask: the law of the number of keys picked is Eulerian."""

from typing import Any

import sympy as sp

from proofs.language import All, Claim, E, eq, le
from proofs.model import Eulerian, WindowOccupied, k, n
from proofs.records import Step, Theorem, Variable

PMF = Eulerian(n, k) / sp.factorial(n)
_next, _more = n + 1, k + 1
_inside = (le(k, n),)


def _chance(keys: Any, value: Any) -> Any:
    return E(sp.KroneckerDelta(WindowOccupied(keys, keys), value))


_law = Claim(eq(_chance(n, k), PMF))
_recurrence = Claim(
    eq(_chance(_next, _more), (_more * _chance(n, _more) + (_next - k) * _chance(n, k)) / _next), _inside
)
_statement = All((_law, _recurrence))

THEOREM = Theorem(
    id="causal-law",
    title="The law of uniform picks under a causal mask",
    prose=(
        "Queries 0..n-1 pick independently, query i uniformly among the keys 0..i. The number D of keys picked is k "
        "with chance A(n, k) / n!, with A(n, k) the number of permutations of n things with k - 1 descents (Eulerian "
        "numbers). With one query and one key more, for k <= n: "
        "P(D' = k+1) = ((k+1) P(D = k+1) + (n+1-k) P(D = k)) / (n+1)."
    ),
    statement=_statement,
    variables=(Variable(n, "number of keys and queries"), Variable(k, "a number of keys picked")),
    assumptions=("uniform-window-picks",),
    references=("Stanley, Enumerative Combinatorics I (2nd ed., 2012), section 1.4",),
    steps=(
        Step("law", _law, "rewrite", ("cite:distinct-picks",)),
        Step(
            "next law",
            Claim(eq(_chance(_next, _more), PMF.xreplace({n: _next, k: _more}))),
            "specialise",
            ("law",),
            {"put": {n: _next, k: _more}},
        ),
        Step(
            "law of more",
            Claim(eq(_chance(n, _more), PMF.xreplace({k: _more}))),
            "specialise",
            ("law",),
            {"put": {k: _more}},
        ),
        Step(
            "one key more",
            Claim(eq(1 / sp.factorial(_next), 1 / (_next * sp.factorial(n)))),
            "factorials",
            args={"base": n},
        ),
        Step(
            "one more",
            _recurrence,
            "combination",
            ("next law", "one key more", "cite:eulerian-recurrence", "law of more", "law"),
            {
                "weights": (
                    1,
                    Eulerian(_next, _more),
                    1 / (_next * sp.factorial(n)),
                    -_more / _next,
                    -(_next - k) / _next,
                )
            },
            "the new query picks one of the k + 1 keys picked before, or one of the n + 1 - k others",
        ),
        Step("statement", _statement, "conjunction", ("law", "one more")),
    ),
)
