"""A sharper barrier: condition on the length of one key only, and apply Jensen there."""

from typing import Any

import sympy as sp

from proofs.language import ALIGNED, KEYS, NORM, All, Below, Claim, E, NormalTail, eq, le
from proofs.model import IDEAL, Cosine, Radius, Rank, Score, barrier_of, chance, d, hit, i, j, m, n, over_keys
from proofs.records import Step, Theorem, Variable

_v = sp.Symbol("v", real=True)
_h = 1 - (1 - _v) ** m
_along = Radius(d) * Cosine(d)
_first = chance(0)
_others = sp.Product(Below(Score(j, n, d), _along), (j, 1, n - 1))
_keys = (le(j, n - 1),)
G = E((1 - NormalTail(_along)) ** (n - 1), NORM)
"""The chance that a query picks key 0, given the length of that key."""
_at_first = E(_first, NORM)

_bound = Claim(le(E(Rank(n, m, d)), n * E(_h.xreplace({_v: G}))))
_mean = Claim(eq(E(G), 1 / n))
_below = Claim(le(n * E(_h.xreplace({_v: G})), barrier_of(n, m)))
_one_key = Claim(eq(E(Rank(n, m, d)), n * E(_h.xreplace({_v: _first}))))
_is_chance = Claim(eq(_at_first, G))
_statement = All((_bound, _mean, _below, _one_key, _is_chance))


def _h_of(point: Any) -> Any:
    return _h.xreplace({_v: point})


THEOREM = Theorem(
    id="norm-conditioned-barrier",
    title="The norm-conditioned barrier",
    prose=(
        "With R the length of a key, u its cosine with an independent query, and g(R) = E[Phi(R u)^(n-1) | R]: "
        "E[rank] <= n E[h(g(R))], where h(p) = 1 - (1 - p)^m; E[g(R)] = 1/n; and n E[h(g(R))] <= n (1 - (1 - 1/n)^m). "
        "With p the chance of key 0 given all keys: E[rank] = n E[h(p)], and g(R) = E[p | R]."
    ),
    statement=_statement,
    variables=(Variable(n, "number of keys"), Variable(m, "number of queries"), Variable(d, "head dimension")),
    assumptions=IDEAL,
    depends_on=(
        "ideal-setting",
        "barrier",
    ),
    steps=(
        Step(
            "mean rank",
            Claim(eq(E(Rank(n, m, d)), over_keys(E(_h_of(chance(j)))))),
            "expectation",
            ("theorem:barrier#1",),
        ),
        Step(
            "same law",
            Claim(eq(E(_h_of(chance(j))), E(_h_of(_first))), _keys),
            "alike",
            ("assumption:gaussian-queries-and-keys.alike",),
            because="all keys have one law",
        ),
        Step("one key", _one_key, "rewrite", ("mean rank", "same law")),
        Step(
            "chance by hit",
            Claim(eq(E(hit(0, 0), KEYS), _first)),
            "specialise",
            ("assumption:identical-queries.chance",),
            {"put": {i: 0, j: 0}},
        ),
        Step("chance at most 1", Claim(le(_first, 1)), "specialise", ("theorem:barrier#6",), {"put": {j: 0}}),
        Step(
            "jensen given length",
            Claim(le(E(_h_of(_first), NORM), _h_of(_at_first))),
            "jensen-mean",
            ("chance at most 1",),
            {"function": _h, "variable": _v, "point": _first, "given": NORM},
        ),
        Step("jensen", Claim(le(E(_h_of(_first)), E(_h_of(_at_first)))), "expectation", ("jensen given length",)),
        Step(
            "chance given length",
            Claim(eq(E(hit(0, 0), NORM), _at_first)),
            "expectation",
            ("chance by hit",),
            {"given": NORM},
            "what is known of all keys includes the length of key 0",
        ),
        Step(
            "hit given direction",
            Claim(eq(E(hit(0, 0), ALIGNED), E(_others, ALIGNED))),
            "expectation",
            ("assumption:gaussian-queries-and-keys.wins",),
            {"given": ALIGNED},
            "key 0 is picked when every other score is below R u",
        ),
        Step(
            "other scores",
            Claim(eq(E(_others, ALIGNED), sp.Product(E(Below(Score(j, n, d), _along), ALIGNED), (j, 1, n - 1)))),
            "independence",
            ("cite:scores-along-direction#3",),
        ),
        Step(
            "chance given direction",
            Claim(eq(E(hit(0, 0), ALIGNED), (1 - NormalTail(_along)) ** (n - 1))),
            "rewrite",
            ("hit given direction", "other scores", "cite:scores-along-direction#4"),
        ),
        Step("g by hit", Claim(eq(E(hit(0, 0), NORM), G)), "expectation", ("chance given direction",), {"given": NORM}),
        Step("g", _is_chance, "combination", ("chance given length", "g by hit"), {"weights": (-1, 1)}),
        Step("jensen at g", Claim(le(E(_h_of(_first)), E(_h_of(G)))), "rewrite", ("jensen", "g"), {"base": True}),
        Step("bound", _bound, "combination", ("jensen at g", "one key"), {"weights": (n, 1)}),
        Step("mean total", Claim(eq(over_keys(E(chance(j))), 1)), "expectation", ("theorem:barrier#4",)),
        Step(
            "same mean",
            Claim(eq(E(chance(j)), E(_first)), _keys),
            "alike",
            ("assumption:gaussian-queries-and-keys.alike",),
        ),
        Step("n times mean", Claim(eq(n * E(_first), 1)), "rewrite", ("mean total", "same mean"), {"base": True}),
        Step("mean chance", Claim(eq(E(_first), 1 / n)), "combination", ("n times mean",), {"weights": (1 / n,)}),
        Step("mean of g", Claim(eq(E(_first), E(G))), "expectation", ("g",)),
        Step("mean is 1/n", _mean, "combination", ("mean chance", "mean of g"), {"weights": (1, -1)}),
        Step("g at most 1", Claim(le(_at_first, 1)), "expectation", ("chance at most 1",), {"given": NORM}),
        Step("g in range", Claim(le(G, 1)), "rewrite", ("g at most 1", "g"), {"base": True}),
        Step(
            "jensen over lengths",
            Claim(le(E(_h_of(G)), _h_of(E(G)))),
            "jensen-mean",
            ("g in range",),
            {"function": _h, "variable": _v, "point": G},
        ),
        Step(
            "at 1/n",
            Claim(le(E(_h_of(G)), _h_of(1 / n))),
            "rewrite",
            ("jensen over lengths", "mean is 1/n"),
            {"base": True},
        ),
        Step("below the barrier", _below, "combination", ("at 1/n",), {"weights": (n,)}),
        Step("statement", _statement, "conjunction", ("bound", "mean is 1/n", "below the barrier", "one key", "g")),
    ),
)
