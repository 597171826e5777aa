"""The rules in `proofs.rules.indicators` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
from rule_steps import (
    GAUSS,
    C,
    M,
    accepts_fewer,
    p,
    q,
    refuses,
    s,
    v,
)

from proofs.language import (
    Below,
    Claim,
    E,
    Lim,
    eq,
    le,
    lt,
)
from proofs.model import (
    KeyNorm2,
    Radius,
    d,
    n,
    x,
)
from proofs.rules import indicators

RULES = {rule.name: rule for rule in indicators.RULES}
HIGH, LONG = 1 - Below(M, p), 1 - Below(Radius(d), p)
SQUARES = Claim(le(p**2, v**2), (le(p, v),))
ON_HIGH = {"events": (HIGH,), "put": {v: M}}
LENGTH = Claim(le(p**2, v), (eq(v, x**2), le(p, x)))
ON_LONG = {"events": (LONG,), "put": {v: KeyNorm2(0, n, d), x: Radius(d)}}
SQUARES_DOWN = Claim(lt(-(v**2), -(p**2)), (lt(-v, -p),))

# rule, claim, premises, args
TRUE = [
    ("on-events", Claim(le(HIGH * p**2, HIGH * M**2)), (SQUARES,), ON_HIGH),
    ("on-events", Claim(le(LONG * p**2, LONG * KeyNorm2(0, n, d))), (LENGTH, GAUSS["length"]), ON_LONG),
    (
        "event-inclusion",
        Claim(le(Below(-M, -p), Below(-(M**2), -(p**2)))),
        (SQUARES_DOWN,),
        {"events": (Below(-M, -p),), "put": {v: M}},
    ),
    (
        "event-inclusion",
        Claim(le(HIGH * Below(C, x), 1 - Below(M**2, p**2))),
        (SQUARES,),
        {"events": (HIGH, Below(C, x)), "put": {v: M}},
    ),
    ("event-cases", Claim(le(1 - (M - x) ** 2 / p**2, (1 - Below(M, x - p)) * Below(M, x + p))), (), {}),
    ("event-cases", Claim(le(1 - Below(C, p), C / p)), (), {}),
]

FALSE = [
    ("on-events", Claim(le(p**2, M**2)), (SQUARES,), ON_HIGH),  # without the event
    ("on-events", Claim(le(Below(M, p) * p**2, Below(M, p) * M**2)), (SQUARES,), {**ON_HIGH, "events": (Below(M, p),)}),
    (
        "on-events",  # the event is about something else
        Claim(le((1 - Below(C, p)) * p**2, (1 - Below(C, p)) * M**2)),
        (SQUARES,),
        {**ON_HIGH, "events": (1 - Below(C, p),)},
    ),
    (
        "on-events",  # a mean is no larger where the variable is large
        Claim(le(HIGH * p**2, HIGH * E(M) ** 2)),
        (SQUARES,),
        {**ON_HIGH, "put": {v: E(M)}},
    ),
    (
        "on-events",  # for every number, almost surely, is not for a random number
        Claim(le(HIGH * Below(M, M), HIGH * 0)),
        (Claim(le(Below(v, M), 0), (le(p, v),)),),
        ON_HIGH,
    ),
    ("on-events", Claim(le(HIGH * M, HIGH * M**2)), (Claim(le(s, s**2), (le(1, s),)),), {**ON_HIGH, "put": {s: M}}),
    (
        "on-events",  # a limit of a random quantity
        Claim(le(HIGH * Lim(M / q, q), HIGH * 0)),
        (Claim(le(Lim(v / q, q), 0), (le(p, v),)),),
        ON_HIGH,
    ),
    (
        "on-events",  # the fact holds for some values only
        Claim(le(LONG * p**2, LONG * KeyNorm2(0, n, d))),
        (LENGTH, Claim(GAUSS["length"].conclusion, (le(2, d),))),
        ON_LONG,
    ),
    (
        "event-inclusion",  # where -M is small, M^2 is large, not the other way round
        Claim(le(Below(-(M**2), -(p**2)), Below(-M, -p))),
        (SQUARES_DOWN,),
        {"events": (Below(-(M**2), -(p**2)),), "put": {v: M}},
    ),
    (
        "event-inclusion",  # M = p is in the event on the left alone
        Claim(le(HIGH, Below(-(M**2), -(p**2)))),
        (SQUARES_DOWN,),
        {"events": (HIGH,), "put": {v: M}},
    ),
    (
        "event-inclusion",  # an event more on the right
        Claim(le(HIGH, (1 - Below(M**2, p**2)) * Below(C, x))),
        (SQUARES,),
        ON_HIGH,
    ),
    ("event-cases", Claim(le(1 - (M - x) ** 2 / p**2, Below(M, x + p / 2))), (), {}),
    ("event-cases", Claim(le(1 - Below(M, p), M / p)), (), {}),  # M may be negative
    ("event-cases", Claim(le(E(1 - Below(M, p)), M / p)), (), {}),
    ("event-cases", Claim(le(Below(M, x), Below(M, x - p))), (), {}),
    ("event-cases", Claim(le(Below(M, x) * Below(C, x), 0)), (), {}),
    ("event-cases", Claim(le(Below(Below(M, x), 1), Below(M, x))), (), {}),
]


@pytest.mark.parametrize(("rule", "claim", "premises", "args"), TRUE, ids=[case[0] for case in TRUE])
def test_accepts_a_true_step(rule, claim, premises, args):
    assert RULES[rule].apply(claim, list(premises), args)


@pytest.mark.parametrize(("rule", "claim", "premises", "args"), FALSE, ids=[case[0] for case in FALSE])
def test_does_not_accept_a_false_step(rule, claim, premises, args):
    assert refuses(RULES[rule], claim, premises, args)


@pytest.mark.parametrize("cases", [TRUE, FALSE], ids=["true", "false"])
def test_every_rule_is_tried(cases):
    assert {case[0] for case in cases} == set(RULES)


def test_dropping_a_premise_is_never_accepted():
    for rule, claim, premises, args in TRUE:
        assert not accepts_fewer(RULES[rule], claim, premises, args)
