"""Formulas in every format: the LaTeX of :mod:`proofs.latex` read into a tree, and LaTeX, MathML and Typst written."""

from __future__ import annotations

import math

from rankbound.appendix.formulas import latex as _latex
from rankbound.appendix.formulas import mathml as _mathml
from rankbound.appendix.formulas import typst as _typst
from rankbound.appendix.formulas.lines import Line, broken
from rankbound.appendix.formulas.of_sympy import sympy_to_typst
from rankbound.appendix.formulas.parsing import parse
from rankbound.errors import check_real

__all__ = ["sympy_to_typst", "to_latex", "to_mathml", "to_typst"]


def to_latex(latex: str, *, width: float | None = None) -> str:
    r"""Return a formula for ``$...$``, or for a width what stands between ``\[`` and ``\]``.

    Parameters
    ----------
    latex : str
        The formula as :mod:`proofs.latex` writes it.
    width : float, optional
        That of a row, in em of the text: a formula that is wider is broken into rows in ``aligned``.

    Returns
    -------
    str
        LaTeX for the packages amsmath and amssymb.

    Raises
    ------
    ValueError
        If something in the formula does not belong to that notation, or ``width`` is not positive.
    """
    return _latex.write_lines(_lines(latex, width))


def to_mathml(latex: str, *, display: bool = False, width: float | None = None) -> str:
    """Return a formula as an element ``<math>`` of MathML Core.

    Parameters
    ----------
    latex : str
        The formula as :mod:`proofs.latex` writes it.
    display : bool, optional
        Whether it stands on lines of its own.
    width : float, optional
        That of a row, in em of the text; a formula that is wider is broken into rows. Only for displayed ones.

    Returns
    -------
    str
        The element, with the formula in LaTeX as its text for those who cannot see it.

    Raises
    ------
    ValueError
        If something in the formula does not belong to that notation, or ``width`` is not positive.
    """
    return _mathml.math(_lines(latex, width), latex, display=display)


def to_typst(latex: str, *, display: bool = False, width: float | None = None) -> str:
    """Return a formula in the markup of Typst, with its dollar signs.

    Parameters
    ----------
    latex : str
        The formula as :mod:`proofs.latex` writes it.
    display : bool, optional
        Whether it stands on lines of its own.
    width : float, optional
        That of a row, in em of the text; a formula that is wider is broken into rows. Only for displayed ones.

    Returns
    -------
    str
        The markup.

    Raises
    ------
    ValueError
        If something in the formula does not belong to that notation, or ``width`` is not positive.
    """
    inside = _typst.write_lines(_lines(latex, width))
    return f"$ {inside} $" if display else f"${inside}$"


def _lines(latex: str, width: float | None) -> tuple[Line, ...]:
    row = parse(latex)
    if width is None:
        return (Line((), row.items),)
    return broken(row, check_real("width", width, above=0, below=math.inf, remedy="give that of a row in em"))
