"""Rules of normal variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.language import TRIVIAL, Below, Claim, E, NormalFamily, RandomVariable, StandardNormals, eq, le, replace
from proofs.rules.base import USES, Refused, Rule, need_conditions, need_equal, one_range, relation_of, single
from proofs.signs import proves


def _uncorrelated(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    from proofs.model import KeyDownWeight, KeyWeight, QueryDownWeight, QueryWeight

    single(premises, 6)
    if any(premise.where for premise in premises[:3]) or claim.where:
        raise Refused("the definitions, the independence and the claim must hold without conditions")
    if not isinstance(claim.conclusion, StandardNormals):
        raise Refused("the claim is not that families are independent standard normals")
    if len(claim.conclusion.args) != 6:
        raise Refused("the rule is for all coordinates")
    first, second, i, j, e, last = claim.conclusion.args
    l, f = args["other"]  # noqa: E741 - the second index of the covariance
    if len({i, j, e, l, f}) < 5 or first.has(j, l, f) or second.has(i, l, f):
        raise Refused("five different indices are needed")
    if [l.assumptions0, f.assumptions0] != [i.assumptions0, e.assumptions0]:
        raise Refused("the covariances are not known for all pairs")
    if last.has(RandomVariable, i, j, e, l, f) or not (last.is_integer and last.is_nonnegative):
        raise Refused(f"{last} is no fixed whole number from 0 on")
    matrices = next(
        (
            pair
            for pair in ((QueryWeight, KeyWeight), (QueryDownWeight, KeyDownWeight))
            if premises[0].conclusion.has(pair[0])
        ),
        (QueryWeight, KeyWeight),
    )
    for definition, member, weight in zip(premises[:2], (first, second), matrices, strict=True):
        _need_linear(relation_of(definition, sp.Eq), member, weight)
    if relation_of(premises[2], sp.Eq) != _product(*matrices):
        raise Refused("the third premise is not that the two matrices are independent")
    pairs = (
        (i, first, first.xreplace({i: l, e: f}), sp.KroneckerDelta(i, l) * sp.KroneckerDelta(e, f)),
        (j, second, second.xreplace({j: l, e: f}), sp.KroneckerDelta(j, l) * sp.KroneckerDelta(e, f)),
        (i, first, second.xreplace({j: l, e: f}), sp.Integer(0)),
    )
    for premise, (row, left, right, value) in zip(premises[3:], pairs, strict=True):
        if relation_of(premise, sp.Eq) != eq(E(left * right), value):
            raise Refused(f"a premise is not that E({left} {right}) = {value}")
        need_conditions(premise.where, Claim(premise.conclusion, (le(row, last), le(l, last))))
    return "linear in independent normals, with the identity as covariance"


def _uncorrelated_family(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    from proofs.model import KeyWeight, QueryWeight

    single(premises, 2)
    definition, covariance = premises
    if definition.where or claim.where or not isinstance(claim.conclusion, NormalFamily):
        raise Refused("the claim is not that a family is standard normal, or it or the definition has conditions")
    member, j, e, last = claim.conclusion.args
    l, f = args["other"]  # noqa: E741 - the second index of the covariance
    if len({j, e, l, f}) < 4 or member.has(l, f) or not (member.has(j) and member.has(e)):
        raise Refused("four different indices are needed")
    if [l.assumptions0, f.assumptions0] != [j.assumptions0, e.assumptions0]:
        raise Refused("the covariances are not known for all pairs")
    if last.has(RandomVariable, j, e, l, f) or not (last.is_integer and last.is_nonnegative):
        raise Refused(f"{last} is no fixed whole number from 0 on")
    relation = relation_of(definition, sp.Eq)
    _need_linear(relation, member, QueryWeight if relation.has(QueryWeight) else KeyWeight)
    identity = sp.KroneckerDelta(j, l) * sp.KroneckerDelta(e, f)
    if relation_of(covariance, sp.Eq) != eq(E(member * member.xreplace({j: l, e: f})), identity):
        raise Refused("the second premise is not that the covariance is the identity")
    need_conditions(covariance.where, Claim(covariance.conclusion, (le(j, last), le(l, last))))
    return "linear in independent normals, with the identity as covariance"


def _need_linear(relation: Any, member: Any, weight: Any) -> None:
    """Refuse unless the relation writes every ``member`` as a sum of numbers times entries of the matrix ``weight``."""
    given, needed = relation.lhs.args, member.args
    if relation.lhs.func != member.func or not isinstance(relation.rhs, sp.Sum):
        raise Refused(f"{member} is not written as a sum")
    if len(set(given)) < len(given) or not all(one.is_Symbol for one in given):
        raise Refused(f"the sum is not given for every {member}")
    if [one.assumptions0 for one in given] != [one.assumptions0 for one in needed]:
        raise Refused(f"the sum is not given for every {member}")
    body = relation.rhs.function
    entries = body.atoms(weight)
    if len(entries) != 1:
        raise Refused(f"{member} is not linear in the entries of one matrix")
    (entry,) = entries
    name = sp.Symbol("_v", real=True)
    factor = body.xreplace({entry: name})
    if factor.has(RandomVariable) or sp.Poly(factor, name).monoms() != [(1,)]:
        raise Refused(f"{member} is not linear in the entries of one matrix")


def _product(first: Any, second: Any) -> Any:
    from proofs.model import a, b, e, f

    return eq(E(first(a, e) * second(b, f)), E(first(a, e)) * E(second(b, f)))


def _normals(premise: Any, number: int) -> Any:
    """Return the arguments of the premise that families are independent standard normals, or refuse."""
    if not isinstance(premise.conclusion, StandardNormals) or premise.where:
        raise Refused("the first premise is not that families are independent standard normals")
    if len(premise.conclusion.args) != number:
        raise Refused("the families are not indexed as needed")
    return premise.conclusion.args


def _rotated(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    from proofs.model import KeyCoordinate, QueryCoordinate

    single(premises, 4)
    query, key, i, j, e, last = _normals(premises[0], 6)
    if not (isinstance(query, QueryCoordinate) and isinstance(key, KeyCoordinate)):
        raise Refused("the rule is for the coordinates of queries and keys")
    rotated, reduced, *indices, top = _normals(claim, 7)
    if indices != [i, j, e, last] or top.has(RandomVariable, i, j, e):
        raise Refused("the claim has other indices than the first premise")
    inside = Claim(claim.conclusion, (le(i, last), le(j, last), le(e, top)))
    frames = []
    for premise, member, coordinate in ((premises[2], rotated, query), (premises[3], reduced, key)):
        definition = relation_of(premise, sp.Eq)
        need_conditions(premise.where, inside)
        if definition.lhs != member or not isinstance(definition.rhs, sp.Sum):
            raise Refused(f"{member} is not written as a sum")
        frames.append(_frame_of(definition.rhs, coordinate, e, top))
    rows = [frame.args[0] for frame in frames]
    if rows[0].has(i, j, e) or rows[1] != j or not proves(le(rows[0], last + 1), ()):
        raise Refused("keys must be read in bases made of the keys before, queries in one made of these keys")
    _need_orthonormal(premises[1], frames, inside, e, top)
    return "rotated by what is independent of the vector rotated"


def _frame_of(total: Any, coordinate: Any, e: Any, top: Any) -> Any:
    """Return vector ``e``, coordinate ``e``, of the basis in which a sum over coordinates reads a vector, or refuse."""
    from proofs.model import KeyFrame

    frames = total.function.atoms(KeyFrame)
    if len(frames) != 1 or len(total.limits) != 1:
        raise Refused("the sum is not an inner product with one vector of a basis")
    (frame,), (index, low, high) = frames, total.limits[0]
    row, vector, place, dim, number = frame.args
    if number != coordinate.args[-1] or dim != top + 1:
        raise Refused("a basis is made of other keys, or has another number of vectors")
    if total.function != coordinate.xreplace({e: index}) * frame or (vector, place) != (e, index):
        raise Refused(f"{total} is not an inner product with vector {e} of a basis")
    if row.has(index) or coordinate.has(index) or (low, high) != (0, top):
        raise Refused("the inner product is not over all coordinates")
    return frame.xreplace({index: e})


def _need_orthonormal(premise: Any, used: list[Any], inside: Claim, e: Any, top: Any) -> None:
    from proofs.model import KeyFrame

    relation = relation_of(premise, sp.Eq)
    frames = sorted(relation.lhs.atoms(KeyFrame), key=str)
    if len(frames) != 2 or not isinstance(relation.lhs, sp.Sum) or len(relation.lhs.limits) != 1:
        raise Refused("the second premise is not that the bases are orthonormal")
    frame = next((one for one in frames if one.args[1] == e), frames[0])
    other = next(one for one in frames if one != frame)
    (l, _e, index, *_), f = frame.args, other.args[1]  # noqa: E741 - of which keys, which vector
    if len({l, e, f, index}) < 4 or not (l.is_Symbol and f.is_Symbol) or l.is_positive or f.is_positive:
        raise Refused("the second premise is not about all vectors of all bases")
    expected = eq(sp.Sum(frame * frame.xreplace({e: f}), (index, 0, top)), sp.KroneckerDelta(e, f))
    if relation != expected:
        raise Refused(f"the second premise is not that the vectors for {e} from 0 to {top} are orthonormal")
    for row in [one.args[0] for one in used]:
        if frame.xreplace({l: row, index: e}) not in used:
            raise Refused("the second premise is about other bases")
        conditions = tuple(replace(one, {l: row}) for one in premise.where)
        need_conditions(conditions, Claim(inside.conclusion, (*inside.where, le(f, top))))


def _chi_square_sum(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    from proofs.model import ChiSquare

    single(premises, 1)
    relation = relation_of(claim, sp.Eq)
    first, second, i, j, e, last, top = _normals(premises[0], 7)
    if not (isinstance(relation.lhs, E) and isinstance(relation.lhs.value, Below) and relation.lhs.given == TRIVIAL):
        raise Refused("the left side is not the chance that a sum is below a level")
    total, level = relation.lhs.value.args
    index, low, high = one_range(total)
    if index != e or level.has(RandomVariable, e):
        raise Refused("the sum is not over coordinates, or the level depends on chance")
    rows = [row for member, row in ((first, i), (second, j)) if total.function == member**2]
    if not rows or any(one.has(e) for one in claim.where):
        raise Refused("the terms are not squares of independent standard normals")
    for condition in (le(0, low), le(low, high + 1), le(high, top), le(rows[0], last)):
        if not proves(condition, claim.where):
            raise Refused(f"{condition} is not known")
    need_equal(relation.rhs, E(Below(ChiSquare(high - low + 1), level)), "right side")
    return "a sum of squares of independent standard normals"


RULES = (
    Rule(
        "rotated-normals",
        _rotated,
        "comparison",
        "Reveal the keys one by one. A basis made of the keys before key j is fixed when key j is not, and key j has "
        "independent standard normal coordinates given these keys; so it has in that orthonormal basis, whatever they "
        "are: its new coordinates are independent of the earlier keys and of what is a function of them, such as "
        "their new coordinates. Given all keys the same holds for the queries, each in one basis made of keys.",
        (),
        ("rotation-invariance",),
    ),
    Rule(
        "chi-square-sum",
        _chi_square_sum,
        "normal form",
        "Chi-square with r degrees of freedom is, by definition, the law of the sum of the squares of r independent "
        "standard normals (0 if r is 0).",
        USES["sign"],
    ),
    Rule(
        "uncorrelated-family",
        _uncorrelated_family,
        "comparison",
        "The definition is granted only where the entries of the matrix are independent standard normals, whether or "
        "not the other matrix is independent of it or equal to it. Sums of their multiples are jointly normal with "
        "mean 0; and jointly normal variables whose covariance is the identity are independent standard normals.",
        (),
        ("normal-uncorrelated",),
    ),
    Rule(
        "uncorrelated-normals",
        _uncorrelated,
        "comparison",
        "The premises are granted only where W_q and W_k, or the W_DQ and W_DKV of latents, are independent, with "
        "independent standard normal entries. These are jointly normal, so sums of their multiples are jointly normal "
        "with mean 0; and jointly normal variables whose covariance is the identity are independent standard normals.",
        (),
        ("normal-uncorrelated",),
    ),
)
