"""``rankbound represent``: the weights of one head that come closest to an attention matrix."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rankbound.arrays import load_array
from rankbound.cli import options
from rankbound.cli.files import write_result
from rankbound.cli.represent_report import to_json, to_markdown, to_table
from rankbound.cli.setting_options import as_usage_error
from rankbound.cli.streams import emit
from rankbound.cli.types import OfKind
from rankbound.verify.calculus import ExitCode

if TYPE_CHECKING:
    from rankbound.representation import MinHeadDim, Representation

_FORMATS = {"table": to_table, "json": to_json, "markdown": to_markdown}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("matrix", metavar="P")
@options.head_dim
@click.option(
    "--inputs",
    help="File with the inputs X: linearly independent tokens. Default: the identity, which is as good as any.",
)
@click.option(
    "--convention",
    type=click.Choice(["columns", "rows"]),
    default="columns",
    show_default=True,
    help="What sums to 1 in P: columns (the paper; X is embed_dim x n) or rows (PyTorch; X is n x embed_dim).",
)
@click.option(
    "--output",
    type=OfKind((".npz",), "weights.npz"),
    help="Write W_q, W_k, P_hat and the errors into this file, with NumPy; it ends in .npz.",
)
@options.format_of(*_FORMATS)
def represent(
    matrix: str, head_dim: int, inputs: str | None, convention: str, output: Path | None, format_: str
) -> int:
    """Find query and key weights whose attention is P, or comes as close to it as a head of this dimension can.

    P is the file of a positive stochastic matrix, n x n: .npy, .npz, .safetensors, .txt, .csv or .tsv; FILE::NAME for
    one array of several. Whole numbers are counts, each column (or row) of which is divided by its sum. From head_dim
    n - 1 on every such matrix is reached; below that, almost none. Exit code: 0 also where P is not reached, 2 usage.
    """
    try:
        found, least = _found(matrix, head_dim, inputs, convention)
    except ValueError as problem:
        raise as_usage_error(problem) from None
    if output is not None:
        _write(output, found)
    emit(_FORMATS[format_](found, least))
    return ExitCode.AS_EXPECTED


def _found(matrix: str, head_dim: int, inputs: str | None, convention: str) -> tuple[Representation, MinHeadDim]:
    """Do what ``rankbound.represent`` and ``rankbound.min_head_dim`` do, with one decomposition for both."""
    from rankbound.representation.centred_logs import decompose
    from rankbound.representation.factorisation import check_head_dim, represented
    from rankbound.representation.head_dims import counted
    from rankbound.representation.matrices import check_convention, read_attention, read_inputs

    checked = check_convention(convention)
    attention = read_attention(load_array(matrix, name="P"), checked)
    given = None if inputs is None else load_array(inputs, name="--inputs")
    tokens = read_inputs(given, attention.n, checked)
    head_dim = check_head_dim(head_dim, attention.n, attention.n if tokens is None else len(tokens))
    logs = decompose(attention)
    return represented(logs, tokens, head_dim, checked), counted(logs)


def _write(path: Path, found: Representation) -> None:
    import numpy as np

    content = io.BytesIO()
    numbers = ("log_error", "eckart_young", "matrix_error", "matrix_bound", "tolerance", "exact")
    arrays = ("W_q", "W_k", "P_hat", "singular_values")
    kept: dict[str, Any] = {name: getattr(found, name) for name in (*arrays, *numbers)}
    np.savez(content, **kept)
    write_result(path, content.getvalue())
