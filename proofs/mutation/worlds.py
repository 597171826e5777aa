"""Small worlds in which the picks have exact laws, to try claims in.

In a :class:`PickWorld` there are few keys and queries; the chances of the keys are finitely many rational vectors, and
given these the picks are independent. With ``gaussian`` they are those of Gaussian queries and keys, which are known
exactly for one or two keys, and in one dimension: of two keys each is picked with chance 1/2, whatever the dimension
and the lengths; in one dimension the largest and the smallest key are.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from proofs import model
from proofs.language import ALIGNED, KEYS, NORM, TRIVIAL, E, LimitOf, RandomVariable, replace
from proofs.mutation.values import Beyond, Point, ball, evaluate

System = tuple[str, int, int]
"""The picks among ``n`` keys at head dimension ``d``, or the uniform ones (with ``d`` 0)."""
State = tuple[Fraction, tuple[Fraction, ...], tuple[int, ...]]
"""A probability, the chances of the keys, and the picks."""

_MOST_STATES = 20000
_SIZES = {
    model.Pick: (1, 3),
    model.OppositePick: (1, 3),
    model.PickChance: (1, 2),
    model.Rank: (0, 2),
    model.Entry: (2, 4),
    model.KeyNorm2: (1, 2),
    model.WinnerNorm2: (0, 2),
}
_HALF = Fraction(1, 2)


class PickWorld:
    """A world of picks; see the module."""

    def __init__(self, rows: int, *, gaussian: bool, seed: int = 1) -> None:
        self.rows, self.gaussian, self.seed = rows, gaussian, seed
        self._now: dict[System, State] = {}
        self._real: dict[Any, Fraction] = {}
        self._means: dict[Any, Any] = {}

    # What is asked by the evaluation.

    def random(self, node: Any, args: list[int]) -> Any:
        """Return the value of a random quantity in the present state."""
        system = self._system(node, args)
        if system is None or system not in self._now:
            key = (type(node), *args)
            if key in self._real:
                return self._real[key]
            raise Beyond(f"{node} has no value in this world")
        _, chances, picks = self._now[system]
        if isinstance(node, model.OppositePick):
            return Fraction(_opposite(args[0], chances, picks))
        if isinstance(node, model.PickChance):
            return chances[args[0]] if args[0] < len(chances) else Fraction(0)
        return Fraction(_of_picks(node, args, picks))

    def token(self, args: list[int]) -> Any:
        """There are no token vectors in this world."""
        raise Beyond("there are no token vectors in this world")

    def limit(self, node: Any, point: Point) -> Any:
        """Return a limit along head dimensions where the dimension does not matter."""
        value, index = node.args
        if not self.gaussian or not only_a_dimension(value, index):
            raise Beyond("the limit is not known")
        found = [evaluate(value, {**point, index: Fraction(dim)}, self) for dim in (2, 5)]
        if found[0] != found[1]:
            raise Beyond("the limit is not known")
        return found[0]

    def mean(self, node: Any, point: Point) -> Any:
        """Return an expectation, conditional on what the present state says."""
        systems = self.systems(node.value, point)
        labels = tuple(self._label(system, node.given) for system in systems)
        free = tuple(sorted(((str(s), point[s]) for s in node.free_symbols if s in point), key=str))
        key = (node, free, labels)
        if key not in self._means:
            self._means[key] = self._mean(node, point, systems, labels)
        return self._means[key]

    # How it is answered.

    def states(self, expr: Any, point: Point) -> Iterator[None]:
        """Go through all states of the systems that ``expr`` depends on."""
        systems = self.systems(_without_constants(expr), point)
        choices = [self._atoms(system) for system in systems]
        self._check(choices)
        for states in itertools.product(*choices):
            self._now = dict(zip(systems, states, strict=True))
            yield
        self._now = {}

    def systems(self, expr: Any, point: Point) -> list[System]:
        """Return the systems that an expression is about."""
        found: dict[System, None] = {}
        for node in sorted(expr.atoms(RandomVariable), key=str):
            places = _SIZES.get(type(node), ())
            if isinstance(node, (model.KeyNorm2, model.WinnerNorm2)):
                continue
            if isinstance(node, (model.UniformPick, model.Occupied)):
                size = node.args[1] if isinstance(node, model.UniformPick) else node.args[0]
                found["uniform", _number(size, point, self), 0] = None
            elif places:
                sizes = [_number(node.args[place], point, self) for place in places]
                found["attention", sizes[0], sizes[1]] = None
        return list(found)

    def _system(self, node: Any, args: list[int]) -> System | None:
        if isinstance(node, model.UniformPick):
            return ("uniform", args[1], 0)
        if isinstance(node, model.Occupied):
            return ("uniform", args[0], 0)
        if type(node) in _SIZES and not isinstance(node, (model.KeyNorm2, model.WinnerNorm2)):
            keys, dim = _SIZES[type(node)]
            return ("attention", args[keys], args[dim])
        return None

    def _atoms(self, system: System) -> list[State]:
        kind, keys, dim = system
        if keys < 1 or keys**self.rows > _MOST_STATES:
            raise Beyond("there are too many keys")
        vectors = [(Fraction(1), (Fraction(1, keys),) * keys)] if kind == "uniform" else self._chances(keys, dim)
        atoms = []
        for weight, chances in vectors:
            for picks in itertools.product(range(keys), repeat=self.rows):
                probability = weight
                for pick in picks:
                    probability *= chances[pick]
                if probability:
                    atoms.append((probability, chances, picks))
        return atoms

    def _chances(self, keys: int, dim: int) -> list[tuple[Fraction, tuple[Fraction, ...]]]:
        """Return the law of the chances of the keys."""
        if keys == 1:
            return [(Fraction(1), (Fraction(1),))]
        if self.gaussian:
            if keys > 2 and dim != 1:
                raise Beyond("the chances are not known")
            vector = (_HALF, _HALF, *(Fraction(0),) * (keys - 2))
            vectors = set(itertools.permutations(vector))
            return [(Fraction(1, len(vectors)), one) for one in sorted(vectors)]
        vectors_of = []
        for number in range(2):
            mixed = self.seed * 7 + 3 * keys + 5 * dim + number * 11
            weights = [(mixed + place * place * 13) % 10 for place in range(keys)] if number else [1] * keys
            weights = weights if any(weights) else [1] * keys
            vectors_of.append(tuple(Fraction(weight, sum(weights)) for weight in weights))
        orders = [one for vector in vectors_of for one in itertools.permutations(vector)]
        return [(Fraction(1, len(orders)), one) for one in orders]

    def _label(self, system: System, given: str) -> Any:
        if given == TRIVIAL or system[0] == "uniform":
            return None
        if system not in self._now:
            raise Beyond("nothing is known yet of what is given")
        return self._known(self._now[system], given, system)

    def _known(self, state: State, given: str, system: System) -> Any:
        _, chances, picks = state
        if given == KEYS:
            return chances
        if given not in (NORM, ALIGNED) or (self.gaussian and system[1] > 2):
            raise Beyond(f"{given} has no meaning in this world")
        return chances[0] if given == NORM else (chances[0], picks[:1] == (0,))

    def _mean(self, node: Any, point: Point, systems: list[System], labels: tuple[Any, ...]) -> Any:
        choices = []
        for system, label in zip(systems, labels, strict=True):
            atoms = self._atoms(system)
            if label is not None:
                atoms = [one for one in atoms if self._known(one, node.given, system) == label]
            choices.append(atoms)
        self._check(choices)
        before, total, weight = self._now, Fraction(0), Fraction(0)
        try:
            for states in itertools.product(*choices):
                probability = Fraction(1)
                for state in states:
                    probability *= state[0]
                self._now = {**before, **dict(zip(systems, states, strict=True))}
                value = self._over_reals(node, point)
                total = _plus(total, probability, value)
                weight += probability
        finally:
            self._now = before
        return total / weight if isinstance(total, Fraction) else total / ball(weight)

    def _over_reals(self, node: Any, point: Point) -> Any:
        """Return the mean over the variables with a density, which may occur in indicators alone."""
        from proofs.mutation.laws import cells

        total: Any = Fraction(0)
        before = dict(self._real)
        try:
            for probability, values in cells(node.value, point, self, node.given):
                self._real = {**before, **values}
                total = _plus(total, probability, evaluate(node.value, point, self))
        finally:
            self._real = before
        return total

    def _check(self, choices: list[list[State]]) -> None:
        size = 1
        for atoms in choices:
            size *= len(atoms)
        if size > _MOST_STATES:
            raise Beyond("there are too many states")


def _opposite(row: int, chances: tuple[Fraction, ...], picks: tuple[int, ...]) -> int:
    """Return what the opposite of a query picks where at most two keys have a chance: the other one, if there is."""
    possible = [place for place, chance in enumerate(chances) if chance]
    if row >= len(picks) or len(possible) > 2 or len({chances[place] for place in possible}) > 1:
        raise Beyond("what the opposite of a query picks is not known")
    return next((place for place in possible if place != picks[row]), picks[row])


def _of_picks(node: Any, args: list[int], picks: tuple[int, ...]) -> int:
    row = args[0] if isinstance(node, (model.Pick, model.UniformPick, model.Entry)) else 0
    count = args[1] if isinstance(node, (model.Rank, model.Occupied)) else 0
    if row >= len(picks) or count > len(picks):
        raise Beyond("there are too many queries")
    if isinstance(node, model.Entry):
        return int(picks[row] == args[1])
    if isinstance(node, (model.Rank, model.Occupied)):
        return len(set(picks[:count]))
    return picks[row]


def _plus(total: Any, weight: Any, value: Any) -> Any:
    if all(isinstance(one, Fraction) for one in (total, weight, value)):
        return total + weight * value
    return ball(total) + ball(weight) * ball(value)


def _number(value: Any, point: Point, world: Any) -> int:
    found = evaluate(value, point, world)
    if not isinstance(found, Fraction) or found.denominator != 1:
        raise Beyond(f"{value} is no whole number")
    return found.numerator


def _without_constants(expr: Any) -> Any:
    """Return the expression without the limits and expectations in it that do not depend on chance."""
    gone = {node: model.x for node in expr.atoms(LimitOf, E) if isinstance(node, LimitOf) or node.given == TRIVIAL}
    return replace(expr, gone)


def only_a_dimension(value: Any, index: Any) -> bool:
    """Whether ``index`` occurs only as the head dimension of picks and ranks."""
    gone = {}
    for node in value.atoms(RandomVariable):
        if type(node) in _SIZES:
            gone[node] = node.func(*node.args[:-1])
    return not value.xreplace(gone).has(index)
