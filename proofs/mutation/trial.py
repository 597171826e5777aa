"""A claim tried at many points, in worlds where it can be evaluated: found false somewhere, or not."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from proofs.language import All, Claim, Exists, Lim, RandomVariable
from proofs.literature import LITERATURE
from proofs.model import (
    ASSUMPTIONS,
    Entry,
    KeyCoordinate,
    KeyWeight,
    Occupied,
    Pick,
    PickChance,
    QueryCoordinate,
    QueryWeight,
    Rank,
    Token,
    UniformPick,
    d,
    granted,
)
from proofs.mutation.values import Beyond, Undefined, ball, evaluate, less
from proofs.mutation.weight_world import WeightWorld
from proofs.mutation.worlds import PickWorld, only_a_dimension
from proofs.records import Theorem

_GENERAL = (Pick, PickChance, Rank, Entry, UniformPick, Occupied)
_WEIGHTS = (QueryWeight, KeyWeight, QueryCoordinate, KeyCoordinate)
_ORDINARY = {"one-pick-per-row", "independent-queries", "identical-queries", "uniform-occupancy"}
"""Assumptions that hold in every world of picks."""
_ELSEWHERE = {"antipodal-tokens", "tied-weights", "normal-keys", "zero-token", "layers-agree"}
"""Assumptions that no world here meets: tokens are orthonormal in them, and queries and keys independent."""
_REALS = tuple(Fraction(v) for v in ("1", "1/2", "2", "1/3", "3/2", "3", "1/7", "5", "99/100", "1/50", "12", "101/100"))
_POINTS, _SMALL = 60, 12


@dataclass(frozen=True, slots=True)
class Trial:
    """At how many points a claim was evaluated, and at which of them it is false."""

    points: int
    failure: str = ""

    @property
    def refuted(self) -> bool:
        """Whether the claim is false."""
        return bool(self.failure)


def leans_on(theorem: Theorem, name: str, library: Mapping[str, Theorem]) -> set[str]:
    """Return the assumptions that the premises of a step go back to."""
    steps = {step.name: step for step in theorem.steps}
    found: set[str] = set()
    todo, seen = [name], set()
    while todo:
        here = todo.pop()
        if here in seen or here not in steps:
            continue
        seen.add(here)
        for premise in steps[here].premises:
            kind, _, rest = premise.partition(":")
            if not rest:
                todo.append(premise)
            elif kind == "assumption":
                found.add(rest.partition(".")[0])
            elif kind == "theorem":
                found |= set(library[rest.partition("#")[0]].assumptions)
            elif kind == "cite":
                found |= set(LITERATURE[rest.partition("#")[0]].needs)
    return granted(tuple(found)) if found <= set(ASSUMPTIONS) else found


def try_claim(claim: Claim | All, assumed: set[str], *, seed: int = 0, most: int = 60) -> Trial:
    """Evaluate a claim at random points.

    Parameters
    ----------
    claim : Claim or All
    assumed : set of str
        From :func:`leans_on`: assumptions the claim was derived from, which say in which worlds it has to hold.
    seed : int, optional
        Another seed gives other points.
    most : int, optional
        At how many points at most.
    """
    if isinstance(claim, All):
        trials = [try_claim(part, assumed, seed=seed, most=most) for part in claim.parts]
        bad = next((trial for trial in trials if trial.refuted), None)
        return Trial(sum(trial.points for trial in trials), bad.failure if bad else "")
    points = 0
    for world in _worlds(claim, assumed):
        for point in _points(claim, world, seed):
            outcome = _at(claim, point, world)
            if outcome is None:
                continue
            points += 1
            if outcome:
                return Trial(points, outcome)
            if points >= most:
                return Trial(points)
    return Trial(points)


def _worlds(claim: Claim, assumed: set[str]) -> list[Any]:
    kinds = {type(node) for node in claim.conclusion.atoms(RandomVariable)}
    if assumed & _ELSEWHERE and (kinds or claim.conclusion.has(Token)):
        return []
    if claim.conclusion.has(Token) or kinds & set(_WEIGHTS):
        return [WeightWorld()] if kinds <= set(_WEIGHTS) else []
    if not kinds:
        return [PickWorld(1, gaussian=True)]
    worlds: list[Any] = [PickWorld(2, gaussian=True), PickWorld(3, gaussian=True)]
    if kinds <= set(_GENERAL) and assumed <= _ORDINARY:
        worlds = [PickWorld(rows, gaussian=False, seed=seed) for rows, seed in ((2, 1), (2, 2), (3, 3))] + worlds
    return worlds


def _points(claim: Claim, world: Any, seed: int) -> Iterator[dict[Any, Fraction]]:
    """Yield points of the domain, of small whole numbers where something is random, also on the domain's edge."""
    free = sorted(claim.free_symbols, key=str)
    chosen = random.Random(f"{seed}")
    small = claim.conclusion.has(RandomVariable, Token, sp.Sum, sp.Product)
    tried = set()
    for _ in range(_SMALL * 6 if small else _POINTS * 6):
        point = {symbol: _draw(symbol, chosen, small=small) for symbol in free}
        point = _on_the_edge(claim, point, chosen)
        key = tuple(point.values())
        if key not in tried and _in_domain(claim, point):
            tried.add(key)
            yield point
        if len(tried) >= (_SMALL if small else _POINTS):
            return


