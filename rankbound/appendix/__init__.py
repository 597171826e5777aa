"""Derivation appendices: documents made from checked proofs, certified numbers and an experiment, in any format.

Public names load on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rankbound.appendix.checking import check_appendix
    from rankbound.appendix.formats import FORMATS
    from rankbound.appendix.fragments import fragment
    from rankbound.appendix.making import Appendix, make_appendix
    from rankbound.appendix.reporting import report_to_html
    from rankbound.appendix.request import Request, appendix_request

_HOME = {
    "FORMATS": "formats",
    "Appendix": "making",
    "Request": "request",
    "appendix_request": "request",
    "check_appendix": "checking",
    "fragment": "fragments",
    "make_appendix": "making",
    "report_to_html": "reporting",
}

__all__ = [
    "FORMATS",
    "Appendix",
    "Request",
    "appendix_request",
    "check_appendix",
    "fragment",
    "make_appendix",
    "report_to_html",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'rankbound.appendix' has no attribute {name!r}")
    return getattr(importlib.import_module(f"rankbound.appendix.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
