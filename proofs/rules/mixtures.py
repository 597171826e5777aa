"""A rule that puts the largest of n normals, independent of all else, for a number that can be any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.language import E, LimitOf, RandomVariable, bound_symbols
from proofs.rules.base import USES, Refused, Rule, need_conditions, need_defined, need_equal, relation_of, single
from proofs.signs import sign

_NONNEGATIVE = ("+", "0+", "0")


def _mixture(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    from proofs.model import ChiSquare, NormalMax, Radius

    single(premises, 1)
    (premise,) = premises
    relation, source = relation_of(claim, sp.Le), relation_of(premise, sp.Le)
    need_conditions(premise.where, claim)
    symbol, maximum = args["variable"], args["maximum"]
    if not symbol.is_Symbol or symbol.assumptions0 != sp.Symbol("x", real=True).assumptions0:
        raise Refused(f"{symbol} does not run through the real numbers")
    if any(one.has(symbol) for one in (*premise.where, *claim.where)) or symbol in claim.free_symbols:
        raise Refused(f"the premise is not known for every real {symbol}, or the claim has it too")
    if not isinstance(maximum, NormalMax):
        raise Refused(f"{maximum} is not the largest of normals")
    for value, before, after in (
        (args["left"], source.lhs, relation.lhs),
        (args["right"], source.rhs, relation.rhs),
    ):
        if value.has(E, LimitOf) or bound_symbols(value):
            raise Refused(f"{value} binds a symbol, or has a mean of its own")
        if any(not isinstance(one, (ChiSquare, Radius)) for one in value.atoms(RandomVariable)):
            raise Refused(f"{value} depends on what is not known to be independent of {maximum}")
        need_equal(before, E(value), "a side of the premise is not the mean of the quantity")
        need_equal(after, E(value.xreplace({symbol: maximum})), "a side of the claim is not the mean of the mixture")
        need_defined(value, claim.where)
    if relation.lhs != E(args["left"].xreplace({symbol: maximum})):
        raise Refused("the left side is not one mean")
    if sign(args["left"], claim.where) not in _NONNEGATIVE:
        raise Refused("the quantity on the left is not known to be nonnegative")
    return "conditioned on the maximum, which is independent of all else"


RULES = (
    Rule(
        "mixture-over-maximum",
        _mixture,
        "normal form",
        "Let E(f(b, X)) <= E(g(b, Y)) for every real b, f >= 0, and let M, the largest of n normals, be independent "
        "of X and of Y. By Tonelli's theorem E(f(M, X)) is the mean over M of E(f(b, X)) at b = M, and by Fubini's "
        "theorem, as g(M, Y) has a mean, E(g(M, Y)) is that of E(g(b, Y)); so E(f(M, X)) <= E(g(M, Y)), and is "
        "finite. X and Y may be chi-square variables or the length of a key: the normals behind M are others than "
        "those behind the keys.",
        USES["sign"],
    ),
)