def _draw(symbol: Any, chosen: random.Random, *, small: bool) -> Fraction:
    if symbol.is_integer:
        least = 1 if symbol.is_positive else 0
        most = 3 if small else chosen.choice((4, 12, 60))
        value = Fraction(chosen.randint(least, most))
    else:
        value = chosen.choice(_REALS)
        if not symbol.is_positive and chosen.random() < 0.15:
            value = Fraction(0)
    return -value if symbol.is_nonnegative is None and chosen.random() < 0.4 else value


def _on_the_edge(claim: Claim, point: dict[Any, Fraction], chosen: random.Random) -> dict[Any, Fraction]:
    """Move a symbol that a condition bounds to the bound, or a little inside, now and then."""
    for condition in claim.where:
        if not isinstance(condition, sp.Eq) and (not isinstance(condition, (sp.Le, sp.Lt)) or chosen.random() < 0.5):
            continue
        left, right = condition.args
        for symbol, bound, side in ((left, right, -1), (right, left, 1)):
            if symbol in point and not bound.has(symbol):
                try:
                    value = evaluate(bound, point)
                except (Beyond, Undefined):
                    continue
                if not isinstance(value, Fraction):
                    continue
                steps = 0 if isinstance(condition, sp.Eq) else chosen.choice((0, 0, 1, 2))
                inward = Fraction(steps, 1 if symbol.is_integer else 7)
                moved = {**point, symbol: value + side * inward}
                if _has_type(symbol, moved[symbol]):
                    point = moved
                    break
    return point


def _has_type(symbol: Any, value: Fraction) -> bool:
    if symbol.is_integer and value.denominator != 1:
        return False
    return not (symbol.is_positive and value <= 0) and not (symbol.is_nonnegative and value < 0)


def _in_domain(claim: Claim, point: Mapping[Any, Fraction]) -> bool:
    try:
        return all(_has_type(symbol, value) for symbol, value in point.items()) and all(
            holds(condition, point, None) for condition in claim.where
        )
    except (Beyond, Undefined):
        return False


def holds(relation: Any, point: Mapping[Any, Fraction], world: Any) -> bool:
    """Whether a relation holds at a point."""
    left, right = (evaluate(side, point, world) for side in relation.args)
    if isinstance(relation, sp.Lt):
        return less(left, right)
    if isinstance(relation, sp.Le):
        return not less(right, left)
    try:
        different = less(left, right) or less(right, left)
    except Beyond:
        if isinstance(relation, sp.Ne):
            raise
        return True  # two balls that overlap do not refute an equation
    return different if isinstance(relation, sp.Ne) else not different


def _at(claim: Claim, point: dict[Any, Fraction], world: Any) -> str | None:
    """Return why the claim is false at the point, nothing if it is not, ``None`` if that cannot be told."""
    relation = claim.conclusion
    if isinstance(relation, Exists):
        index, relation = relation.args
        if not (index == d and world.gaussian and only_a_dimension(relation, index)):
            return None
        point = {**point, index: Fraction(2)}  # one that says nothing if the dimension matters
    if not isinstance(relation, sp.core.relational.Relational):
        return None
    if isinstance(relation.lhs, Lim) and isinstance(relation, sp.Eq) and not relation.has(RandomVariable):
        return _tends(relation, point)
    found = None
    try:
        for _ in world.states(relation, point):
            found = ""
            if not holds(relation, point, world):
                return "false at " + _show(point)
    except Undefined as error:
        return f"undefined ({error}) at " + _show(point)
    except Beyond:
        return None
    return found


def _tends(relation: Any, point: Mapping[Any, Fraction]) -> str | None:
    """Return why a sequence does not seem to tend to a number: it comes no closer from 10^20 to 10^1280."""
    value, index = relation.lhs.args
    try:
        limit = ball(evaluate(relation.rhs, point))
        far = [
            abs(ball(evaluate(value, {**point, index: Fraction(10**power)})) - limit) for power in (20, 80, 320, 1280)
        ]
    except Undefined as error:
        return f"undefined ({error}) for large {index} at " + _show(point)
    except Beyond:
        return None
    return f"not tended to at {_show(point)}" if far[0] <= far[1] <= far[2] <= far[3] and far[3] > 0 else ""


def _show(point: Mapping[Any, Fraction]) -> str:
    return ", ".join(f"{symbol} = {value}" for symbol, value in point.items()) or "every point"
