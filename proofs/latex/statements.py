"""Relations, statements and claims in LaTeX."""

# ruff: noqa: N802 - SymPy's printers find their methods by such names
from __future__ import annotations

from typing import Any

import sympy as sp

from proofs.language import Claim
from proofs.latex.printer import ExpressionPrinter, bracketed, set_of

_SIGNS = {"==": "=", "<=": r"\leq", "<": "<", "!=": r"\neq", ">=": r"\geq", ">": ">"}


def to_latex(expr: Any) -> str:
    """Return an expression, relation or statement in LaTeX, for math mode.

    Raises
    ------
    TypeError
        If there is no notation for something in it.
    """
    return str(Printer().doprint(expr))


def claim_to_latex(claim: Claim) -> str:
    """Return a claim in LaTeX, for math mode: its conclusion, and the conditions under which it holds."""
    return r" \quad ".join(part for part in (to_latex(claim.conclusion), conditions_to_latex(claim)) if part)


def conditions_to_latex(claim: Claim) -> str:
    """Return the conditions of a claim in LaTeX, for math mode, or nothing."""
    return r"\text{for } " + r",\; ".join(map(to_latex, claim.where)) if claim.where else ""


class Printer(ExpressionPrinter):
    """Everything that a claim may consist of."""

    def _print_Relational(self, expr: Any) -> str:
        return f"{self._print(expr.lhs)} {_SIGNS[expr.rel_op]} {self._print(expr.rhs)}"

    def _print_BooleanTrue(self, expr: Any) -> str:
        return r"\top"

    def _print_BooleanFalse(self, expr: Any) -> str:
        return r"\bot"

    def _print_Tuple(self, expr: Any) -> str:
        return bracketed(", ".join(map(self._print, expr.args)))

    def _print_Exists(self, expr: Any) -> str:
        variable, relation = expr.args
        return rf"\exists\, {self._print(variable)} \in {set_of(variable)} :\; {self._print(relation)}"

    def _print_Eventually(self, expr: Any) -> str:
        large, other, condition, relation = expr.args
        start = rf"{self._print(large)}_{{0}}"
        return (
            rf"\exists\, {start} \;\; \forall\, {self._print(large)} \geq {start} \;\; \forall\, {self._print(other)} "
            rf"\in {set_of(other)} \text{{ with }} {self._print(condition)} :\; {self._print(relation)}"
        )

    def _family(self, member: Any, *indices: Any, last: Any = None) -> str:
        inside = ", ".join(map(self._print, member.args)) if isinstance(member, sp.Tuple) else self._print(member)
        below = ", ".join(map(self._print, indices))
        if last is not None:
            below = rf"0 \leq {below} \leq {self._print(last)}"
        return f"{bracketed(inside)}_{{{below}}}"

    def _print_Independent(self, expr: Any) -> str:
        member, index, given = expr.args
        known = self.knowledge(given.name)
        return rf"{self._family(member, index)} \text{{ independent}}" + (rf"\text{{ given }} {known}" if known else "")

    def _print_Alike(self, expr: Any) -> str:
        member, index, last = expr.args
        return rf"{self._family(member, index, last=last)} \text{{ identically distributed}}"

    def _print_StandardNormals(self, expr: Any) -> str:
        first, second, row, column, coordinate, *last = expr.args
        families = f"{self._family(first, row, coordinate)}, {self._family(second, column, coordinate)}"
        ends = rf",\; {self._print(row)}, {self._print(column)} \leq {self._print(last[0])}" if last else ""
        ends += rf",\; {self._print(coordinate)} \leq {self._print(last[1])}" if len(last) > 1 else ""
        return rf"{families} \text{{ all together independent standard normal}}{ends}"

    def _print_NormalFamily(self, expr: Any) -> str:
        member, row, coordinate, last = expr.args
        end = rf",\; {self._print(row)} \leq {self._print(last)}"
        return rf"{self._family(member, row, coordinate)} \text{{ independent standard normal}}{end}"

    def _print_PicksConverge(self, expr: Any) -> str:
        first, second, index, large = expr.args
        limit = rf"{self._family(first, index)} \to {self._family(second, index)}"
        return rf"{limit} \text{{ in law as }} {self._print(large)} \to \infty"

    def _print_PoissonBinomial(self, expr: Any) -> str:
        law = "has the law of a sum of finitely many independent variables with values 0 and 1"
        return rf"{self._print(expr.args[0])} \text{{ {law}}}"

    def _print_Density(self, expr: Any) -> str:
        quantity, density, variable, *ends = expr.args
        where = bracketed(", ".join(map(self._print, ends))) if ends else r"\mathbb{R}"
        return (
            rf"{self._print(quantity)} \text{{ has the density }} {self._print(density)} \text{{ at }} "
            rf"{self._print(variable)} \in {where}"
        )
