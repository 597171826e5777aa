"""An appendix in LaTeX: for pdflatex or any other, with nothing beyond the usual packages, in one column or two."""

from __future__ import annotations

from rankbound.appendix.latex.files import fragment, to_files

__all__ = ["fragment", "to_files"]
