"""The sign of an elementary function of one variable on an interval, by ball arithmetic and bisection."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.constants import Box, enclose
from proofs.rules.base import Refused, Rule, Unknown, relation_of, single
from proofs.signs import bounds, proves

_LIMITS = {"boxes": (512, 4096), "depth": (24, 64), "precision": (64, 1024)}
"""What is used unless an argument says otherwise, and the most that an argument may say."""

_MOST_WORDS = 2_000_000
"""How many words of the language are evaluated at most: boxes times the size of the relation."""

_ELEMENTARY = (sp.Rational, type(sp.E), type(sp.pi), sp.Add, sp.Mul, sp.Pow, sp.exp, sp.log)


def _ball_bisection(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, len(premises))
    relation = relation_of(claim, sp.Le, sp.Lt)
    symbol = args["variable"]
    if not (isinstance(symbol, sp.Symbol) and symbol.is_real) or symbol.is_integer:
        raise Refused(f"{symbol} is no real variable")
    if relation.free_symbols != {symbol}:
        raise Refused(f"the relation is not about {symbol} alone")
    for node in sp.preorder_traversal(sp.Tuple(relation.lhs, relation.rhs)):
        if node != symbol and not isinstance(node, (*_ELEMENTARY, sp.Tuple)):
            raise Refused(f"{node} is not elementary")
    if any(_end(condition, symbol) is None for condition in claim.where):
        raise Refused(f"the domain is no interval in {symbol} with rational ends")
    low, high = bounds(symbol, claim.where)
    for premise in premises:
        bound, is_low = _tail(premise, relation, claim.where, symbol)
        (high if is_low else low).append((bound, False))
    if not low or not high:
        raise Refused("the interval has no end on one side, and no premise takes over there")
    left, open_left = max(low)
    right, open_right = min((bound, not is_strict) for bound, is_strict in high)
    if left > right or (left == right and (open_left or not open_right)):
        raise Refused("no number is left for the balls")
    number = _cover(relation, symbol, left, right, {name: _argument(args, name) for name in _LIMITS})
    return f"{number} balls that cover the interval from {left} to {right}"


def _end(condition: Any, symbol: Any) -> tuple[Any, bool] | None:
    """Return the rational end that a condition gives the symbol, and whether it is the lower one."""
    if isinstance(condition, (sp.Le, sp.Lt)):
        for end, other, is_low in ((condition.lhs, condition.rhs, True), (condition.rhs, condition.lhs, False)):
            if end.is_Rational and other == symbol:
                return end, is_low
    return None


def _tail(premise: Any, relation: Any, where: tuple[Any, ...], symbol: Any) -> tuple[Any, bool]:
    """Return where the half-line begins on which the premise is the claim, and whether it goes up."""
    if premise.conclusion != relation:
        raise Refused("a premise is not the claim on a half-line")
    extra = [_end(condition, symbol) for condition in premise.where if not proves(condition, where)]
    if len(extra) != 1 or extra[0] is None:
        raise Refused(f"a premise is not the claim with one rational bound on {symbol} more")
    return extra[0]


def _argument(args: Mapping[str, Any], name: str) -> int:
    usual, most = _LIMITS[name]
    value = args.get(name, usual)
    if type(value) is not int or not 1 <= value <= most:
        raise Refused(f"{name} is {value}, not a whole number from 1 to {most}")
    return value


def _cover(relation: Any, symbol: Any, left: Any, right: Any, limits: Mapping[str, int]) -> int:
    """Return how many intervals covered the whole, on each of which a ball showed the relation to hold strictly.

    A second ball is made by the mean value theorem: f(x) is f(middle) + f'(between) (x - middle), and the slope has a
    variable of its own since it is taken elsewhere.
    """
    gap = relation.rhs - relation.lhs
    middle, between = sp.Dummy("middle", real=True), sp.Dummy("between", real=True)
    slope = sp.diff(gap, symbol).xreplace({symbol: between})
    forms = (gap, gap.xreplace({symbol: middle}) + slope * (symbol - middle))
    sides = (relation.lhs, relation.rhs)
    words = sum(1 for expr in (*sides, *forms) for _ in sp.preorder_traversal(expr))
    most = min(limits["boxes"], _MOST_WORDS // words)
    waiting = deque([(left, right, 0)])  # the widest first: a false part is found before a root uses up the depth
    looked, shown = 0, 0
    while waiting:
        start, end, depth = waiting.popleft()
        looked += 1
        if looked > most:
            raise Unknown(f"{most} boxes are not enough; the next is from {start} to {end}")
        centre = (start + end) / 2
        box = {symbol: (start, end), between: (start, end), middle: (centre, centre)}
        found = _sign_on(box, sides, forms, limits["precision"])
        if found == "+":
            shown += 1
        elif found == "-":
            raise Refused(f"the relation is false for {symbol} from {start} to {end}")
        elif depth == limits["depth"] or start == end:
            raise Unknown(f"the sign is not decided for {symbol} from {start} to {end}")
        else:
            waiting += [(start, centre, depth + 1), (centre, end, depth + 1)]
    return shown


def _sign_on(box: Box, sides: tuple[Any, ...], forms: tuple[Any, ...], precision: int) -> str | None:
    """Return the sign that the ball of one of the forms shows on the box, on which the sides must be defined."""
    if any(enclose(side, precision, box) is None for side in sides):  # the difference may be defined all the same
        return None
    for form in forms:
        ball = enclose(form, precision, box)
        if ball is not None and (ball > 0 or ball < 0):
            return "+" if ball > 0 else "-"
    return None


RULES = (
    Rule(
        "ball-bisection",
        _ball_bisection,
        "ball arithmetic on a cover of the interval",
        "A ball contains every value that the difference of the sides takes on its interval, directly or by the mean "
        "value theorem; if the intervals cover the domain and every ball is positive, the strict inequality holds. "
        "Where a premise has the claim on a half-line, only the rest is covered.",
        ("flint.arb", "sympy.diff"),
    ),
)
