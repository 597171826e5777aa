"""A document as a PDF, made by Typst rather than TeX.

The functions that the source is written in are in ``style.typ``: whoever sets blocks from :func:`fragment` in a
document of their own imports it, and may change how they look.
"""

from __future__ import annotations

from rankbound.appendix.typst.compiler import to_files
from rankbound.appendix.typst.source import STYLE, fragment, to_source

__all__ = ["STYLE", "fragment", "to_files", "to_source"]
