"""Expressions of the statement language in LaTeX, with every parenthesis that they need.

SymPy's own printer has lost parentheses, and prints what it does not know by its name in the program. Here brackets
follow from one rule, and only what has a method below is printed at all.
"""

# ruff: noqa: N802, N815 - SymPy's printers find their methods by such names
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter

from proofs import model
from proofs.language import KEYS, TRIVIAL, Below, RandomVariable
from proofs.latex.notation import ALL_KEYS, KNOWLEDGE, QUANTITIES

_SUM, _PRODUCT, _POWER, _ATOM = range(4)
"""How tightly an expression holds together: it is bracketed where something tighter is needed."""

_OPPOSITE = {"<": r"\geq", "=": r"\neq"}
_GREEK = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu"),
    *("nu", "xi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega"),
)
_BIG = {"Sum": r"\sum", "Product": r"\prod"}
_LIMITS = {"Lim": r"\lim", "LimSup": r"\limsup", "LimInf": r"\liminf"}
_TYPES = {
    (False, None): r"\mathbb{R}",
    (False, "nonnegative"): r"[0, \infty)",
    (False, "positive"): r"(0, \infty)",
    (True, None): r"\mathbb{Z}",
    (True, "nonnegative"): r"\{0, 1, \ldots\}",
    (True, "positive"): r"\{1, 2, \ldots\}",
}


def set_of(symbol: Any) -> str:
    """Return the set over which a symbol of this type runs."""
    sign = "positive" if symbol.is_positive else "nonnegative" if symbol.is_nonnegative else None
    return _TYPES[bool(symbol.is_integer), sign]


def bracketed(text: str) -> str:
    """Put parentheses around a piece of LaTeX."""
    return rf"\left({text}\right)"


def _is_negative(term: Any) -> bool:
    return bool(term.as_coeff_Mul()[0].is_negative)


def _inverse(factor: Any) -> Any:
    """Return 1/factor if that is a power with an exponent without a minus sign, else ``None``."""
    if isinstance(factor, sp.Pow) and factor.exp.is_number and factor.exp.is_negative:
        return factor.base ** (-factor.exp)
    if isinstance(factor, sp.Pow) and isinstance(factor.exp, sp.Mul) and _is_negative(factor.exp):
        return factor.base ** (-factor.exp)
    return None


