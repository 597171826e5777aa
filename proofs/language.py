"""The statement language: SymPy relations, a few probability heads without evaluation, and claims about them.

A :class:`Claim` is a closed formula: *for all* values of its free symbols that have the types the symbols were made
with (integer, positive, ...) and satisfy ``where``, the ``conclusion`` holds. Steps of a proof are claims, so no step
depends on a variable that another step has fixed. A relation between random quantities holds almost surely.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.symbol import Str

TRIVIAL, KEYS, NORM, ALIGNED, PAIR, PLANE = "trivial", "keys", "norm", "aligned", "pair", "plane"
"""What an expectation is given: nothing; all keys; the length of key 0; that length and key 0's cosine with query 0;
these, key 0's cosine with query 1, and the cosine between the two queries; the distance, with its sign, of the
hyperplane through the first d keys (of one head dimension, see :func:`proofs.grammar.of_two_planes`)."""

_COARSER = {
    (TRIVIAL, KEYS),
    (TRIVIAL, NORM),
    (TRIVIAL, ALIGNED),
    (TRIVIAL, PAIR),
    (TRIVIAL, PLANE),
    (PLANE, KEYS),
    (NORM, KEYS),
    (NORM, ALIGNED),
    (NORM, PAIR),
    (ALIGNED, PAIR),
}


def coarser(first: str, second: str) -> bool:
    """Whether everything known under ``first`` is known under ``second``."""
    return first == second or (first, second) in _COARSER


class RandomVariable(sp.Function):  # type: ignore[misc]
    """A random quantity; ``known`` names what determines it. Its arguments carry every parameter of its law.

    It has moments of all orders. ``finite`` says that it takes finitely many values; ``least`` gives the least value of
    each parameter, which are whole numbers: beyond these the quantity has no meaning.
    """

    is_real = True
    finite = False
    least: tuple[int, ...] = ()
    known: frozenset[str] = frozenset()


class FixedNumber(sp.Function):  # type: ignore[misc]
    """A number of the model that is not left to chance; ``least`` gives the least value of each whole argument.

    Nothing is known of it but its sign and what an assumption or a citation says, so it stands for any such numbers.
    """

    is_real = True
    least: tuple[int, ...] = ()


class _Head(sp.Expr):  # type: ignore[misc]
    """A real-valued head that SymPy never evaluates."""

    is_commutative = True
    is_real = True

    def __new__(cls, *args: Any) -> Any:
        return sp.Expr.__new__(cls, *(sp.sympify(arg) for arg in args))


class E(_Head):
    """``E(X)``, the expectation of ``X``, or ``E(X, KEYS)``, its conditional expectation.

    A claim with it says that it exists: that it is a finite number, or random variable.
    """

    def __new__(cls, value: Any, given: Any = TRIVIAL) -> Any:
        """Make the expectation of ``value`` given what ``given`` names."""
        return sp.Expr.__new__(cls, sp.sympify(value), given if isinstance(given, Str) else Str(given))

    @property
    def value(self) -> Any:
        """The random quantity."""
        return self.args[0]

    @property
    def given(self) -> str:
        """What is known."""
        return str(self.args[1].name)

    def _sympystr(self, printer: Any) -> str:
        """Print as ``E(X | keys)``, and the mean of an indicator as ``P(X < x)`` or ``P(X >= x)``."""
        known = "" if self.given == TRIVIAL else f" | {self.given}"
        for event, sign in ((self.value, "<"), (1 - self.value, ">=")):
            if isinstance(event, Below):
                variable, level = (printer.doprint(arg) for arg in event.args)
                return f"P({variable} {sign} {level}{known})"
        return f"E({printer.doprint(self.value)}{known})"


class Below(_Head):
    """``Below(X, x)``: 1 if ``X < x``, else 0."""

    is_nonnegative = True


class NormalTail(_Head):
    """``NormalTail(t)``: the probability that a standard normal variable is at least ``t``."""

    is_positive = True


class BivariateBelow(_Head):
    """``BivariateBelow(x, y, r)``: the probability that ``X < x`` and ``Y < y`` for standard normals of correlation r.

    ``X`` and ``Y`` are jointly normal; at ``r = 1`` they are equal, at ``r = -1`` opposite.
    """

    is_nonnegative = True


class _Binder:
    """A head that binds some of its arguments, which are then not free in it."""

    binds: tuple[int, ...] = ()

    @property
    def bound(self) -> frozenset[Any]:
        """The symbols bound here."""
        return frozenset(self.args[place] for place in self.binds)  # type: ignore[attr-defined]

    @property
    def free_symbols(self) -> set[Any]:
        """The symbols of the arguments without the bound ones."""
        return set().union(*(arg.free_symbols for arg in self.args)) - self.bound  # type: ignore[attr-defined]


class LimitOf(_Binder, _Head):
    """A limit along the integers, of any of the three kinds below."""


class Lim(LimitOf):
    """``Lim(f, n)``: the limit of ``f`` as the integer ``n`` grows; a relation with it says that the limit exists."""

    binds = (1,)


class LimSup(LimitOf):
    """``LimSup(f, n)``: the upper limit of ``f`` as the integer ``n`` grows; a relation says that it is finite."""

    binds = (1,)


class LimInf(LimitOf):
    """``LimInf(f, n)``: the lower limit of ``f`` as the integer ``n`` grows; a relation says that it is finite."""

    binds = (1,)


class Integral(_Binder, _Head):
    """``Integral(f, x, a, b)``: the integral of ``f`` for ``x`` from ``a`` to ``b``, where ``a <= b``.

    Without ends it is over the whole line. A relation with it says that it converges absolutely. SymPy's own integral
    is no word of the language: SymPy would split it into a sum, differentiate under it and evaluate it unasked.
    """

    binds = (1,)

    def __new__(cls, value: Any, variable: Any, *ends: Any) -> Any:
        """Make the integral of ``value`` over ``variable`` between two ``ends`` or none."""
        if len(ends) not in (0, 2) or not sp.sympify(variable).is_Symbol:
            raise TypeError("an integral needs a variable and two ends or none")
        return super().__new__(cls, value, variable, *ends)

    def _sympystr(self, printer: Any) -> str:
        """Print as written; SymPy prints a class of this name in its own way."""
        return f"Integral({', '.join(printer.doprint(arg) for arg in self.args)})"


class MatrixRank(_Binder, _Head):
    """``MatrixRank(f, j, l, r, s)``: the rank of the matrix with entry ``f`` in row ``j < r`` and column ``l < s``."""

    binds = (1, 2)
    is_integer = True
    is_nonnegative = True


class _Predicate(_Binder, sp.logic.boolalg.BooleanFunction):  # type: ignore[misc]
    """A statement that is no relation; SymPy never evaluates it."""

    @classmethod
    def eval(cls, *_: Any) -> None:
        """Stay as written."""


class Exists(_Predicate):
    """``Exists(d, relation)``: some value of ``d``, of the type of the symbol, satisfies the relation."""

    binds = (0,)


class Eventually(_Predicate):
    """``Eventually(n, d, condition, relation)``.

    There is ``n0`` such that for all ``n >= n0`` and all ``d`` with ``condition``, the relation holds.
    """

    binds = (0, 1)


class Independent(_Predicate):
    """``Independent(X, i, G)``: given ``G`` (a name), the family ``X`` indexed by ``i`` is mutually independent.

    ``X`` may be a tuple of variables, whose members then may depend on each other for one ``i``.
    """

    binds = (1,)


class Alike(_Predicate):
    """``Alike(X, j, last)``: the members of the family ``X`` for ``j`` from 0 to ``last`` have one law."""

    binds = (1,)


class StandardNormals(_Predicate):
    """``StandardNormals(X, Y, i, j, e, last)``.

    The members of the families ``X``, indexed by ``i`` and ``e``, and ``Y``, indexed by ``j`` and ``e``, are all
    together independent standard normal variables, for ``i`` and ``j`` from 0 to ``last``, and for every ``e`` from 0
    on, or up to a seventh argument.
    """

    binds = (2, 3, 4)


class NormalFamily(_Predicate):
    """``NormalFamily(X, j, e, last)``.

    The members of the family ``X``, indexed by ``j`` and ``e``, are independent standard normal variables, for ``j``
    from 0 to ``last``, and for every ``e`` from 0 on.
    """

    binds = (1, 2)


class PoissonBinomial(_Predicate):
    """``PoissonBinomial(X)``: ``X`` has the law of a sum of finitely many independent 0/1 variables."""


class Density(_Predicate):
    """``Density(X, f, x, a, b)``: ``X`` lies between ``a`` and ``b`` and has the density ``f(x)`` there.

    Without ends it has this density on the whole line.
    """

    binds = (2,)


class PicksConverge(_Predicate):
    """``PicksConverge(X, Y, i, d)``.

    As ``d`` grows the joint law of the finite family of finitely valued ``X``, indexed by ``i``, tends to that of
    ``Y``.
    """

    binds = (2, 3)


def le(left: Any, right: Any) -> Any:
    """``left <= right``, never evaluated."""
    return sp.Le(sp.sympify(left), sp.sympify(right), evaluate=False)


def lt(left: Any, right: Any) -> Any:
    """``left < right``, never evaluated."""
    return sp.Lt(sp.sympify(left), sp.sympify(right), evaluate=False)


def eq(left: Any, right: Any) -> Any:
    """``left = right``, never evaluated."""
    return sp.Eq(sp.sympify(left), sp.sympify(right), evaluate=False)


def prob_below(variable: Any, bound: Any) -> Any:
    """``P(variable < bound)``."""
    return E(Below(variable, bound))


def prob_at_least(variable: Any, bound: Any) -> Any:
    """``P(variable >= bound)``."""
    return E(1 - Below(variable, bound))


@dataclass(frozen=True, slots=True)
class Claim:
    """For all values of the free symbols that satisfy ``where``, the ``conclusion`` holds."""

    conclusion: Any
    where: tuple[Any, ...] = ()

    @property
    def free_symbols(self) -> frozenset[Any]:
        """The symbols over which the claim quantifies."""
        parts = (self.conclusion, *self.where)
        return frozenset().union(*(part.free_symbols for part in parts))

    def text(self) -> str:
        """Return the claim in one line."""
        where = " and ".join(show(part) for part in self.where)
        return show(self.conclusion) + (f"  [for {where}]" if where else "")


@dataclass(frozen=True, slots=True)
class All:
    """The conjunction of several claims, each closed on its own."""

    parts: tuple[Claim, ...]

    @property
    def free_symbols(self) -> frozenset[Any]:
        """The symbols over which the parts quantify."""
        return frozenset().union(*(part.free_symbols for part in self.parts))

    def text(self) -> str:
        """Return the claims, one after the other."""
        return "; ".join(part.text() for part in self.parts)


_SIGNS = {"==": "=", "<=": "<=", "<": "<", "!=": "!="}


def show(expr: Any) -> str:
    """Return one line of text for a relation or an expression."""
    if isinstance(expr, sp.core.relational.Relational):
        return f"{expr.lhs} {_SIGNS.get(expr.rel_op, expr.rel_op)} {expr.rhs}"
    return str(expr)


def bound_symbols(expr: Any) -> frozenset[Any]:
    """Symbols that a sum, product, limit, integral or quantifier inside ``expr`` binds."""
    found: set[Any] = set()
    for node in sp.preorder_traversal(expr):
        if isinstance(node, (sp.Sum, sp.Product)):
            found.update(limit[0] for limit in node.limits)
        elif isinstance(node, _Binder):
            found.update(node.bound)
    return frozenset(found)


def substitute(expr: Any, mapping: Mapping[Any, Any]) -> Any:
    """Replace free symbols (or whole subexpressions) without letting SymPy decide the relation.

    Raises
    ------
    ValueError
        If a symbol that ``expr`` binds is replaced, or would capture a symbol of a replacement.
    """
    bound = bound_symbols(expr)
    incoming: set[Any] = set().union(*(sp.sympify(value).free_symbols for value in mapping.values()))
    if bound & (set(mapping) | incoming):
        raise ValueError(f"a substitution may not touch the bound symbols {sorted(map(str, bound))}")
    return replace(expr, mapping)


def replace(expr: Any, mapping: Mapping[Any, Any]) -> Any:
    """Replace subexpressions as written, relations staying unevaluated."""
    if isinstance(expr, sp.core.relational.Relational):
        return expr.func(expr.lhs.xreplace(mapping), expr.rhs.xreplace(mapping), evaluate=False)
    if isinstance(expr, (Exists, Eventually)):
        return expr.func(*(replace(arg, mapping) for arg in expr.args))
    return expr.xreplace(mapping)
