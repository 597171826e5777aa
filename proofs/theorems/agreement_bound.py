"""Two queries that agree: how often they do bounds the expected rank from below, whatever the keys are."""

from typing import Any

import sympy as sp

from proofs.language import KEYS, TRIVIAL, All, Claim, E, eq, le
from proofs.model import Rank, both_pick, chance, d, j, l, m, n, over_keys
from proofs.records import Step, Theorem, Variable
from proofs.theorems.occupancy_tangent import a, p, psi, slope, x

_v = sp.Symbol("v", real=True)
_rank, _p = Rank(n, m, d), chance(j)
_keys = (j, 0, n - 1)
_squares = over_keys(_p**2)
_agree = sp.Sum(both_pick(l), (l, 0, n - 1))
_pair = Claim(eq(E(both_pick(j), KEYS), _p**2))


def _hits(column: Any) -> Any:
    return sp.Product(E(both_pick(column).function, KEYS), *both_pick(column).limits)


def _given(known: str, name: str) -> tuple[tuple[Step, ...], tuple[Claim, ...]]:
    """Return the steps to the bound given what ``known`` names, and its claims."""
    chance_of, bounds = E(_agree, known), E(_rank, known)
    least, most = Claim(le(1 / n, chance_of)), Claim(le(chance_of, 1))
    bound = Claim(le(psi(chance_of), bounds))
    scaled = Claim(le(1 - (1 - chance_of) ** m, chance_of * bounds))
    tangent = _p * psi(chance_of) + slope(chance_of) * _p * (chance_of - _p)
    spread = psi(chance_of) + slope(chance_of) * (chance_of - _squares)
    steps = (
        Step(
            f"agreement {name}",
            Claim(eq(chance_of, E(_squares, known))),
            "expectation",
            ("agreement",),
            {"given": known},
        ),
        Step(f"squares {name}", Claim(le(E(_squares, known), 1)), "expectation", ("squares",), {"given": known}),
        Step(
            f"at most 1 {name}",
            most,
            "combination",
            (f"squares {name}", f"agreement {name}"),
        ),
        Step(f"even {name}", Claim(le(1 / n, E(_squares, known))), "expectation", ("even",), {"given": known}),
        Step(
            f"at least 1/n {name}",
            least,
            "combination",
            (f"even {name}", f"agreement {name}"),
            {"weights": (1, -1)},
        ),
        Step(
            f"tangent {name}",
            Claim(le(tangent, 1 - (1 - _p) ** m)),
            "specialise",
            ("theorem:occupancy-tangent#1", "theorem:barrier#6", f"at most 1 {name}"),
            {"put": {p: _p, a: chance_of}},
        ),
        Step(
            f"all keys {name}",
            Claim(le(over_keys(tangent), over_keys(1 - (1 - _p) ** m))),
            "sum-both-sides",
            (f"tangent {name}",),
            {"over": _keys},
        ),
        Step(
            f"rank {name}",
            Claim(le(spread, E(_rank, KEYS))),
            "combination",
            (f"all keys {name}", "theorem:barrier#4", "theorem:barrier#1"),
            {"weights": (1, -psi(chance_of) - slope(chance_of) * chance_of, -1)},
        ),
        Step(
            f"mean rank {name}",
            Claim(le(E(spread, known), bounds)),
            "expectation",
            (f"rank {name}",),
            {"given": known},
        ),
        Step(
            f"bound {name}",
            bound,
            "combination",
            (f"mean rank {name}", f"agreement {name}"),
            {"weights": (1, -slope(chance_of))},
            "the tangent is taken at the mean of the squares, where its slope does not count",
        ),
        Step(
            f"closed form {name}",
            Claim(eq(chance_of * psi(chance_of), 1 - (1 - chance_of) ** m)),
            "specialise",
            ("theorem:occupancy-tangent#2",),
            {"put": {x: chance_of}},
        ),
        Step(
            f"scaled bound {name}",
            scaled,
            "combination",
            (f"bound {name}", f"closed form {name}"),
            {"weights": (chance_of, -1)},
        ),
    )
    return steps, (bound, scaled, least, most)


def _names(name: str) -> tuple[str, ...]:
    return tuple(f"{step} {name}" for step in ("bound", "scaled bound", "at least 1/n", "at most 1"))


_given_steps, _given_claims = _given(KEYS, "given keys")
_mean_steps, _mean_claims = _given(TRIVIAL, "in the mean")
_statement = All((*_given_claims, *_mean_claims, _pair))

THEOREM = Theorem(
    id="agreement-bound",
    title="Agreeing queries bound the rank from below",
    prose=(
        "For n keys and m queries whose picks are independent and identically distributed given the keys, let kappa be "
        "the chance, given the keys, that queries 0 and 1 pick the same key (p_j^2 that both pick key j). Then "
        "1/n <= kappa <= 1 and E[rank | keys] >= psi(kappa), where psi(kappa) is the sum of (1 - kappa)^k over k < m; "
        "so kappa E[rank | keys] >= 1 - (1 - kappa)^m. The same holds for the means E[kappa] and E[rank]."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys"),
        Variable(m, "number of queries"),
        Variable(d, "head dimension"),
        Variable(j, "a key"),
    ),
    assumptions=("independent-queries", "identical-queries"),
    depends_on=("barrier", "occupancy-tangent"),
    steps=(
        Step(
            "independent queries",
            Claim(eq(E(both_pick(j), KEYS), _hits(j))),
            "independence",
            ("assumption:independent-queries.independent",),
        ),
        Step(
            "identical queries",
            _pair,
            "rewrite",
            ("independent queries", "assumption:identical-queries.chance"),
        ),
        Step("linearity", Claim(eq(E(_agree, KEYS), over_keys(E(both_pick(j), KEYS)))), "identity"),
        Step(
            "agreement",
            Claim(eq(E(_agree, KEYS), _squares)),
            "rewrite",
            ("linearity", "identical queries"),
        ),
        Step("square of a chance", Claim(le(_p**2, _p)), "combination", ("theorem:barrier#6",), {"weights": (_p,)}),
        Step(
            "sum of squares",
            Claim(le(_squares, over_keys(_p))),
            "sum-both-sides",
            ("square of a chance",),
            {"over": _keys},
        ),
        Step("squares", Claim(le(_squares, 1)), "combination", ("sum of squares", "theorem:barrier#4")),
        Step(
            "jensen",
            Claim(le(over_keys(-(_p**2)), -n * (1 / n) ** 2)),
            "jensen-sum",
            ("theorem:barrier#4", "theorem:barrier#6"),
            {"function": -(_v**2), "variable": _v, "point": _p, "over": _keys},
        ),
        Step(
            "even",
            Claim(le(1 / n, _squares)),
            "combination",
            ("jensen",),
            because="even chances agree least",
        ),
        *_given_steps,
        *_mean_steps,
        Step(
            "statement",
            _statement,
            "conjunction",
            (*_names("given keys"), *_names("in the mean"), "identical queries"),
        ),
    ),
)
