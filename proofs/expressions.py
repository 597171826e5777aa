"""The expressions that theorems are about, computed from the definitions by the laws the rules use."""

from __future__ import annotations

from typing import Any

import sympy as sp

from proofs.catalogue import known_id
from proofs.language import KEYS, E
from proofs.model import PickChance, c, d, hit, i, j, m, n, occupied
from proofs.normal import generators
from rankbound.errors import invalid

CHANCES = sp.IndexedBase("p", real=True)
"""The chances ``p[0], ..., p[n-1]`` of the keys."""


def expected_rank_given_keys() -> Any:
    """Return the expected rank given the keys, as a sum over the chances ``p[j]`` of the keys.

    From the rank as a sum of indicators: linearity, independence of the queries given the keys, equal laws.
    """
    rank = occupied(hit(i, j))
    term = generators(E(rank.function, KEYS))
    for mean in term.atoms(E):
        if isinstance(mean.value, sp.Product):
            (rows,) = mean.value.limits
            term = term.xreplace({mean: sp.Product(generators(E(mean.value.function, KEYS)), rows)})
    for mean in term.atoms(E):
        (delta,) = mean.value.atoms(sp.KroneckerDelta)
        (column,) = (arg for arg in delta.args if arg.is_Symbol)
        term = term.xreplace({mean: PickChance(column, n, d)})
    term = generators(term)
    return sp.Sum(term.xreplace({PickChance(j, n, d): CHANCES[j]}), *rank.limits)


def barrier() -> Any:
    """Return the expected rank at equal chances, in the symbols ``n`` (keys) and ``m`` (queries)."""
    given = expected_rank_given_keys()
    return sp.factor_terms(given.xreplace({CHANCES[j]: 1 / n}).doit())


def occupancy_law() -> Any:
    """Return the limiting probability that the rank is ``k``, from the number of maps onto ``k`` keys."""
    from proofs.literature import LITERATURE

    counted = LITERATURE["occupancy-law"].claim.conclusion.rhs
    return counted.replace(
        sp.binomial, lambda top, bottom: sp.factorial(top) / (sp.factorial(bottom) * sp.factorial(top - bottom))
    )


def rank_exponent() -> Any:
    """Return ``e(c)``: the level at which the two tail exponents balance is solved for, not typed in."""
    from proofs.theorems.chernoff_rate import rate

    level = sp.Symbol("y", positive=True)
    # rate(y) = rate(y - 2/c) means log(y) - log(y - 2/c) = 2/c, which is linear in y after exponentiation.
    (balanced,) = sp.solve(sp.Eq(level, sp.exp(2 / c) * (level - 2 / c)), level)
    return 1 - c / 2 * rate(balanced)


_MAKERS = {
    "rank-is-occupancy": lambda: occupied(hit(i, j)),
    "barrier": barrier,
    "wide-head-limit": occupancy_law,
    "log-n-exponent": rank_exponent,
}


def expression(name: str, *, given_keys: bool = False) -> Any:
    """Return the SymPy expression that a theorem is about.

    Parameters
    ----------
    name : str
        ``"rank-is-occupancy"``, ``"barrier"``, ``"wide-head-limit"`` or ``"log-n-exponent"``.
    given_keys : bool, optional
        For ``"barrier"``: the conditional expectation as a sum over ``p[0..n-1]`` instead of its bound.

    Raises
    ------
    ValueError
        If the theorem is unknown or is not about one expression.
    """
    known_id(name)
    if given_keys:
        if name != "barrier":
            raise invalid("given_keys", given_keys, f"False for {name!r}", "it applies to 'barrier' only")
        return expected_rank_given_keys()
    if name not in _MAKERS:
        raise invalid("theorem", name, "a theorem about one expression", "choose one of " + ", ".join(_MAKERS))
    return _MAKERS[name]()


__all__ = ["CHANCES", "barrier", "expected_rank_given_keys", "expression", "m", "occupancy_law", "rank_exponent"]
