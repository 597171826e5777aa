"""The rank on a line, and of two keys at any head dimension: queries and their opposites never pick the same key."""

from typing import Any

import sympy as sp

from proofs.language import KEYS, All, Claim, E, eq, le
from proofs.model import (
    IDEAL,
    Pick,
    Rank,
    chance,
    d,
    extreme,
    hit,
    i,
    j,
    m,
    n,
    opposite_hit,
    over_keys,
)
from proofs.records import Step, Theorem, Variable
from proofs.theorems.barrier import GIVEN_KEYS
from proofs.theorems.occupancy_tangent import a, p, psi, slope, x

_half = sp.Rational(1, 2)
RANK = 2 - 2 ** (1 - m)
"""The expected rank on a line and of two keys."""
_two = (le(2, n),)
_rows, _keys = (i, 0, m - 1), (j, 0, n - 1)
_p, _y = chance(j), extreme(j)
_on_line = chance(j).xreplace({d: sp.Integer(1)})
_line_hit = sp.KroneckerDelta(Pick(i, n, m, 1), j)
_line_opposite = opposite_hit(i, j, 1)
_line = Rank(n, m, 1)
_pair = Rank(2, m, d)
_both = sp.KroneckerDelta(*(_y.args[0].args)) * sp.KroneckerDelta(*(_y.args[1].args))
_miss = sp.Product(1 - _line_hit, _rows)
_miss_any = sp.Product(1 - hit(i, j), _rows)
_scale = 1 - 2 ** (-m)
_h_line = 1 - (1 - _y / 2) ** m

_at_most_half = Claim(le(_p, _half), _two)
_least = Claim(le(RANK, E(Rank(n, m, d), KEYS)), _two)
_of_two_given = Claim(eq(E(_pair, KEYS), RANK))
_of_line_given = Claim(eq(E(_line, KEYS), RANK), _two)


def _to_law(rank: Any, name: str, given: Claim, least: str, most: str) -> tuple[tuple[Step, ...], tuple[Claim, ...]]:
    """Return the steps from the mean given the keys and the two values of a rank to its law, and what they show."""
    where = given.where
    mean = Claim(eq(E(rank), RANK), where)
    laws = (
        Claim(eq(E(sp.KroneckerDelta(rank, 1)), 2 ** (1 - m)), where),
        Claim(eq(E(sp.KroneckerDelta(rank, 2)), 1 - 2 ** (1 - m)), where),
    )
    steps = [Step(f"mean {name}", mean, "expectation", (f"given keys {name}",), because="average over the keys")]
    for value, by_rank, law in zip((1, 2), (2 - rank, rank - 1), laws, strict=True):
        indicator = sp.KroneckerDelta(rank, value)
        steps += [
            Step(f"rank {value} {name}", Claim(eq(indicator, by_rank)), "two-values", (least, most)),
            Step(
                f"mean of rank {value} {name}",
                Claim(eq(E(indicator), E(by_rank))),
                "expectation",
                (f"rank {value} {name}",),
            ),
            Step(f"law {value} {name}", law, "rewrite", (f"mean of rank {value} {name}", f"mean {name}")),
        ]
    return tuple(steps), (mean, *laws)


_line_steps, _line_claims = _to_law(_line, "on a line", _of_line_given, "rank at least 1 on a line", "rank at most 2")
_pair_steps, _pair_claims = _to_law(
    _pair, "of two keys", _of_two_given, "rank at least 1 of two", "rank at most 2 keys"
)
_statement = All((_at_most_half, _least, _of_line_given, _of_two_given, *_line_claims, *_pair_claims))

