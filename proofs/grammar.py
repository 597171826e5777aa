"""What may be said: the expressions whose meaning the rules were written for.

A claim that uses anything else is refused before its rule sees it, and so is a rule's argument. The restrictions are
what makes the rules sound together: every symbol has one of six types, every sum runs over a range of whole numbers
that its index's type contains, no symbol is bound twice, no range or parameter depends on chance, and an integral, of
a function free of chance over a real variable, stands alone or in sums, products and powers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy.core.symbol import Str

from proofs import language, model
from proofs.calculus import unfit
from proofs.language import (
    ALIGNED,
    KEYS,
    NORM,
    PAIR,
    PLANE,
    TRIVIAL,
    All,
    Claim,
    Density,
    E,
    Eventually,
    Exists,
    FixedNumber,
    Independent,
    Integral,
    Lim,
    LimInf,
    LimitOf,
    LimSup,
    MatrixRank,
    RandomVariable,
    le,
)
from proofs.normal import rational
from proofs.signs import defined, proves, sign

_NONNEGATIVE = ("+", "0+", "0")
_RELATIONS = (sp.Eq, sp.Le, sp.Lt, sp.Ne)
_HEADS = (E, language.Below, language.NormalTail, language.BivariateBelow, Lim, LimSup, LimInf, Integral, MatrixRank)
_PREDICATES = (
    Exists,
    Eventually,
    Independent,
    language.Alike,
    language.StandardNormals,
    language.NormalFamily,
    language.PoissonBinomial,
    language.PicksConverge,
    Density,
)
_FIXED: tuple[Any, ...] = tuple(
    kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, FixedNumber)
)
_FUNCTIONS: tuple[Any, ...] = (
    *_FIXED,
    sp.exp,
    sp.log,
    sp.KroneckerDelta,
    sp.binomial,
    sp.factorial,
    sp.gamma,
    sp.ceiling,
    model.Stirling,
    model.Eulerian,
    model.Token,
    model.SimplexAngle,
    model.OuterAngle,
)
_EVALUATED: tuple[Any, ...] = (sp.Add, sp.Mul, sp.Pow, *_FUNCTIONS)
_AROUND_INTEGRALS = (*_RELATIONS, sp.Add, sp.Mul, sp.Pow, Integral)
_PLAIN = (sp.Symbol, sp.Add, sp.Mul, sp.Pow, sp.Sum, sp.Product, sp.Tuple, Str, type(sp.E), type(sp.pi))
_RANDOM = tuple(kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, RandomVariable))
_NUMBERS = tuple({type(sp.Rational(top, bottom)) for top in (-1, 0, 1, 2) for bottom in (1, 2, 3)})
_WORDS = frozenset(
    (*_NUMBERS, *_RELATIONS, *_HEADS, *_PREDICATES, *_FUNCTIONS, *_PLAIN, *_RANDOM, type(sp.true), type(sp.false))
)
_LIMIT_HEADS = (Lim, LimSup, LimInf)
_OF_TWO = (model.Stirling, model.Eulerian, model.OuterAngle)
_ARGUMENTS = {
    **dict.fromkeys((sp.exp, sp.log, sp.factorial, sp.gamma, sp.ceiling, language.NormalTail, model.SimplexAngle), 1),
    **dict.fromkeys((sp.KroneckerDelta, sp.binomial, *_OF_TWO, E, language.Below, *_LIMIT_HEADS), 2),
    **dict.fromkeys((model.Token, language.BivariateBelow), 3),
    MatrixRank: 5,
}
"""How many arguments a word has."""
_COUNTED = (RandomVariable, FixedNumber, model.Token, model.SimplexAngle, *_OF_TWO)
"""Words whose arguments are whole numbers."""
_TYPES = tuple(
    sp.Symbol("x", **kind).assumptions0
    for kind in (
        {"real": True},
        {"nonnegative": True},
        {"positive": True},
        {"integer": True},
        {"integer": True, "nonnegative": True},
        {"integer": True, "positive": True},
    )
)
_KNOWLEDGE = (TRIVIAL, KEYS, NORM, ALIGNED, PAIR, PLANE)
_NAMES = frozenset(("exp", "log", "power", "normal-tail", "first", "last", "convex", "concave", *_KNOWLEDGE))
"""The strings that a rule may have as an argument."""
_LARGE = 1000
"""What is inside a limit, or said of all large numbers, must be defined from here on."""
_LIMITS = {
    "limit-of-mean",
    "limit-algebra",
    "power-log-limit",
    "exponent",
    "exponent-below-one",
    "limit-with-rate",
    "exponent-from-below",
    "limit-from-both-sides",
}
"""Rules that show a limit to exist."""
_SLACK = {"vanishing-slack", "vanishing-slack-below"}
"""Rules whose premise need hold for small values of its slack only."""


def problem(
    expr: Any, where: tuple[Any, ...] = (), bound: frozenset[Any] = frozenset(), ranges: tuple[Any, ...] = ()
) -> str:
    """Return why ``expr`` may not be said, or nothing; ``bound`` and ``ranges`` are of the sums around it."""
    if type(expr) not in _WORDS:
        return f"{type(expr).__name__} is no word of the language"
    if isinstance(expr, sp.Symbol):
        return _of_symbol(expr)
    if len(expr.args) != _ARGUMENTS.get(type(expr), len(expr.args)):  # log(x, 2), whose base the rules would not see
        return f"{expr} has {len(expr.args)} arguments"
    # SymPy takes Mul(4/3, Mul(2, k)), which it would write otherwise, and 4 (2 j + 2 k)^n / 3 for positive, since both
    # are no integers to it, and 0 is one.
    if isinstance(expr, _EVALUATED) and expr.func(*expr.args) != expr:
        return f"{expr} was left unevaluated"
    if isinstance(expr, sp.Mul) and expr.is_zero is False and any(arg.is_zero is not False for arg in expr.args):
        return f"SymPy takes {expr} for nonzero"
    if isinstance(expr, RandomVariable) and any(arg.has(RandomVariable) for arg in expr.args):
        return f"a parameter of {expr} depends on chance"
    if isinstance(expr, sp.KroneckerDelta) and any(arg.is_Symbol and not arg.is_integer for arg in expr.args):
        return f"{expr} compares what is no whole number"
    if isinstance(expr, _COUNTED):
        wrong = _of_parameters(expr, (*where, *ranges))
        if wrong:
            return wrong
    if isinstance(expr, Str):
        return "" if expr.name in _KNOWLEDGE else f"{expr} names no knowledge"
    if not isinstance(expr, _AROUND_INTEGRALS) and expr.has(Integral):
        return f"an integral may not stand inside {expr}"
    if isinstance(expr, (Integral, Density)):
        wrong = _of_range(expr)
        if wrong:
            return wrong
    if isinstance(expr, MatrixRank):
        wrong = _of_matrix(expr, where)
        if wrong:
            return wrong
    here: frozenset[Any] = getattr(expr, "bound", frozenset())
    if isinstance(expr, (sp.Sum, sp.Product)):
        here = frozenset(limit[0] for limit in expr.limits)
        if len(here) != len(expr.limits):
            return f"an index is used twice in {expr}"
        for limit in expr.limits:
            wrong = range_problem(limit, where)
            if wrong:
                return wrong
        ranges += tuple(le(low, index) for index, low, _ in expr.limits)
    if isinstance(expr, (LimitOf, Eventually)):
        ranges += (le(2, expr.args[1 if isinstance(expr, LimitOf) else 0]),)  # only large values matter
    twice = sorted(map(str, here & bound))
    if twice:
        return f"{twice[0]} is bound twice"
    for arg in expr.args:
        wrong = problem(arg, where, bound | here, ranges)
        if wrong:
            return wrong
    return ""


def of_two_planes(pieces: tuple[Any, ...], bound: frozenset[Any]) -> str:
    """Return why the pieces of a claim may not speak of planes together, or nothing.

    What is given names no head dimension, and the plane of one does not leave the keys of another as they are: the
    plane through more keys knows of those whose heights over the first are independent of it.
    """
    dims = {word.args[-1] for piece in pieces for word in piece.atoms(model.PlaneDistance, model.Height)}
    if len(dims) > 1 or any(dim.free_symbols & bound for dim in dims):
        return "planes at more than one head dimension may not stand in one claim"
    return ""


def _of_symbol(symbol: Any) -> str:
    if symbol.assumptions0 not in _TYPES:
        return f"the symbol {symbol} has no type of the language"
    if symbol.name.startswith("_"):
        return f"the name {symbol} is kept for the rules' own use"
    return ""


def _of_range(expr: Any) -> str:
    """Return why an integral or a density, the latter behind its random variable, is not written well."""
    if isinstance(expr, Density):
        if len(expr.args) not in (3, 5) or not expr.args[0].has(RandomVariable) or expr.args[0].has(expr.args[2]):
            return f"{expr} says nothing of a random variable"
        return _of_range(Integral(*expr.args[1:]))
    function, variable, *ends = expr.args
    if any(end.has(variable) for end in ends):
        return f"the range of {variable} depends on itself"
    return unfit(variable, function, *ends) or ""


def _of_matrix(expr: Any, where: tuple[Any, ...]) -> str:
    """Return why a rank is not that of a matrix of numbers, or nothing."""
    entry, row, column, rows, columns = expr.args
    if entry.has(RandomVariable, E, LimitOf):
        return f"an entry of the matrix of {expr} depends on chance or is a limit"
    for index, size in ((row, rows), (column, columns)):
        wrong = range_problem((index, sp.Integer(0), size - 1), where)
        if wrong or size.has(row, column):
            return wrong or f"the size {size} of a matrix depends on its row or column"
    return "" if row != column else f"{row} is both row and column"


def _of_parameters(expr: Any, where: tuple[Any, ...]) -> str:
    """Return why a quantity of the model has no meaning, or nothing."""
    least = getattr(expr, "least", ()) or (0,) * len(expr.args)
    if len(least) != len(expr.args):
        return f"{expr} has {len(expr.args)} parameters instead of {len(least)}"
    for value, low in zip(expr.args, least, strict=True):
        if not value.is_integer or not (
            (value - low).is_nonnegative or sign(value, where) in (("+",) if low else _NONNEGATIVE)
        ):
            return f"the parameter {value} of {expr} is not known to be a whole number from {low} on"
    return ""


def range_problem(limit: Any, where: tuple[Any, ...]) -> str:
    """Return why a sum may not run over the range, or nothing."""
    if len(limit) != 3:
        return f"{limit} is no range"
    index, low, high = (sp.sympify(part) for part in limit)
    if not (index.is_Symbol and index.is_integer):
        return f"{index} is no index of a sum"
    if low.has(index) or high.has(index):
        return f"the range of {index} depends on itself"
    if not (low.is_integer and high.is_integer):
        return f"the ends of the range of {index} are not known to be integers"
    if low.has(RandomVariable) or high.has(RandomVariable):
        return f"the range of {index} depends on chance"
    if sign(high - low + 1, where) not in _NONNEGATIVE:
        return f"the range of {index} from {low} to {high} may have a negative length"
    least = 1 if index.is_positive else 0 if index.is_nonnegative else None
    if least is not None and sign(low - least, where) not in _NONNEGATIVE:
        return f"the range of {index} may begin below {least}"
    return ""


def argument_problem(value: Any, where: tuple[Any, ...]) -> str:
    """Return why ``value`` may not be an argument of a rule, or nothing."""
    if type(value) is dict:  # exact types: an object of another kind may say of itself what it likes
        keys = [key for key in value if type(key) is not str]  # a string is the name of an argument
        return argument_problem([*keys, *value.values()], where)
    if type(value) in (tuple, list):
        return next(filter(None, (argument_problem(part, where) for part in value)), "")
    if type(value) is str:  # no formula: SymPy would read one past this grammar, floats and infinities included
        return "" if value in _NAMES else f"{value!r} names nothing that a rule knows"
    if type(value) in (int, bool) or value is sp.Sum or value is sp.Product:
        return ""
    if isinstance(value, sp.Basic):
        return problem(value, where)
    return f"{type(value).__name__} is no kind of argument"


def undefined(claim: Claim) -> str:
    """Return why a condition or a side of the claim's relation may be undefined, or nothing.

    What is inside a limit, or said of all large numbers, must be defined for large values of its variable, but for
    logarithms of expectations, which the rules that show growth know to be defined. What is undefined would be read in
    two ways: SymPy takes 0/z for 0 without knowing z, while the normal form of z/z is 1.
    """
    relation, where = claim.conclusion, claim.where
    for number, condition in enumerate(where):  # in their order: a condition may say that a later one is defined
        found = defined(condition.lhs, where[:number]) or defined(condition.rhs, where[:number])
        if found:
            return found
    if isinstance(relation, Exists):
        relation = relation.args[1]
    if isinstance(relation, Eventually):
        index, _, condition, relation = relation.args
        where = (*where, condition, le(_LARGE, index))
    if not isinstance(relation, _RELATIONS):
        return ""
    limits = {limit: sp.Symbol("_limit", real=True) for limit in relation.atoms(LimitOf)}
    for limit in sorted(limits, key=str):
        value, index = limit.args
        logs = {log: sp.Symbol("_log", real=True) for log in value.atoms(sp.log) if isinstance(log.args[0], E)}
        found = defined(value.xreplace(limits | logs), (*where, le(_LARGE, index)))
        if found:
            return found
    for side in (relation.lhs, relation.rhs):
        found = defined(side.xreplace(limits), where)
        if found:
            return found
    return ""


def unshown_limit(claim: Claim | All, rule: str, premises: list[Any], args: Mapping[str, Any]) -> str:
    """Return a limit of the claim that nothing shows to exist, or nothing.

    A relation with a limit says that it exists, so a rule may speak of a limit only if a premise does, which must hold
    under the claim's conditions, or if showing limits is what the rule does.
    """
    if isinstance(claim, All):  # its parts are premises as they stand
        return ""
    limits = claim.conclusion.atoms(LimitOf)
    if not limits:
        return ""
    put = args.get("put", {}) if rule == "specialise" else {}
    if any(sp.sympify(value).has(LimitOf) for value in put.values()):
        return "a limit may not be put in for a variable"
    known = stated(LimitOf, claim, rule, premises, args)
    if rule in _LIMITS and isinstance(claim.conclusion, _RELATIONS):
        known.add(rational(claim.conclusion.rhs if rule == "exponent-from-below" else claim.conclusion.lhs))
    missing = sorted(str(one) for one in limits if rational(one) not in known)
    return f"nothing shows that {missing[0]} exists" if missing else ""


def stated(kind: Any, claim: Claim, rule: str, premises: list[Any], args: Mapping[str, Any]) -> set[Any]:
    """Return the words of a kind of which premises speak that hold under the claim's conditions, in normal form."""
    put = args.get("put", {}) if rule == "specialise" else {}
    known = set()
    for premise in premises:
        if isinstance(premise, All):
            continue
        facts = claim.where
        if rule == "specialise":
            facts += tuple(other.conclusion for other in premises[1:] if isinstance(other, Claim))
        free = args.get("slack") if rule in _SLACK else None  # its conditions hold for small values
        needed = [one for one in premise.where if free is None or not one.has(free)]
        if all(proves(language.substitute(one, put), facts) for one in needed):
            conclusion = language.substitute(premise.conclusion, put)
            known |= {rational(one) for one in conclusion.atoms(kind)}
    return known
