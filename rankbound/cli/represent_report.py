"""What ``rankbound represent`` found: as a table, as JSON and as Markdown."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rankbound.representation import MinHeadDim, Representation

SCHEMA = "rankbound.represent/1"


def to_json(found: Representation, least: MinHeadDim) -> str:
    """Return a document of the schema ``rankbound.represent/1``; the weights are in the file of ``--output``."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        **{name: getattr(found, name) for name in ("n", "embed_dim", "head_dim", "convention", "exact")},
        **{
            name: getattr(found, name)
            for name in ("log_error", "eckart_young", "matrix_error", "matrix_bound", "tolerance", "condition")
        },
        "rigour": found.rigour,
        "min_head_dim": {
            **{name: getattr(least, name) for name in ("value", "rank", "lower", "upper", "tolerance")},
            "gap": least.gap if math.isfinite(least.gap) else None,
            "rigour": least.rigour,
            "method": least.method,
        },
        "singular_values": found.singular_values.tolist(),
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def to_table(found: Representation, least: MinHeadDim) -> str:
    """Return the errors and the least head dimension, one a line."""
    rows = _rows(found, least)
    width = max(len(name) for name, _ in rows)
    return (
        "\n".join([_title(found), "", *(f"{name:<{width}}  {value}" for name, value in rows), "", _note(found)]) + "\n"
    )


def to_markdown(found: Representation, least: MinHeadDim) -> str:
    """Return the same as a table in Markdown."""
    rows = [f"| {name.replace('|', '&#124;')} | {value} |" for name, value in _rows(found, least)]
    return "\n".join([_title(found), "", "| | |", "| --- | --- |", *rows, "", _note(found)]) + "\n"


def _title(found: Representation) -> str:
    sizes = f"n {found.n}, embed_dim {found.embed_dim}, head_dim {found.head_dim}"
    return f"{sizes}: P is {'' if found.exact else 'not '}reached ({found.convention} sum to 1)"


def _rows(found: Representation, least: MinHeadDim) -> list[tuple[str, str]]:
    known = (
        "exact"
        if least.lower == least.upper
        else f"{least.rigour}; proved: rank {least.lower} to {least.upper}; gap {least.gap:.3g}"
    )
    return [
        ("log error ||C log P - C log P_hat||", f"{found.log_error:.6g}"),
        ("least possible (Eckart-Young)", f"{found.eckart_young:.6g}"),
        ("matrix error ||P - P_hat||", f"{found.matrix_error:.6g}"),
        ("bound on it, half the log error", f"{found.matrix_bound:.6g}"),
        ("rounding may amount to", f"{found.tolerance:.2g}"),
        ("condition number of X", f"{found.condition:.3g}"),
        ("least head_dim that reaches P", f"{least.value} ({known})"),
    ]


def _note(found: Representation) -> str:
    return f"Errors are Frobenius norms, in plain floats ({found.rigour})."
