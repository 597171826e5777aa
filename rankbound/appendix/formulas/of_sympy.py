"""SymPy expressions in Typst, which SymPy itself does not print."""

from __future__ import annotations

from typing import Any

from rankbound.appendix.formulas.parsing import parse
from rankbound.appendix.formulas.typst import write


def sympy_to_typst(expression: Any) -> str:
    """Return a SymPy expression or relation in Typst's markup for math mode, without dollar signs.

    Parameters
    ----------
    expression : sympy.Basic
        Made of what theorems are made of: numbers, symbols (a letter or the name of a Greek one, with digits for an
        index), sums, products, powers, ``exp``, ``log``, ``gamma``, ``factorial``, ``binomial``, ``Sum``, ``Product``,
        ``Integral``, relations, and the heads of :mod:`proofs.model`.

    Returns
    -------
    str
        For example ``n (1 - (1 - 1 / n)^m)``.

    Raises
    ------
    TypeError
        If there is no notation for something in it.
    ValueError
        If it is written with a sign that has no counterpart in Typst here.
    """
    from proofs.latex import to_latex  # SymPy takes a while to import

    return write(parse(to_latex(expression)))
