"""What the tests of the rules share: the steps' words, and what is asked of every family of rules."""

from __future__ import annotations

import sympy as sp

from proofs.language import (
    Claim,
    E,
    LimSup,
    eq,
    le,
    lt,
)
from proofs.model import (
    ASSUMPTIONS,
    ChiSquare,
    NormalMax,
    Occupied,
    Rank,
    UniformPick,
    chance,
    d,
    hit,
    i,
    j,
    m,
    n,
    occupied,
    over_keys,
    x,
)
from proofs.rules.base import Refused, Unknown

p = sp.Symbol("p", positive=True)
s = sp.Symbol("s", positive=True)
v = sp.Symbol("v", real=True)
ROWS = (i, 0, m - 1)
UNIT = (lt(0, x), lt(x, 1))
GAUSS = ASSUMPTIONS["gaussian-queries-and-keys"].grants
IID = ASSUMPTIONS["independent-queries"].grants
MISS = sp.Product(1 - hit(i, j), ROWS)
COUNT = sp.Sum(hit(i, j), ROWS)
BALL = sp.KroneckerDelta(UniformPick(i, n), j)
RANK = Claim(eq(Rank(n, m, d), occupied(hit(i, j))))
OCCUPIED = Claim(eq(Occupied(n, m), occupied(BALL)))
MEAN = E(Rank(n, n, d))
GROWTH = LimSup(sp.log(MEAN) / sp.log(n), n)
M, C = NormalMax(n), ChiSquare(d)
TOTAL = Claim(eq(over_keys(chance(j)), 1))
MOST = Claim(le(chance(j), 1))
alpha, beta, gamma = sp.symbols("alpha beta gamma", real=True)
q = sp.Symbol("q", integer=True, positive=True)


def refuses(rule, claim, premises, args):
    """Whether the rule ran and did not accept; a step that it cannot even read is a mistake of the test."""
    try:
        rule.apply(claim, list(premises), args)
    except (Refused, Unknown):
        return True
    return False


def accepts_fewer(rule, claim, premises, args):
    """Return the numbers of the premises without each of which the rule still accepts."""
    found = []
    for place in range(len(premises)):
        try:
            rule.apply(claim, [*premises[:place], *premises[place + 1 :]], args)
        except (Refused, Unknown, KeyError, IndexError, ValueError):
            continue
        found.append(place)
    return found
