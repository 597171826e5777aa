"""Check theorems about the rank of attention matrices with random weights."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rankbound.bounds import barrier, exact_barrier, expected_rank, rank_exponent
    from rankbound.claims import Claim
    from rankbound.enclosure import Enclosure
    from rankbound.setting import Setting
    from rankbound.verdict import Evidence, Outcome, Rigour, Verdict, Witness
    from rankbound.verify.grid import default_head_dims
    from rankbound.verify.judge import judge
    from rankbound.verify.report import Report
    from rankbound.verify.run import JudgementInterrupted

__version__ = "0.1.0"

_HOME = {
    "Claim": "rankbound.claims",
    "JudgementInterrupted": "rankbound.verify.run",
    "Report": "rankbound.verify.report",
    "barrier": "rankbound.bounds",
    "default_head_dims": "rankbound.verify.grid",
    "exact_barrier": "rankbound.bounds",
    "expected_rank": "rankbound.bounds",
    "judge": "rankbound.verify.judge",
    "rank_exponent": "rankbound.bounds",
    "Enclosure": "rankbound.enclosure",
    "Evidence": "rankbound.verdict",
    "Outcome": "rankbound.verdict",
    "Rigour": "rankbound.verdict",
    "Setting": "rankbound.setting",
    "Verdict": "rankbound.verdict",
    "Witness": "rankbound.verdict",
}

__all__ = [
    "Claim",
    "Enclosure",
    "Evidence",
    "JudgementInterrupted",
    "Outcome",
    "Report",
    "Rigour",
    "Setting",
    "Verdict",
    "Witness",
    "__version__",
    "barrier",
    "default_head_dims",
    "exact_barrier",
    "expected_rank",
    "judge",
    "rank_exponent",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home module on first use, so that ``import rankbound`` stays light."""
    if name not in _HOME:
        raise AttributeError(f"module 'rankbound' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