class ExpressionPrinter(LatexPrinter):  # type: ignore[misc]
    """What SymPy calls an expression; relations and statements are added in :mod:`proofs.latex.statements`."""

    def _print(self, expr: Any, **_: Any) -> str:
        name = type(expr).__name__
        if name in QUANTITIES:
            return self._quantity(expr)
        for kind in type(expr).__mro__:
            method = getattr(type(self), f"_print_{kind.__name__}", None)
            if method is not None and method.__module__.startswith("proofs.latex"):  # and not SymPy's
                return str(method(self, expr))
        raise TypeError(f"there is no notation for {name}: give it one in proofs/latex")

    def _within(self, expr: Any, needed: int, *, last: bool = True) -> str:
        """Return ``expr`` as a part of something; what follows it must not be drawn into a sum at its end."""
        text = self._print(expr)
        return bracketed(text) if self._tightness(expr) < needed or (not last and self._is_open(expr)) else text

    def _tightness(self, expr: Any) -> int:
        if isinstance(expr, sp.Symbol) or (expr.is_Integer and expr >= 0):
            return _ATOM
        if isinstance(expr, sp.Add) or _is_negative(expr):
            return _SUM
        if isinstance(expr, (sp.Mul, sp.Rational)) or _inverse(expr) is not None or self._is_open(expr):
            return _PRODUCT
        text = self._print(expr) if type(expr).__name__ in QUANTITIES else "^"
        return _POWER if "^" in text or "'" in text or text.endswith(")") else _ATOM

    def _is_open(self, expr: Any) -> bool:
        """Whether the expression ends in a sum, product, limit or integral, which would draw in what follows."""
        name = type(expr).__name__
        if name in _BIG or name in _LIMITS or name == "Integral":
            return True
        if isinstance(expr, sp.Mul):
            above, below = self._split(expr)
            return not below and any(map(self._is_open, above))
        return isinstance(expr, sp.Add) and any(map(self._is_open, expr.args))

    def _ending_in_open(self, parts: Sequence[Any]) -> list[Any]:
        return sorted(parts, key=self._is_open)

    def _print_Symbol(self, expr: Any) -> str:
        found = re.fullmatch(r"([A-Za-z]+)_?(\d*)", expr.name)
        if found is None or (len(found[1]) > 1 and found[1] not in _GREEK):
            raise TypeError(f"there is no notation for the symbol {expr.name}: use a letter or the name of a Greek one")
        letter = found[1] if len(found[1]) == 1 else f"\\{found[1]}"
        return letter + (f"_{{{found[2]}}}" if found[2] else "")

    def _print_Rational(self, expr: Any) -> str:
        sign = "-" if expr.p < 0 else ""
        return f"{sign}{abs(expr.p)}" if expr.q == 1 else rf"{sign}\frac{{{abs(expr.p)}}}{{{expr.q}}}"

    def _print_Exp1(self, expr: Any) -> str:
        return r"\mathrm{e}"

    def _print_Pi(self, expr: Any) -> str:
        return r"\pi"

    def _print_Add(self, expr: Any) -> str:
        terms = self._as_ordered_terms(expr)
        closed = [term for term in terms if not self._is_open(term)]
        # A sign at the very beginning is easily overlooked, so that another term comes first if there is one.
        first = next((term for term in closed or terms if not _is_negative(term)), (closed or terms)[0])
        terms.remove(first)
        terms = [first, *self._ending_in_open(terms)]
        text = ""
        for place, term in enumerate(terms):
            sign = "-" if _is_negative(term) else "+" if text else ""
            part = self._within(-term if sign == "-" else term, _PRODUCT, last=place == len(terms) - 1)
            text += (f" {sign} " if text else sign) + part
        return text

    def _split(self, expr: Any) -> tuple[list[Any], list[Any]]:
        """Return the factors above and below the line, without the sign."""
        number, rest = expr.as_coeff_Mul()
        above = [sp.Integer(abs(number.p))] if abs(number.p) != 1 else []
        below = [sp.Integer(number.q)] if number.q != 1 else []
        for factor in rest.as_ordered_factors() if rest != 1 else ():
            inverse = _inverse(factor)
            if inverse is None:
                above.append(factor)
            else:
                below.append(inverse)
        return self._ending_in_open(above), self._ending_in_open(below)

    def _print_Mul(self, expr: Any) -> str:
        above, below = self._split(expr)
        text = rf"\frac{{{self._line(above)}}}{{{self._line(below)}}}" if below else self._factors(above)
        return f"-{text}" if _is_negative(expr) else text

    def _line(self, factors: Sequence[Any]) -> str:
        """Return the factors on one side of a fraction, which encloses them."""
        return self._print(factors[0]) if len(factors) == 1 else self._factors(factors)

    def _factors(self, factors: Sequence[Any]) -> str:
        text = ""
        for place, factor in enumerate(factors):
            part = self._within(factor, _PRODUCT, last=place == len(factors) - 1)
            text += (r" \cdot " if part[0].isdigit() else " ") + part if text else part
        return text or "1"

    def _print_Pow(self, expr: Any) -> str:
        inverse = _inverse(expr)
        if inverse is not None:
            return rf"\frac{{1}}{{{self._print(inverse)}}}"
        if expr.exp == sp.Rational(1, 2):
            return rf"\sqrt{{{self._print(expr.base)}}}"
        return f"{self._within(expr.base, _ATOM)}^{{{self._print(expr.exp)}}}"

    def _print_exp(self, expr: Any) -> str:
        return rf"\mathrm{{e}}^{{{self._print(expr.exp)}}}"

    def _print_log(self, expr: Any) -> str:
        return rf"\log{bracketed(self._print(expr.args[0]))}"

    def _print_gamma(self, expr: Any) -> str:
        return rf"\Gamma{bracketed(self._print(expr.args[0]))}"

    def _print_ceiling(self, expr: Any) -> str:
        return rf"\left\lceil {self._print(expr.args[0])} \right\rceil"

    def _print_factorial(self, expr: Any) -> str:
        return f"{self._within(expr.args[0], _ATOM)}!"

    def _print_binomial(self, expr: Any) -> str:
        return rf"\binom{{{self._print(expr.args[0])}}}{{{self._print(expr.args[1])}}}"

    def _print_Sum(self, expr: Any) -> str:
        return self._big(expr, _PRODUCT)

    def _print_Product(self, expr: Any) -> str:
        return self._big(expr, _POWER)

    def _big(self, expr: Any, needed: int) -> str:
        signs = ""
        for index, low, high in reversed(expr.limits):  # the innermost comes first in SymPy
            signs += (
                rf"{_BIG[type(expr).__name__]}_{{{self._print(index)}={self._print(low)}}}^{{{self._print(high)}}} "
            )
        same = type(expr.function) is type(expr)
        return signs + (self._print(expr.function) if same else self._within(expr.function, needed))

    def _print_Integral(self, expr: Any) -> str:
        value, variable, *ends = expr.args
        low, high = map(self._print, ends) if ends else (r"-\infty", r"\infty")
        body = self._within(value, _PRODUCT, last=False)
        return rf"\int_{{{low}}}^{{{high}}} {body} \, \mathrm{{d}} {self._print(variable)}"

    def _print_MatrixRank(self, expr: Any) -> str:
        entry, row, column, rows, columns = map(self._print, expr.args)
        return rf"\mathrm{{rank}}{bracketed(entry)}_{{{row} < {rows}, {column} < {columns}}}"

    def _limit(self, expr: Any) -> str:
        body, index = expr.args
        sign = _LIMITS[type(expr).__name__]
        return rf"{sign}_{{{self._print(index)} \to \infty}} {self._within(body, _PRODUCT)}"

    _print_Lim = _print_LimSup = _print_LimInf = _limit

    def _print_E(self, expr: Any) -> str:
        value, given = expr.value, self.knowledge(expr.given)
        given = rf" \,\middle|\, {given}" if given else ""
        event = self._event(value) or self._event(1 - value, opposite=True)
        if event:
            return rf"\mathbb{{P}}\left({event}{given}\right)"
        return rf"\mathbb{{E}}\left[{self._print(value)}{given}\right]"

    def _event(self, value: Any, *, opposite: bool = False) -> str:
        """Return the event of which ``value`` is the indicator (or the opposite one), if it is written as one."""
        if isinstance(value, Below):
            (left, right), sign = value.args, "<"
        elif isinstance(value, sp.KroneckerDelta) and value.has(RandomVariable):
            (left, right), sign = sorted(value.args, key=lambda side: not side.has(RandomVariable)), "="
        else:
            return ""
        return f"{self._print(left)} {_OPPOSITE[sign] if opposite else sign} {self._print(right)}"

    def _print_Below(self, expr: Any) -> str:
        return rf"\mathbf{{1}}\left\{{{self._event(expr)}\right\}}"

    def _print_KroneckerDelta(self, expr: Any) -> str:
        if expr.has(RandomVariable):
            return self._print_Below(expr)
        return rf"\delta_{{{self._print(expr.args[0])}, {self._print(expr.args[1])}}}"

    def knowledge(self, given: str) -> str:
        """Return what an expectation is given, or nothing."""
        if given == TRIVIAL:
            return ""
        return ALL_KEYS if given == KEYS else ", ".join(QUANTITIES[name].letter for name in KNOWLEDGE[given])

    def _quantity(self, expr: Any) -> str:
        notation, args = QUANTITIES[type(expr).__name__], [self._print(arg) for arg in expr.args]
        if notation.form:
            return notation.form.format(*args)
        below = ", ".join(args[: notation.indices])
        below = f"_{{{below}}}" if below else ""
        usual = [getattr(model, name) for name in notation.parameters]
        above = "" if list(expr.args[notation.indices :]) == usual else ", ".join(args[notation.indices :])
        above = f"^{{({above})}}" if above else ""
        # A prime is a superscript itself, which TeX joins with one that follows it at once.
        return notation.letter + (above + below if notation.letter.endswith("'") else below + above)
