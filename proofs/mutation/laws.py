"""The laws of the real random quantities, for expectations of indicators of one or of independent ones."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import flint

from proofs import model
from proofs.language import TRIVIAL, Below, RandomVariable
from proofs.mutation.values import Beyond, Point, ball, evaluate, less

_REAL = (model.ChiSquare, model.KeyNorm2, model.WinnerNorm2, model.NormalMax, model.Score)


def cells(value: Any, point: Point, world: Any, given: str) -> Iterator[tuple[Any, dict[Any, Fraction]]]:
    """Cut the values of the real quantities in ``value`` where an indicator jumps.

    Yields the probability of each cell and one value of each quantity in it. The quantities must be of one kind, whose
    members are independent of each other and, in this world, of the picks.
    """
    nodes = sorted((node for node in value.atoms(RandomVariable) if isinstance(node, _REAL)), key=str)
    if not nodes:
        yield Fraction(1), {}
        return
    if given != TRIVIAL or len({type(node) for node in nodes}) > 1 or _elsewhere(value, nodes):
        raise Beyond("the quantities are not independent, or occur outside indicators")
    kind = type(nodes[0])
    if value.atoms(RandomVariable) - set(nodes) and (kind is model.Score or not world.gaussian):
        raise Beyond("the quantities depend on the picks")
    families = _members(value, nodes, point, world)
    laws = [_pieces(key, cuts, world) for key, cuts in families.items()]
    for pieces in itertools.product(*laws):
        probability: Any = Fraction(1)
        for chance, _ in pieces:
            probability = ball(probability) * ball(chance)
        yield probability, dict(zip(families, (place for _, place in pieces), strict=True))


def _elsewhere(value: Any, nodes: list[Any]) -> bool:
    gone = {node: model.x for node in value.atoms(Below) if node.args[0] in nodes}
    return bool(value.xreplace(gone).has(*nodes))


def _members(value: Any, nodes: list[Any], point: Point, world: Any) -> dict[Any, list[Any]]:
    """Return every member of the families at the point, with the values at which an indicator of it jumps."""
    found: dict[Any, list[Any]] = {}
    for indicator in value.atoms(Below):
        node, cut = indicator.args
        if node not in nodes:
            continue
        free = sorted(node.free_symbols - set(point), key=str)
        if cut.has(RandomVariable) or cut.free_symbols - set(point):
            raise Beyond("the indicator's bound varies")
        for values in itertools.product(range(4), repeat=len(free)):  # indices that a sum or product binds
            here = {**point, **{symbol: Fraction(one) for symbol, one in zip(free, values, strict=True)}}
            args = [evaluate(arg, here, world) for arg in node.args]
            key = (type(node), *(int(arg) for arg in args))
            found.setdefault(key, []).append(evaluate(cut, here, world))
    if len(found) > 5:
        raise Beyond("there are too many quantities")
    return found


def _pieces(key: Any, cuts: list[Any], world: Any) -> list[tuple[Any, Fraction]]:
    """Return the pieces of the line between the cuts, each with its probability and a number in it."""
    ends: list[Any] = []
    for cut in cuts:
        if not any(cut is one or (isinstance(cut, Fraction) and cut == one) or _overlap(cut, one) for one in ends):
            ends.append(cut)
    ends.sort(key=lambda one: float(ball(one).mid()))
    below = [_cdf(key, end, world) for end in ends]
    places = [_rational(ends[0]) - 1]
    places += [(_rational(one) + _rational(two)) / 2 for one, two in itertools.pairwise(ends)]
    places.append(_rational(ends[-1]) + 1)
    if not all(less(place, end) for place, end in zip(places, ends, strict=False)):
        raise Beyond("two cuts are too close")
    chances = [below[0], *(ball(two) - ball(one) for one, two in itertools.pairwise(below)), 1 - ball(below[-1])]
    return list(zip(chances, places, strict=True))


def _overlap(one: Any, two: Any) -> bool:
    return bool(ball(one).overlaps(ball(two)))


def _rational(value: Any) -> Fraction:
    if isinstance(value, Fraction):
        return value
    mantissa, exponent = value.mid().man_exp()
    return int(mantissa) * Fraction(2) ** int(exponent)


def _cdf(key: Any, end: Any, world: Any) -> Any:
    """Return the probability that the quantity is below ``end``."""
    kind, *args = key
    if kind in (model.Score, model.NormalMax):
        single = 1 - (ball(end) / flint.arb(2).sqrt()).erfc() / 2
        return single ** (args[0] if kind is model.NormalMax else 1)
    if kind is model.WinnerNorm2 and (not world.gaussian or args[0] > 2):
        raise Beyond("the law of the winner is not known")
    freedom = args[0] if kind is model.ChiSquare else args[2]
    if freedom == 0:
        return Fraction(int(less(Fraction(0), end)))
    if not less(Fraction(0), end):
        return Fraction(0)
    return (ball(end) / 2).gamma_lower(flint.arb(freedom) / 2, regularized=1)
