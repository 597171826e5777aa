"""Opposite tokens: two queries never pick the same key, so that the rank is always above the barrier."""

import sympy as sp

from proofs.language import All, Below, Claim, E, eq, le, lt
from proofs.model import (
    KeyCoordinate,
    KeyWeight,
    QueryCoordinate,
    QueryWeight,
    barrier_of,
    d,
    e,
    i,
    j,
    w,
)
from proofs.records import Step, Theorem, Variable
from proofs.theorems import two_queries
from proofs.theorems.ideal_setting import row
from proofs.theorems.two_queries import RANK, WIDE, pick, score

_s = score(0, 0)
_positive, _negative = Below(-_s, _s), Below(_s, -_s)
_always = Claim(eq(RANK, 2), WIDE)
_mean = Claim(eq(E(RANK), 2), WIDE)
_exceeds = Claim(lt(barrier_of(2, 2), E(RANK)), WIDE)
_statement = All((_always, _mean, _exceeds))


def _opposite(name: str, word: type, weight: type, grant: str) -> tuple[Step, ...]:
    """Return the steps to row 1 of a product with the tokens being the opposite of row 0."""
    rows = [row(sp.Integer(number), weight) for number in (0, 1)]
    return (
        *(
            Step(
                f"{name} {number}",
                Claim(eq(word(number, e, w), rows[number])),
                "specialise",
                (f"assumption:gaussian-weights.{grant}",),
                {"put": {i: sp.Integer(number)}},
            )
            for number in (0, 1)
        ),
        Step(
            f"{name} 1 by token 0",
            Claim(eq(word(1, e, w), -rows[0])),
            "rewrite",
            (f"{name} 1", "assumption:antipodal-tokens.opposite"),
        ),
        Step(
            f"opposite {name}",
            Claim(eq(word(1, e, w), -word(0, e, w))),
            "combination",
            (f"{name} 1 by token 0", f"{name} 0"),
        ),
    )


def _score(query: int, key: int) -> tuple[Step, ...]:
    """Return the steps from a score to that of query 0 and key 0."""
    place, sign = f"{query} {key}", (-1) ** (query + key)
    products = [
        sp.Sum(QueryCoordinate(at, e, w) * KeyCoordinate(to, e, w), (e, 0, d - 1)) for at, to in ((query, key), (0, 0))
    ]
    defined = Step(
        f"score {place}",
        Claim(eq(score(query, key), products[0])),
        "specialise",
        ("assumption:largest-scores.score",),
        {"put": {i: sp.Integer(query), j: sp.Integer(key)}},
    )
    if query == key == 0:
        return (defined,)
    return (
        defined,
        Step(
            f"product {place}",
            Claim(eq(score(query, key), sign * products[1])),
            "rewrite",
            (f"score {place}", *(["opposite query"] * query), *(["opposite key"] * key)),
        ),
        Step(
            f"sign {place}",
            Claim(eq(score(query, key), sign * _s)),
            "combination",
            (f"product {place}", "score 0 0"),
            {"weights": (1, -sign)},
        ),
    )


THEOREM = Theorem(
    id="antipodal-tokens-exceed",
    title="Opposite tokens exceed the barrier",
    prose=(
        "With two tokens x and -x, queries and keys made of them by two matrices, and different scores in a row, the "
        "two queries pick different keys: at every head_dim the rank is 2, always, against the barrier of 3/2 for two "
        "keys and two queries."
    ),
    statement=_statement,
    variables=(Variable(d, "head dimension"), Variable(w, "number of coordinates of a token")),
    assumptions=("antipodal-tokens", "gaussian-weights", "largest-scores"),
    depends_on=("rank-is-occupancy",),
    steps=(
        *two_queries.steps((0,), ((0, 0), (0, 1), (1, 0), (1, 1))),
        *_opposite("query", QueryCoordinate, QueryWeight, "queries"),
        *_opposite("key", KeyCoordinate, KeyWeight, "keys"),
        *(step for query in (0, 1) for key in (0, 1) for step in _score(query, key)),
        *(
            Step(
                f"by sign {query} {key}",
                Claim(eq(pick(query, key), _positive if query == key else _negative), WIDE),
                "rewrite",
                (
                    f"pick {query} {key}",
                    *(f"sign {query} {other}" for other in (0, 1) if (query, other) != (0, 0)),
                ),
            )
            for query in (0, 1)
            for key in (0, 1)
        ),
        Step("not both signs", Claim(le(_positive * _negative, 0)), "event-cases"),
        Step("no negative chance", Claim(le(0, _positive * _negative)), "sign"),
        Step("one sign", Claim(eq(_positive * _negative, 0)), "antisymmetry", ("not both signs", "no negative chance")),
        Step(
            "some sign",
            Claim(eq(_positive + _negative, 1), WIDE),
            "combination",
            ("one pick 0", "by sign 0 0", "by sign 0 1"),
            {"weights": (1, -1, -1)},
        ),
        Step(
            "rank by signs",
            Claim(eq(RANK, 2 - 2 * (1 - _positive) * (1 - _negative)), WIDE),
            "rewrite",
            ("rank by picks", *(f"by sign {query} {key}" for query in (0, 1) for key in (0, 1))),
        ),
        Step(
            "always",
            _always,
            "combination",
            ("rank by signs", "some sign", "one sign"),
            {"weights": (1, 2, -2)},
        ),
        Step("mean", _mean, "expectation", ("always",)),
        Step("below two", Claim(lt(barrier_of(2, 2), 2)), "sign"),
        Step("exceeds", _exceeds, "combination", ("below two", "mean"), {"weights": (1, -1)}),
        Step("statement", _statement, "conjunction", ("always", "mean", "exceeds")),
    ),
)