THEOREM = Theorem(
    id="one-dimensional-rank",
    title="The rank on a line, and of two keys",
    prose=(
        "For n >= 2 keys, m queries and any head_dim, no key has a chance above 1/2 given the keys, and E[rank | keys] "
        ">= 2 - 2^(1-m). At head_dim 1, for every n >= 2, and for n = 2 at every head_dim, E[rank | keys] = E[rank] = "
        "2 - 2^(1-m), P(rank = 1) = 2^(1-m) and P(rank = 2) = 1 - 2^(1-m)."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys"),
        Variable(m, "number of queries"),
        Variable(d, "head dimension"),
        Variable(j, "a key"),
    ),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "rank-is-occupancy", "barrier", "occupancy-tangent"),
    steps=(
        # No chance is above 1/2.
        Step("a pick is one", Claim(le(hit(i, j), 1)), "sign"),
        Step(
            "not both",
            Claim(le(hit(i, j) + opposite_hit(i, j), 1), _two),
            "combination",
            ("a pick is one", "assumption:gaussian-queries-and-keys.opposite-apart"),
            {"weights": (1 - opposite_hit(i, j), 1)},
            "(1 - [query picks]) (1 - [opposite picks]) >= 0",
        ),
        Step(
            "means of both",
            Claim(le(E(hit(i, j), KEYS) + E(opposite_hit(i, j), KEYS), 1), _two),
            "expectation",
            ("not both",),
            {"given": KEYS},
        ),
        Step(
            "at most 1/2",
            _at_most_half,
            "combination",
            (
                "means of both",
                "assumption:identical-queries.chance",
                "assumption:gaussian-queries-and-keys.opposite-law",
            ),
            {"weights": (_half, -_half, -_half)},
        ),
        # Hence the least expected rank.
        Step(
            "tangent",
            Claim(le(_p * psi(_half) + slope(_half) * _p * (_half - _p), 1 - (1 - _p) ** m)),
            "specialise",
            ("theorem:occupancy-tangent#1", "theorem:barrier#6"),
            {"put": {p: _p, a: _half}},
        ),
        Step(
            "chord",
            Claim(le(_p * psi(_half), 1 - (1 - _p) ** m), _two),
            "combination",
            ("tangent", "at most 1/2"),
            {"weights": (1, slope(_half) * _p)},
            "the tangent at 1/2 lies above the chord where the chance is at most 1/2",
        ),
        Step(
            "all chords",
            Claim(le(over_keys(_p * psi(_half)), GIVEN_KEYS), _two),
            "sum-both-sides",
            ("chord",),
            {"over": _keys},
        ),
        Step(
            "at 1/2",
            Claim(eq(_half * psi(_half), _scale)),
            "specialise",
            ("theorem:occupancy-tangent#2",),
            {"put": {x: _half}},
        ),
        Step(
            "least",
            _least,
            "combination",
            ("all chords", "theorem:barrier#4", "theorem:barrier#1", "at 1/2"),
            {"weights": (1, -psi(_half), -1, -2)},
        ),
        # Two keys: the barrier is attained.
        Step(
            "least of two",
            Claim(le(RANK, E(_pair, KEYS))),
            "specialise",
            ("least",),
            {"put": {n: 2}},
        ),
        Step(
            "most of two",
            Claim(le(E(_pair, KEYS), RANK)),
            "specialise",
            ("theorem:barrier#2",),
            {"put": {n: 2}},
            "the barrier of two keys",
        ),
        Step("given keys of two keys", _of_two_given, "antisymmetry", ("most of two", "least of two")),
        # On a line: the largest and the smallest key.
        Step(
            "pick on a line",
            Claim(eq(E(_line_hit, KEYS), _on_line)),
            "specialise",
            ("assumption:identical-queries.chance",),
            {"put": {d: 1}},
        ),
        Step(
            "opposite on a line",
            Claim(eq(E(_line_opposite, KEYS), _on_line)),
            "specialise",
            ("assumption:gaussian-queries-and-keys.opposite-law",),
            {"put": {d: 1}},
        ),
        Step(
            "apart on a line",
            Claim(eq(_line_hit * _line_opposite, 0), _two),
            "specialise",
            ("assumption:gaussian-queries-and-keys.opposite-apart",),
            {"put": {d: 1}},
        ),
        Step(
            "both on a line",
            Claim(eq(E(_line_hit, KEYS) + E(_line_opposite, KEYS), _y)),
            "expectation",
            ("assumption:gaussian-queries-and-keys.line",),
            {"given": KEYS},
        ),
        Step(
            "chance on a line",
            Claim(eq(_on_line, _y / 2)),
            "combination",
            ("both on a line", "pick on a line", "opposite on a line"),
            {"weights": (_half, -_half, -_half)},
        ),
        Step(
            "square of picks",
            Claim(
                eq(
                    (_line_hit + _line_opposite) ** 2,
                    _line_hit + _line_opposite + 2 * _line_hit * _line_opposite,
                )
            ),
            "delta-cases",
        ),
        Step("square of extremes", Claim(eq(_y**2, _y + 2 * _both)), "delta-cases"),
        Step(
            "extremes differ",
            Claim(eq(_both, 0), _two),
            "combination",
            (
                "square of picks",
                "apart on a line",
                "assumption:gaussian-queries-and-keys.line",
                "square of extremes",
            ),
            {"weights": (_half, 1, _half * (1 - _y - _line_hit - _line_opposite), -_half)},
            "a query and its opposite pick different keys, so the largest key is not the smallest",
        ),
        Step(
            "each case",
            Claim(eq((1 - _both) * _h_line, (1 - _both) * _scale * _y)),
            "delta-cases",
            because="the largest and the smallest key have chance 1/2, the others none",
        ),
        Step(
            "picked on a line",
            Claim(eq(_h_line, _scale * _y), _two),
            "combination",
            ("each case", "extremes differ"),
            {"weights": (1, _h_line - _scale * _y)},
        ),
        Step(
            "barrier on a line",
            Claim(eq(E(_line, KEYS), over_keys(1 - (1 - _on_line) ** m))),
            "specialise",
            ("theorem:barrier#1",),
            {"put": {d: 1}},
        ),
        Step(
            "total on a line",
            Claim(eq(over_keys(_on_line), 1)),
            "specialise",
            ("theorem:barrier#4",),
            {"put": {d: 1}},
        ),
        Step(
            "two extremes",
            Claim(eq(over_keys(_y / 2), 1)),
            "rewrite",
            ("total on a line", "chance on a line"),
            {"base": True},
        ),
        Step(
            "by extremes",
            Claim(eq(E(_line, KEYS), over_keys(_scale * _y)), _two),
            "rewrite",
            ("barrier on a line", "chance on a line", "picked on a line"),
        ),
        Step(
            "given keys on a line",
            _of_line_given,
            "combination",
            ("by extremes", "two extremes"),
            {"weights": (1, 2 * _scale)},
        ),
        # The rank itself is 1 or 2.
        Step(
            "rank at least 1 on a line",
            Claim(le(1, _line)),
            "specialise",
            ("theorem:rank-is-occupancy#3",),
            {"put": {d: 1}},
        ),
        Step(
            "pick is extreme",
            Claim(le(_line_hit, _y)),
            "combination",
            ("assumption:gaussian-queries-and-keys.line",),
            because="the opposite's pick counts at least 0",
        ),
        Step("column is extreme", Claim(le(1 - _miss, _y)), "union-at-most", ("pick is extreme",)),
        Step(
            "columns are extremes",
            Claim(le(over_keys(1 - _miss), over_keys(_y))),
            "sum-both-sides",
            ("column is extreme",),
            {"over": _keys},
        ),
        Step(
            "columns on a line",
            Claim(eq(_line, over_keys(1 - _miss))),
            "specialise",
            ("theorem:rank-is-occupancy#2",),
            {"put": {d: 1}},
        ),
        Step(
            "rank at most 2",
            Claim(le(_line, 2)),
            "combination",
            ("columns are extremes", "columns on a line", "two extremes"),
            {"weights": (1, 1, 2)},
        ),
        *_line_steps,
        Step(
            "rank at least 1 of two",
            Claim(le(1, _pair)),
            "specialise",
            ("theorem:rank-is-occupancy#3",),
            {"put": {n: 2}},
        ),
        Step("column counts once", Claim(le(1 - _miss_any, 1)), "union-at-most", ("a pick is one",)),
        Step(
            "columns count once",
            Claim(le(over_keys(1 - _miss_any), n)),
            "sum-both-sides",
            ("column counts once",),
            {"over": _keys},
        ),
        Step(
            "rank at most n",
            Claim(le(Rank(n, m, d), n)),
            "combination",
            ("columns count once", "theorem:rank-is-occupancy#2"),
        ),
        Step("rank at most 2 keys", Claim(le(_pair, 2)), "specialise", ("rank at most n",), {"put": {n: 2}}),
        *_pair_steps,
        Step(
            "statement",
            _statement,
            "conjunction",
            (
                "at most 1/2",
                "least",
                "given keys on a line",
                "given keys of two keys",
                *(f"{what} on a line" for what in ("mean", "law 1", "law 2")),
                *(f"{what} of two keys" for what in ("mean", "law 1", "law 2")),
            ),
        ),
    ),
)
