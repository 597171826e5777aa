"""Tied weights: of two queries each prefers its own key, and from head dimension 2 on the rank is above the barrier."""

from typing import Any

import sympy as sp

from proofs.language import All, Below, Claim, E, Lim, eq, le, lt
from proofs.model import (
    KeyCoordinate,
    KeyGap2,
    KeyProduct,
    KeySquare,
    QueryCoordinate,
    barrier_of,
    d,
    e,
    i,
    j,
    l,
    w,
)
from proofs.records import Step, Theorem, Variable
from proofs.theorems import two_queries
from proofs.theorems.normal_against_chi_square import below
from proofs.theorems.two_queries import RANK, WIDE, pick, score

_half = sp.Rational(1, 2)
_coordinates = (e, 0, d - 1)
_first, _second, _between, _gap = KeySquare(0, d, w), KeySquare(1, d, w), KeyProduct(0, 1, d, w), KeyGap2(d, w)
_second_by_gap = _gap - _first + 2 * _between
_leaves = (Below(_first, _between), Below(_second, _between))
"""Whether query 0 picks key 1, and query 1 key 0."""
_both = _leaves[0] * Below(_second_by_gap, _between)


def _mean(dim: Any) -> Any:
    return E(RANK.xreplace({d: sp.sympify(dim)}))


_values = {1: sp.Rational(3, 2), 2: 1 + 1 / sp.sqrt(2)}
_law = Claim(eq(_mean(d), 2 - below(d)), WIDE)
_at = {dim: Claim(eq(_mean(dim), value), WIDE) for dim, value in _values.items()}
_grows = Claim(le(_mean(d), _mean(d + 1)), WIDE)
_least = Claim(le(_values[2], _mean(d)), (le(2, d), *WIDE))
_exceeds = Claim(lt(barrier_of(2, 2), _mean(d)), (le(2, d), *WIDE))
_rate = Claim(le(2 - sp.Rational(15, 4) / d, _mean(d)), WIDE)
_limit = Claim(eq(Lim(_mean(d), d), 2), WIDE)
_statement = All((_law, *_at.values(), _grows, _least, _exceeds, _rate, _limit))


def _inner_product(one: int, other: int) -> tuple[Step, ...]:
    """Return the steps from a score to the inner product of two keys, or the squared length of one."""
    place = f"{one} {other}"
    queries, keys = (
        sp.Sum(word(one, e, w) * KeyCoordinate(other, e, w), _coordinates) for word in (QueryCoordinate, KeyCoordinate)
    )
    value = KeyProduct(one, other, d, w) if one != other else KeySquare(one, d, w)
    return (
        Step(
            f"score {place}",
            Claim(eq(score(one, other), queries)),
            "specialise",
            ("assumption:largest-scores.score",),
            {"put": {i: sp.Integer(one), j: sp.Integer(other)}},
        ),
        Step(
            f"score of keys {place}",
            Claim(eq(score(one, other), keys)),
            "rewrite",
            (f"score {place}", f"query {one} is key {one}"),
        ),
        Step(
            f"inner product {place}",
            Claim(eq(value, keys)),
            "specialise",
            ("assumption:normal-keys.product" if one != other else "assumption:normal-keys.square",),
            {"put": {j: sp.Integer(one), **({l: sp.Integer(other)} if one != other else {})}},
        ),
        Step(
            f"score by keys {place}",
            Claim(eq(score(one, other), value)),
            "combination",
            (f"score of keys {place}", f"inner product {place}"),
            {"weights": (1, -1)},
        ),
    )


