"""Whether a claim holds at one size in one model, instance by instance."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, Protocol

import flint
import sympy as sp

from proofs.cases.evaluation import Env, UnsupportedError, ball, common, evaluate
from proofs.cases.record import FAILS, HOLDS, UNDECIDED, WORST_FIRST, SmallCase
from proofs.language import All, Claim, Exists, replace
from proofs.records import Theorem

_AGREE = flint.arb(2) ** -36
"""Two balls count as equal if they are shown to be this close; the balls of this package are narrower by far."""
_SIGN = {sp.Eq: "=", sp.Le: "<=", sp.Lt: "<", sp.Ne: "!="}


class Model(Protocol):
    """Where a claim is read."""

    @property
    def setting(self) -> str:
        """The model in words."""

    @property
    def sizes(self) -> Mapping[Any, Any]:
        """The values of the symbols for sizes."""

    def head(self, expr: Any, env: Env) -> Any:
        """Value a head that depends on chance."""

    def outcomes(self, relation: Any) -> Iterable[Env]:
        """Yield what may happen: a claim about random quantities says that it holds in each of these."""


def read(
    theorem: Theorem,
    model: Model,
    ranges: Mapping[str, Iterable[Any]] | None = None,
    *,
    ranged_only: bool = False,
) -> Iterator[SmallCase]:
    """Yield a case for each part of the statement to which the model gives a meaning.

    Parameters
    ----------
    theorem : Theorem
        Only its statement is looked at.
    model : Model
    ranges : mapping of str to iterable, optional
        The values to try of the statement's other variables, by name.
    ranged_only : bool, optional
        Whether to leave out parts without one of these variables.
    """
    parts = theorem.statement.parts if isinstance(theorem.statement, All) else (theorem.statement,)
    for number, part in enumerate(parts, 1):
        if ranged_only and not {str(symbol) for symbol in part.free_symbols} & set(ranges or {}):
            continue
        try:
            found = _instances(part, model, ranges or {})
        except UnsupportedError:
            continue
        if found:
            closest = min(found, key=Instance.closeness)
            yield SmallCase(
                theorem=theorem.id,
                part=number,
                setting=model.setting,
                states=_stated(part, model.sizes),
                finds=closest.text(),
                instances=len(found),
                outcome=closest.outcome,
                rung="exact" if all(one.exact for one in found) else "enclosed",
            )


def compared(theorem: str, part: int, setting: str, states: str, found: Any, stated: Any) -> SmallCase:
    """Return the case that a number found is the one stated, both balls."""
    holds = _enclosed("=", found, stated)
    instance = Instance(_outcome(holds), (found, stated), False)
    return SmallCase(theorem, part, setting, states, instance.text(), 1, instance.outcome, "enclosed")


def _outcome(holds: bool | None) -> str:
    return UNDECIDED if holds is None else HOLDS if holds else FAILS


@dataclass(frozen=True, slots=True)
class Instance:
    """What became of one instance of a claim."""

    outcome: str
    sides: tuple[Any, Any]
    exact: bool
    at: str = ""

    def text(self) -> str:
        """Return the two sides, and where."""
        return " against ".join(_show(side) for side in self.sides) + (f" at {self.at}" if self.at else "")

    def closeness(self) -> tuple[int, float, bool]:
        """Order instances: first what does not hold, then by the distance of the sides, plain ones last."""
        try:
            gap = abs(float(ball(self.sides[1] - self.sides[0])))
        except (TypeError, ValueError):  # functions of the length
            gap = 0.0
        return WORST_FIRST.index(self.outcome), gap if gap == gap else 0.0, self.sides[0] in (0, 1)


def _stated(part: Claim, sizes: Mapping[Any, Any]) -> str:
    put = {symbol: sp.Rational(value.numerator, value.denominator) for symbol, value in sizes.items()}
    where = tuple(replace(one, put) for one in part.where)
    conclusion = part.conclusion
    if isinstance(conclusion, Exists):
        put = {symbol: value for symbol, value in put.items() if symbol not in conclusion.bound}
    return Claim(replace(conclusion, put), where).text()


def _instances(part: Claim, model: Model, ranges: Mapping[str, Iterable[Any]]) -> list[Instance]:
    """Return what became of every instance that meets the conditions."""
    relation = part.conclusion
    witness = isinstance(relation, Exists)
    if witness:
        relation = relation.args[1]
    if type(relation) not in _SIGN:
        raise UnsupportedError("no relation")
    ranges = {"d": (1,), **ranges}  # where the model has no head dimension the claim holds at any
    used = sorted((relation.free_symbols | part.free_symbols) - set(model.sizes), key=str)
    missing = [str(symbol) for symbol in used if str(symbol) not in ranges]
    if missing:
        raise UnsupportedError(f"no values of {missing[0]}")
    outcomes = list(model.outcomes(relation))
    found = []
    for values in product(*(tuple(ranges[str(symbol)]) for symbol in used)):
        numbers = [Fraction(value) if isinstance(value, int) else value for value in values]
        put = dict(zip(used, numbers, strict=True))
        env = {**model.sizes, **put}
        if all(_compare(one, env, model).outcome == HOLDS for one in part.where):
            at = ", ".join(f"{symbol} = {_show(value)}" for symbol, value in put.items() if str(symbol) != "d")
            instances = (_compare(relation, {**env, **outcome}, model) for outcome in outcomes)
            found += [dataclasses.replace(instance, at=at) for instance in instances]
    if witness and any(one.outcome != HOLDS for one in found):
        raise UnsupportedError("the sizes of the model are no witness, which refutes nothing")
    return found


def _compare(relation: Any, env: Env, model: Model) -> Instance:
    """Evaluate both sides and compare them."""
    values = [evaluate(side, env, model.head) for side in (relation.lhs, relation.rhs)]
    exact = not any(isinstance(value, (flint.arb, flint.acb)) for value in values)
    left, right = (real(value) for value in common(values))
    sign = _SIGN[type(relation)]
    holds = _exactly(sign, left, right) if exact else _enclosed(sign, left, right)
    if holds is None and _identical(relation, values, env):
        holds, exact = sign in {"=", "<="}, True
    return Instance(_outcome(holds), (left, right), exact)


def real(value: Any) -> Any:
    """Return the real ball of a complex one; the integrals of this package are real."""
    return value.real if isinstance(value, flint.acb) else value


def _exactly(sign: str, left: Any, right: Any) -> bool:
    if sign in {"=", "!="}:
        return bool(left == right) == (sign == "=")
    if not isinstance(left, Fraction) or not isinstance(right, Fraction):
        raise UnsupportedError("an order of polynomials")
    return left < right if sign == "<" else left <= right


def _enclosed(sign: str, left: Any, right: Any) -> bool | None:
    """Return what the balls show, ``None`` if nothing."""
    if sign == "<":
        return True if left < right else False if left >= right else None
    if sign == "<=":
        return True if left <= right else False if left > right else None
    if not left.overlaps(right):
        return sign == "!="
    return sign == "=" if abs(left - right) < _AGREE else None


def _identical(relation: Any, values: list[Any], env: Env) -> bool:
    """Whether two sides are one expression once what is rational is put in and brackets opened."""
    put = {
        symbol: sp.Rational(value.numerator, value.denominator)
        for symbol, value in env.items()
        if isinstance(symbol, sp.Symbol) and isinstance(value, Fraction)
    }
    sides = [
        sp.Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else side.xreplace(put)
        for side, value in zip((relation.lhs, relation.rhs), values, strict=True)
    ]
    return bool(sp.expand(sides[0] - sides[1]) == 0)


def _show(side: Any) -> str:
    return str(side.str(12)) if isinstance(side, flint.arb) else str(side)
