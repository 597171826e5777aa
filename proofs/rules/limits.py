"""Rules of limits: convergence in law of the picks, and the definition of a limit. SymPy's limits are not used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.language import TRIVIAL, E, Exists, Lim, PicksConverge, RandomVariable, eq
from proofs.rules.base import USES, Refused, Rule, need_conditions, need_equal, relation_of, single


def _clt_picks(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    from proofs.model import KeyEntry, MaskedPick, Pick, QueryEntry, UniformPick, WindowPick, d, i, j, k, l, m, n, w

    single(premises, 2)
    queries, keys = (relation_of(premise, sp.Eq) for premise in premises)
    if queries != eq(E(QueryEntry(i, d) * QueryEntry(l, d)), sp.KroneckerDelta(i, l)):
        raise Refused("the first premise is not that queries have unit covariance")
    if keys != eq(E(KeyEntry(j, d) * KeyEntry(k, d)), sp.KroneckerDelta(j, k)):
        raise Refused("the second premise is not that keys have unit covariance")
    if premises[0].where or premises[1].where or claim.where:
        raise Refused("the moments must hold without conditions")
    unmasked = PicksConverge(Pick(i, n, m, d), UniformPick(i, n), i, d)
    masked = PicksConverge(MaskedPick(i, n, w, d), WindowPick(i, w), i, d)
    if claim.conclusion not in (unmasked, masked):
        raise Refused("the claim is not that the picks tend to independent uniform picks")
    return (
        "the scores divided by sqrt(d) tend to independent standard normals; the largest of a row is continuous there"
    )


def _limit_of_mean(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 3)
    relation = relation_of(claim, sp.Eq)
    law = premises[0].conclusion
    if not isinstance(law, PicksConverge):
        raise Refused("the first premise is not that picks converge")
    before, after, index, dim = law.args
    quantity, limit = relation_of(premises[1], sp.Eq), relation_of(premises[2], sp.Eq)
    for premise in premises:
        need_conditions(premise.where, claim)
    need_equal(_move(quantity.rhs, before, after, index), limit.rhs, "the two quantities differ as functions of picks")
    moved = limit.rhs
    if moved.has(dim, E) or any(not isinstance(atom, type(after)) for atom in moved.atoms(RandomVariable)):
        raise Refused("the quantity depends on chance or on the growing dimension otherwise than through the picks")
    if not isinstance(relation.lhs, Lim) or relation.lhs.args[1] != dim or not isinstance(relation.lhs.args[0], E):
        raise Refused(f"the left side is no limit of an expectation as {dim} grows")
    value = relation.lhs.args[0]
    if not isinstance(quantity.lhs, RandomVariable) or not quantity.lhs.is_integer or not quantity.lhs.is_nonnegative:
        raise Refused(f"{quantity.lhs} does not count anything")
    name = sp.Symbol("_q", integer=True, nonnegative=True)
    function = value.value.xreplace({quantity.lhs: name})
    if value.given != TRIVIAL or function.has(dim, RandomVariable, E):
        raise Refused("the left side is not the expectation of a function of the quantity")
    need_equal(relation.rhs, E(function.xreplace({name: limit.lhs})), "right side")
    return "the picks take finitely many values, so the expectation of a function of them is a finite sum"


def _move(value: Any, before: Any, after: Any, index: Any) -> Any:
    """Replace every member of one family, whatever its index, by the same member of the other."""
    mapping = {}
    for atom in value.atoms(type(before)):
        place = atom.args[0]
        if before.xreplace({index: place}) != atom:
            raise Refused(f"{atom} is no member of the family that converges")
        mapping[atom] = after.xreplace({index: place})
    return value.xreplace(mapping)


def _limit_algebra(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, len(premises))
    relation = relation_of(claim, sp.Eq)
    if not isinstance(relation.lhs, Lim):
        raise Refused("the left side is no limit")
    value, index = relation.lhs.args
    values = {}
    for number, premise in enumerate(premises):
        source = relation_of(premise, sp.Eq)
        if not isinstance(source.lhs, Lim) or source.lhs.args[1] != index:
            raise Refused("a premise is no limit in the same variable")
        need_conditions(premise.where, claim)
        name = sp.Symbol(f"_l{number}", real=True)
        value = value.xreplace({source.lhs.args[0]: name, -source.lhs.args[0]: -name})
        values[name] = source.rhs
    if value.has(index, RandomVariable) or not value.is_polynomial(*values):
        raise Refused("the quantity is no polynomial in the quantities whose limits are given")
    need_equal(relation.rhs, value.xreplace(values), "right side")
    return "the limit of a polynomial is the polynomial of the limits"


def _exists_from_limit(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 2)
    limit, gap = relation_of(premises[0], sp.Eq), relation_of(premises[1], sp.Lt)
    for premise in premises:
        need_conditions(premise.where, claim)
    if not isinstance(claim.conclusion, Exists) or not isinstance(limit.lhs, Lim):
        raise Refused("a limit can only show that some value of its variable does something")
    index, relation = claim.conclusion.args
    value, running = limit.lhs.args
    if running != index or not isinstance(relation, sp.Lt) or relation.lhs.has(index):
        raise Refused("the claim is not that the quantity exceeds a fixed number somewhere")
    need_equal(relation.rhs, value, "the quantity differs")
    need_equal(gap.rhs, limit.rhs, "the second premise is not about the limit")
    need_equal(gap.lhs, relation.lhs, "the second premise is not about the number")
    return "a sequence exceeds, from some point on, every number below its limit"


RULES = (
    Rule(
        "clt-picks",
        _clt_picks,
        "comparison",
        "The n by m array of scores divided by sqrt(d) is a mean of independent arrays, one a coordinate, whose "
        "entries q_i k_j have mean 0 and covariance E(q_i q_l) E(k_j k_h), the identity; by the central limit theorem "
        "it tends to independent standard normals. Ties have probability 0 there, so the picks tend in law to those "
        "of the limit, which are independent and, the columns being exchangeable, uniform: over the keys that a query "
        "sees, where it picks among these.",
        (),
        ("multivariate-clt", "continuous-mapping"),
    ),
    Rule(
        "limit-of-mean",
        _limit_of_mean,
        "normal form",
        "The expectation of a function of finitely many picks is a finite sum over their values, with probabilities "
        "that converge.",
        USES["normal form"],
    ),
    Rule(
        "limit-algebra",
        _limit_algebra,
        "normal form",
        "Sums and products of convergent sequences converge to the sums and products of the limits.",
        USES["normal form"],
    ),
    Rule(
        "exists-from-limit",
        _exists_from_limit,
        "normal form",
        "The definition of a limit.",
        USES["normal form"],
    ),
)