def _chance(one: int, other: int) -> tuple[Step, ...]:
    """Return the steps to the chance that a key's inner product with the other exceeds its own squared length."""
    square, product = KeySquare(one, d, w), KeyProduct(one, other, d, w)
    plus, minus, whole = Below(square, product), Below(product, -square), Below(square**2, product**2)
    put = {"put": {j: sp.Integer(one), l: sp.Integer(other)}}
    return (
        Step(f"one side {one}", Claim(le(plus, plus * whole)), "event-cases"),
        Step(f"other side {one}", Claim(le(minus, minus * whole)), "event-cases"),
        Step(f"not both sides {one}", Claim(le(plus + minus, 1)), "event-cases"),
        Step(
            f"two sides {one} from above",
            Claim(le(plus + minus, whole)),
            "combination",
            (f"one side {one}", f"other side {one}", f"not both sides {one}"),
            {"weights": (1, 1, whole)},
        ),
        Step(f"two sides {one} from below", Claim(le(whole, plus + minus)), "event-cases"),
        Step(
            f"two sides {one}",
            Claim(eq(plus + minus, whole)),
            "antisymmetry",
            (f"two sides {one} from above", f"two sides {one} from below"),
        ),
        Step(f"mean of two sides {one}", Claim(eq(E(plus) + E(minus), E(whole))), "expectation", (f"two sides {one}",)),
        Step(
            f"mirror {one}",
            Claim(eq(E(plus), E(minus)), WIDE),
            "specialise",
            ("assumption:normal-keys.mirror",),
            put,
        ),
        Step(
            f"along {one}",
            Claim(eq(E(whole), below(d)), WIDE),
            "specialise",
            ("assumption:normal-keys.along",),
            put,
        ),
        Step(
            f"chance {one}",
            Claim(eq(E(plus), _half * below(d)), WIDE),
            "combination",
            (f"mean of two sides {one}", f"mirror {one}", f"along {one}"),
            {"weights": (_half, _half, _half)},
        ),
    )


_events = (
    *two_queries.steps((0, 1), ((0, 1), (1, 0))),
    *(
        Step(
            f"query {one} is key {one}",
            Claim(eq(QueryCoordinate(one, e, w), KeyCoordinate(one, e, w))),
            "specialise",
            ("theorem:tied-setting#1",),
            {"put": {i: sp.Integer(one)}},
        )
        for one in (0, 1)
    ),
    *(step for one in (0, 1) for other in (0, 1) for step in _inner_product(one, other)),
    Step(
        "symmetry",
        Claim(eq(KeyProduct(1, 0, d, w), _between)),
        "combination",
        ("inner product 1 0", "inner product 0 1"),
        {"weights": (1, -1)},
    ),
    Step(
        "second by gap",
        Claim(eq(_second, _second_by_gap)),
        "combination",
        ("assumption:normal-keys.gap", "inner product 0 0", "inner product 1 1", "inner product 0 1"),
        {"weights": (-1, 1, 1, -2)},
    ),
    Step(
        "query 0 leaves",
        Claim(eq(pick(0, 1), _leaves[0]), WIDE),
        "rewrite",
        ("pick 0 1", "score by keys 0 0", "score by keys 0 1"),
    ),
    Step(
        "query 1 leaves",
        Claim(eq(pick(1, 0), _leaves[1]), WIDE),
        "rewrite",
        ("pick 1 0", "score by keys 1 1", "score by keys 1 0", "symmetry"),
    ),
    Step("not both", Claim(le(_both, 0)), "event-cases", because="the keys would be at a negative squared distance"),
    Step("no negative chance", Claim(le(0, _both)), "sign"),
    Step("never both", Claim(eq(_both, 0)), "antisymmetry", ("not both", "no negative chance")),
    Step(
        "leaves by gap",
        Claim(eq(_leaves[0] * _leaves[1], _both)),
        "rewrite",
        ("second by gap",),
    ),
    Step(
        "rank by leaving",
        Claim(eq(RANK, 2 - pick(0, 1) - pick(1, 0) + 2 * pick(0, 1) * pick(1, 0))),
        "combination",
        ("rank by picks", "one pick 0", "one pick 1"),
        {"weights": (1, 1 - pick(1, 0), 1 - pick(0, 1))},
    ),
    Step(
        "rank by events",
        Claim(eq(RANK, 2 - _leaves[0] - _leaves[1] + 2 * _leaves[0] * _leaves[1]), WIDE),
        "rewrite",
        ("rank by leaving", "query 0 leaves", "query 1 leaves"),
    ),
    Step(
        "rank",
        Claim(eq(RANK, 2 - _leaves[0] - _leaves[1]), WIDE),
        "combination",
        ("rank by events", "leaves by gap", "never both"),
        {"weights": (1, 2, 2)},
    ),
)

