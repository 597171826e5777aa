"""An appendix as one page of HTML that needs nothing else: no network, no scripts, pictures in the page, MathML."""

from __future__ import annotations

from rankbound.appendix.html.writer import fragment, to_files

__all__ = ["fragment", "to_files"]
