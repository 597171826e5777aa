"""Whatever the keys are, the rank is stochastically at most the number of cells that uniform balls occupy."""

from typing import Any

import sympy as sp

from proofs.language import KEYS, All, Below, Claim, E, le, prob_at_least
from proofs.model import Occupied, Rank, d, m, n, x
from proofs.records import Step, Theorem, Variable

_N = sp.Symbol("N", integer=True, positive=True)
_a, _b, _weight, _v = (sp.Symbol(name, real=True) for name in ("alpha", "beta", "lambda", "v"))
theta = sp.Symbol("theta", nonnegative=True)
_rank, _occ = Rank(n, m, d), Occupied(n, m)
_unit = tuple(one for symbol in (_a, _b, _weight) for one in (le(0, symbol), le(symbol, 1)))


def _mixed(first: Any, second: Any) -> Any:
    return _weight * first + (1 - _weight) * second


def _convex(first: Any, second: Any) -> tuple[Claim, dict[str, Any]]:
    """Return that a power of a weighted mean is at most the weighted mean of the powers, and the rule's arguments."""
    claim = Claim(le(_mixed(first, second) ** _N, _mixed(first**_N, second**_N)), _unit)
    return claim, {"function": _v**_N, "variable": _v, "first": second, "second": first, "weight": _weight}


_one_way, _one_args = _convex(_a, _b)
_other_way, _other_args = _convex(_b, _a)
_pair = Claim(le(_mixed(_a, _b) ** _N + _mixed(_b, _a) ** _N, _a**_N + _b**_N), _unit)
_given = Claim(le(E(1 - Below(_rank, x), KEYS), prob_at_least(_occ, x)))
_tails = Claim(le(prob_at_least(_rank, x), prob_at_least(_occ, x)))
_exponential = Claim(le(E(sp.exp(theta * _rank), KEYS), E(sp.exp(theta * _occ))))
_statement = All((_given, _tails, _exponential))

THEOREM = Theorem(
    id="occupancy-dominance",
    title="The rank is dominated by uniform occupancy",
    prose=(
        "For n keys and m queries whose picks are independent and identically distributed given the keys: "
        "P(rank >= x | keys) <= P(Occ >= x) for every x and all keys, with Occ the number of cells among n that hold "
        "one of m independent uniform balls. So P(rank >= x) <= P(Occ >= x), and E[exp(theta rank) | keys] <= "
        "E[exp(theta Occ)] for theta >= 0."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys"),
        Variable(m, "number of queries"),
        Variable(d, "head dimension"),
        Variable(x, "any threshold"),
        Variable(theta, "any nonnegative number"),
    ),
    assumptions=("independent-queries", "identical-queries", "uniform-occupancy"),
    depends_on=("rank-is-occupancy", "barrier"),
    references=("Marshall, Olkin and Arnold, Inequalities: Theory of Majorization and Its Applications (2011)",),
    steps=(
        Step(
            "power of a mean",
            _one_way,
            "convex-combination",
            args=_one_args,
            because="v^N is convex on [0, 1]",
        ),
        Step("power of the other mean", _other_way, "convex-combination", args=_other_args),
        Step(
            "transfer",
            _pair,
            "combination",
            ("power of a mean", "power of the other mean"),
            because="two columns that hold N balls: the closer their chances, the less likely one is empty",
        ),
        Step(
            "dominance given keys",
            _given,
            "t-transforms",
            (
                "theorem:rank-is-occupancy#2",
                "assumption:uniform-occupancy.count",
                "assumption:independent-queries.independent",
                "assumption:uniform-occupancy.independent",
                "assumption:identical-queries.chance",
                "theorem:barrier#4",
                "assumption:uniform-occupancy.chance",
                "transfer",
            ),
            {"threshold": x, "first": _a, "second": _b, "weight": _weight, "power": _N},
        ),
        Step("dominance", _tails, "expectation", ("dominance given keys",), because="average over the keys"),
        Step(
            "exponential moments",
            _exponential,
            "monotone-mean",
            ("dominance given keys",),
            {"function": sp.exp(theta * _v), "variable": _v, "threshold": x},
        ),
        Step(
            "statement",
            _statement,
            "conjunction",
            ("dominance given keys", "dominance", "exponential moments"),
        ),
    ),
)
