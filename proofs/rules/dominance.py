"""Rules of stochastic dominance, and of concentration for the number of occupied cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.language import (
    TRIVIAL,
    Below,
    Claim,
    E,
    Independent,
    PoissonBinomial,
    RandomVariable,
    le,
    prob_at_least,
)
from proofs.rules.base import (
    USES,
    Refused,
    Rule,
    need_conditions,
    need_elementary,
    need_equal,
    one_range,
    relation_of,
    single,
)
from proofs.signs import defined, sign

_NONNEGATIVE = {"+", "0+", "0"}


def _occupancy(premise: Any) -> tuple[Any, Any, Any, Any]:
    """Return quantity, 0/1 entry, rows and columns if the premise counts the columns with a 1, or refuse."""
    relation = relation_of(premise, sp.Eq)
    if premise.where or not isinstance(relation.lhs, RandomVariable) or not isinstance(relation.rhs, sp.Sum):
        raise Refused("a premise is not that a quantity counts occupied columns")
    columns = one_range(relation.rhs)
    products = relation.rhs.function.atoms(sp.Product)
    if len(products) != 1:
        raise Refused("the terms of the count are not 1 - product of (1 - hit)")
    (product,) = products
    rows = one_range(product, sp.Product)
    entry = 1 - product.function
    if relation.rhs.function != 1 - product or not isinstance(entry, sp.KroneckerDelta):
        raise Refused("the terms of the count are not 1 - product of (1 - hit)")
    if rows[1] != 0 or columns[1] != 0 or rows[2].has(columns[0]) or columns[2].has(rows[0]):
        raise Refused("rows and columns must be counted from 0")
    return relation.lhs, entry, rows, columns


def _family(premise: Any, entry: Any, row: Any, column: Any) -> str:
    """Return what the picks of the rows are independent given, or refuse."""
    family = premise.conclusion
    if premise.where or not isinstance(family, Independent) or family.args[1] != row:
        raise Refused("a premise is not that the picks of the rows are independent")
    pick = family.args[0]
    if pick.has(column) or set(entry.args) != {pick, column}:
        raise Refused(f"{entry} is not that row {row} picks column {column}")
    return str(family.args[2].name)


def _t_transforms(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 8)
    relation = relation_of(claim, sp.Le)
    rank, hit, rows, columns = _occupancy(premises[0])
    count, ball, other_rows, other_columns = _occupancy(premises[1])
    if rows != other_rows or columns != other_columns:
        raise Refused("the two counts do not run over the same rows and columns")
    row, column, number = rows[0], columns[0], columns[2] + 1
    given = _family(premises[2], hit, row, column)
    base = _family(premises[3], ball, row, column)
    if base != TRIVIAL:
        raise Refused("the uniform picks must be independent of everything")
    chances = relation_of(premises[4], sp.Eq)
    if premises[4].where or chances.lhs != E(hit, given) or chances.rhs.has(row):
        raise Refused("the fifth premise is not that all rows have the same chances")
    total = relation_of(premises[5], sp.Eq)
    if premises[5].where or total.rhs != 1 or total.lhs != sp.Sum(chances.rhs, columns):
        raise Refused("the sixth premise is not that the chances add up to 1")
    uniform = relation_of(premises[6], sp.Eq)
    need_conditions(premises[6].where, Claim(relation, (le(column, columns[2]),)))
    if uniform.lhs != E(ball) or uniform.rhs != 1 / number:
        raise Refused("the seventh premise is not that the other picks are uniform")
    _need_transform(premises[7], args)
    threshold = args["threshold"]
    if claim.where or not threshold.is_Symbol or rank.has(threshold) or count.has(threshold):
        raise Refused("the claim must hold for every threshold")
    if relation.lhs != E(1 - Below(rank, threshold), given) or relation.rhs != prob_at_least(count, threshold):
        raise Refused("the claim is not that one count is at least a threshold with at most the other's probability")
    return "moving the chances of two columns together empties fewer columns, in law; finitely many moves reach uniform"


def _need_transform(premise: Any, args: Mapping[str, Any]) -> None:
    """Refuse unless the premise says that a T-transform of (a, b) does not increase a^N + b^N, for all whole N >= 1."""
    first, second, weight, power = (args[name] for name in ("first", "second", "weight", "power"))
    symbols = (first, second, weight, power)
    if len(set(symbols)) < 4 or not all(symbol.is_Symbol for symbol in symbols):
        raise Refused("four different variables are needed")
    if any(symbol.is_integer or symbol.is_nonnegative for symbol in symbols[:3]):
        raise Refused("the two chances and the weight must be real variables without a type")
    if not (power.is_integer and power.is_positive):
        raise Refused(f"{power} is no positive integer")
    relation = relation_of(premise, sp.Le)
    mixed = (weight * first + (1 - weight) * second) ** power + ((1 - weight) * first + weight * second) ** power
    need_equal(relation.lhs, mixed, "the last premise's left side")
    need_equal(relation.rhs, first**power + second**power, "the last premise's right side")
    allowed = [le(0, symbol) for symbol in symbols[:3]] + [le(symbol, 1) for symbol in symbols[:3]]
    if any(condition not in allowed for condition in premise.where):
        raise Refused("the last premise must hold for all chances and weights in [0, 1]")


def _monotone_mean(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 1)
    relation, tails = relation_of(claim, sp.Le), relation_of(premises[0], sp.Le)
    threshold, function, variable = args["threshold"], args["function"], args["variable"]
    if any(one.has(threshold) for one in premises[0].where):
        raise Refused("the premise must hold for every threshold")
    need_conditions(premises[0].where, claim)
    pair = []
    for side in (tails.lhs, tails.rhs):
        if not isinstance(side, E) or not isinstance(1 - side.value, Below):
            raise Refused("the premise does not compare the chances to reach a threshold")
        quantity, level = (1 - side.value).args
        if level != threshold or not threshold.is_Symbol or quantity.has(threshold):
            raise Refused("the premise does not compare the chances to reach a threshold")
        if not getattr(quantity, "finite", False):
            raise Refused(f"{quantity} is not known to take finitely many values")
        pair.append((quantity, side.given))
    if threshold.is_integer or threshold.is_nonnegative:
        raise Refused("the threshold must be any real number")
    _need_increasing(function, variable, claim.where)
    (low, given), (high, base) = pair
    need_equal(relation.lhs, E(function.xreplace({variable: low}), given), "left side")
    need_equal(relation.rhs, E(function.xreplace({variable: high}), base), "right side")
    return "the function increases: its derivative is nonnegative"


def _need_increasing(function: Any, variable: Any, where: tuple[Any, ...]) -> None:
    need_elementary(function, variable)
    if not variable.is_Symbol or variable.is_integer is not None or variable.is_nonnegative is not None:
        raise Refused(f"{variable} must be a real variable without a sign")
    if function.has(RandomVariable, E) or any(condition.has(variable) for condition in where):
        raise Refused("the function must be fixed, and its variable free")
    slope = sp.diff(function, variable)
    if defined(function, where) or defined(slope, where) or sign(slope, where) not in _NONNEGATIVE:
        raise Refused(f"{function} is not known to increase")


def _occupancy_of(premises: Sequence[Any]) -> tuple[Any, Any]:
    """Return the count and its number of rows, if the first two premises say that its picks are independent."""
    count, entry, rows, columns = _occupancy(premises[0])
    if _family(premises[1], entry, rows[0], columns[0]) != TRIVIAL:
        raise Refused("the picks must be independent of everything")
    return count, rows[2] + 1


def _exceedance(claim: Any, premise: Any, count: Any, excess: Any) -> Any:
    """Return the right side of a claim that bounds the chance that the count exceeds its mean by ``excess``."""
    relation, mean = relation_of(claim, sp.Le), relation_of(premise, sp.Eq)
    need_conditions(premise.where, claim)
    if mean.lhs != E(count):
        raise Refused("a premise does not give the mean of the count")
    if excess.has(RandomVariable) or sign(excess, claim.where) not in _NONNEGATIVE:
        raise Refused(f"{excess} is not known to be nonnegative")
    need_equal(relation.lhs, prob_at_least(count, mean.rhs + excess), "left side")
    return relation.rhs


def _bounded_differences(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 3)
    count, number = _occupancy_of(premises)
    excess = args["excess"]
    need_equal(_exceedance(claim, premises[2], count, excess), sp.exp(-2 * excess**2 / number), "right side")
    return "one ball changes the number of occupied cells by at most 1"


def _bernstein(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 3)
    law = premises[0].conclusion
    if premises[0].where or not isinstance(law, PoissonBinomial):
        raise Refused("the first premise is not that a variable is a sum of independent Bernoulli variables")
    count, excess, bound = law.args[0], args["excess"], args["variance"]
    variance = relation_of(premises[2], sp.Eq)
    need_conditions(premises[2].where, claim)
    if variance.lhs != E(count**2) - E(count) ** 2:
        raise Refused("the third premise does not give the variance")
    if le(variance.rhs, bound) not in claim.where and sign(bound - variance.rhs, claim.where) not in _NONNEGATIVE:
        raise Refused(f"{bound} is not known to be at least the variance")
    right = _exceedance(claim, premises[1], count, excess)
    if sign(bound + excess / 3, claim.where) != "+":
        raise Refused("variance and excess may both be 0")
    need_equal(right, sp.exp(-(excess**2) / (2 * (bound + excess / 3))), "right side")
    return "Bernstein's inequality for variables that exceed their means by at most 1"


RULES = (
    Rule(
        "t-transforms",
        _t_transforms,
        "comparison and normal form",
        "Independent rows pick columns with chances p. Fix the rows that pick neither of two columns, and how many, N, "
        "pick one of the two. The count is what the other columns give, plus 0 if N = 0, else plus 1, plus 1 more if "
        "neither of the two is empty. So for two chances a, b with a fixed sum the chance to reach x is a constant "
        "minus a sum of w_N (a^N + b^N) with w_N >= 0, N >= 1, and a T-transform, which decreases every a^N + b^N, "
        "increases it. Finitely many T-transforms lead from any chances to equal ones.",
        USES["normal form"],
        ("t-transforms",),
    ),
    Rule(
        "monotone-mean",
        _monotone_mean,
        "exact sign of the derivative",
        "If P(X >= x) <= P(Y >= x) for all x, then E f(X) <= E f(Y) for increasing f (X, Y finitely valued): sum the "
        "increments of f against the tails.",
        (*USES["sign"], "sympy.diff"),
    ),
    Rule(
        "bounded-differences",
        _bounded_differences,
        "comparison and normal form",
        "Moving one ball empties at most one cell and fills at most one, so the count changes by at most 1; a function "
        "of m independent variables that each change it by at most 1 exceeds its mean by t with chance at most "
        "exp(-2 t^2 / m).",
        USES["sign"],
        ("bounded-differences",),
    ),
    Rule(
        "bernstein",
        _bernstein,
        "comparison and normal form",
        "A sum of independent Bernoulli variables with variance at most v exceeds its mean by t with chance at most "
        "exp(-t^2 / (2 (v + t/3))).",
        USES["sign"],
        ("bernstein",),
    ),
)