THEOREM = Theorem(
    id="tied-weights-exceed",
    title="Tied weights exceed the barrier",
    prose=(
        "With two orthonormal tokens and W_q = W_k Gaussian, E[rank] = 2 - P(chi^2_d < Z^2) at head_dim d, where Z is "
        "standard normal and independent of chi^2_d. That is 3/2, the barrier for two keys and two queries, at "
        "head_dim 1; it does not decrease with d, is 1 + 1/sqrt(2) at d = 2 and so above the barrier from there on, at "
        "least 2 - 15/(4 d), and tends to 2."
    ),
    statement=_statement,
    variables=(Variable(d, "head dimension"), Variable(w, "number of coordinates of a token")),
    assumptions=("orthonormal-tokens", "gaussian-weights", "tied-weights", "largest-scores"),
    depends_on=("tied-setting", "rank-is-occupancy", "normal-against-chi-square"),
    steps=(
        *_events,
        *_chance(0, 1),
        *_chance(1, 0),
        Step("mean", Claim(eq(E(RANK), 2 - E(_leaves[0]) - E(_leaves[1])), WIDE), "expectation", ("rank",)),
        Step(
            "other chance 1",
            Claim(eq(E(_leaves[1]), _half * below(d)), WIDE),
            "rewrite",
            ("chance 1", "symmetry"),
            {"base": True},
        ),
        Step("law", _law, "rewrite", ("mean", "chance 0", "other chance 1")),
        # What is known of that chance.
        *(
            step
            for dim in (1, 2)
            for step in (
                Step(
                    f"law at {dim}",
                    Claim(eq(_mean(dim), 2 - below(dim)), WIDE),
                    "specialise",
                    ("law",),
                    {"put": {d: sp.Integer(dim)}},
                ),
                Step(
                    f"mean at {dim}",
                    _at[dim],
                    "combination",
                    (f"law at {dim}", f"theorem:normal-against-chi-square#{dim}"),
                    {"weights": (1, -1)},
                ),
            )
        ),
        Step(
            "law at the next",
            Claim(eq(_mean(d + 1), 2 - below(d + 1)), WIDE),
            "specialise",
            ("law",),
            {"put": {d: d + 1}},
        ),
        Step(
            "grows",
            _grows,
            "combination",
            ("theorem:normal-against-chi-square#3", "law", "law at the next"),
            {"weights": (1, 1, -1)},
        ),
        Step(
            "least",
            _least,
            "combination",
            ("theorem:normal-against-chi-square#4", "law"),
            {"weights": (1, -1)},
        ),
        Step("above the barrier", Claim(lt(barrier_of(2, 2), _values[2])), "sign"),
        Step("exceeds", _exceeds, "combination", ("above the barrier", "least")),
        Step(
            "rate",
            _rate,
            "combination",
            ("theorem:normal-against-chi-square#5", "law"),
            {"weights": (1, -1)},
        ),
        Step("chance", Claim(le(0, below(d))), "sign"),
        Step("at most 2", Claim(le(_mean(d), 2), WIDE), "combination", ("chance", "law")),
        Step("limit", _limit, "limit-with-rate", ("rate", "at most 2")),
        Step(
            "statement",
            _statement,
            "conjunction",
            ("law", "mean at 1", "mean at 2", "grows", "least", "exceeds", "rate", "limit"),
        ),
    ),
)
