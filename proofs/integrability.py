"""Which expectations exist: a claim with one says that it is a finite number.

Linearity and monotonicity hold for such expectations only: for a chi-square variable ``C``, ``E(exp(C))`` exceeds every
multiple of every power of ``n``, so that as a number it would make ``1 < 0`` derivable.

Every random quantity of the model has moments of all orders. Quantities with this property are closed under sums,
products, nonnegative powers and conditional expectations, contain all that is bounded, and are integrable.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from proofs.grammar import stated
from proofs.language import (
    TRIVIAL,
    All,
    Below,
    BivariateBelow,
    Claim,
    E,
    NormalTail,
    RandomVariable,
    coarser,
)
from proofs.normal import measurable, rational
from proofs.signs import proves, sign

_BOUNDED = (Below, NormalTail, BivariateBelow, sp.KroneckerDelta)
_BUILT_UP = (sp.Add, sp.Mul, sp.Sum, sp.Product, sp.Tuple)
_NONNEGATIVE = ("+", "0+", "0")
_NONPOSITIVE = ("-", "0-", "0")
_BOUND_LEFT = {"layer-cake", "layers-by-length", "mixture-over-maximum"}
"""Rules that bound the mean, on the left, of something nonnegative: they show that it is finite."""


def unshown_mean(claim: Claim | All, rule: str, premises: list[Any], args: Mapping[str, Any]) -> str:
    """Return an expectation of the claim that nothing shows to exist, or nothing.

    It exists by its shape, by what premises say of the bounds of a part of it, or because a premise speaks of it, which
    must hold under the claim's conditions.
    """
    if isinstance(claim, All):  # its parts are premises as they stand
        return ""
    means = claim.conclusion.atoms(E)
    if not means:
        return ""
    known = stated(E, claim, rule, premises, args)  # first: the signs that the shape needs may take long
    if rule in _BOUND_LEFT and isinstance(claim.conclusion, sp.Le) and isinstance(claim.conclusion.lhs, E):
        known.add(rational(claim.conclusion.lhs))
    bounded = _between_numbers(premises, claim.where)
    means = [
        one
        for one in means
        if rational(one) not in known and not _has_moments(one.value, one.given, claim.where, bounded)
    ]
    missing = sorted(str(mean) for mean in means)
    return f"nothing shows that {missing[0]} exists" if missing else ""


def _has_moments(value: Any, given: str, where: tuple[Any, ...], bounded: frozenset[Any] = frozenset()) -> bool:
    """Whether ``value`` is known to have moments of all orders, what ``given`` names being fixed."""
    if measurable(value, given) or isinstance(value, (RandomVariable, *_BOUNDED)) or value.as_coeff_Mul()[1] in bounded:
        return True
    varying = {one for one in value.atoms(RandomVariable) if not measurable(one, given)}
    if all(one.finite for one in varying) and not value.has(E):
        return True
    if isinstance(value, E):
        fixed = given if coarser(given, value.given) else TRIVIAL
        return _has_moments(value.value, fixed, where, bounded)
    if isinstance(value, sp.exp):
        return sign(value.exp, where) in _NONPOSITIVE
    if isinstance(value, sp.Pow):
        power = measurable(value.exp, TRIVIAL) and sign(value.exp, where) in _NONNEGATIVE
        return power and _has_moments(value.base, given, where, bounded)
    if not isinstance(value, _BUILT_UP):
        return False
    cut = [one for one in value.args if isinstance(one, Below)] if isinstance(value, sp.Mul) else []
    return all(
        _has_moments(part, given, where, bounded) or any(_is_cut_off(part, event, given) for event in cut)
        for part in value.args
    )


def _is_cut_off(factor: Any, event: Any, given: str) -> bool:
    """Whether the factor is ``exp`` of a polynomial in a nonnegative variable that the event keeps below a bound.

    An event about a power of the variable keeps the variable itself below a bound.
    """
    power, bound = event.args
    whole = isinstance(power, sp.Pow) and power.exp.is_Integer and power.exp.is_positive
    variable = power.base if whole else power
    if not (isinstance(factor, sp.exp) and isinstance(variable, RandomVariable) and variable.is_nonnegative):
        return False
    name = sp.Symbol("_v", nonnegative=True)
    plain = factor.exp.xreplace({variable: name})
    return measurable(bound, given) and measurable(plain, given) and bool(plain.is_polynomial(name))


def _between_numbers(premises: list[Any], where: tuple[Any, ...]) -> frozenset[Any]:
    """Return what the premises keep between two rational numbers under the conditions ``where``."""
    above, below = set(), set()
    for premise in premises:
        relation = premise.conclusion if isinstance(premise, Claim) else None
        if isinstance(relation, (sp.Le, sp.Lt)) and all(proves(one, where) for one in premise.where):
            above |= {relation.rhs} if relation.lhs.is_Rational else set()
            below |= {relation.lhs} if relation.rhs.is_Rational else set()
    return frozenset(above & below)
