"""``rankbound bound``: the certified interval around E[rank] at one setting."""

from __future__ import annotations

import json

import click

from rankbound.cli import options
from rankbound.cli.streams import emit


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@options.n_keys
@options.head_dim
@options.n_queries
@options.table_or_json
@options.no_cache
def bound(n_keys: int, head_dim: int, n_queries: int | None, format_: str) -> int:
    """Print an interval that is proved to contain the expected rank, and the barrier above it.

    For random hardmax attention with independent Gaussian query and key weights and orthonormal inputs. Nothing is
    simulated: it takes about a second, a few seconds at the largest sizes, and next to nothing when asked again.
    """
    from rankbound import bounds

    n_queries = n_keys if n_queries is None else n_queries
    value = bounds.expected_rank(n_keys, head_dim, n_queries=n_queries)
    barrier = bounds.barrier(n_keys, n_queries=n_queries)
    if format_ == "json":
        document = {
            "lower": value.lower,
            "upper": value.upper,
            "barrier": barrier.upper,
            "n_keys": n_keys,
            "n_queries": n_queries,
            "head_dim": head_dim,
            "rigour": value.rigour,
            "method": value.method,
        }
        emit(json.dumps(document, indent=2) + "\n")
        return 0
    low, high = 100 * value.lower / barrier.upper, 100 * value.upper / barrier.lower
    emit(
        f"n_keys {n_keys}, n_queries {n_queries}, head_dim {head_dim}\n"
        f"E[rank]  in [{value.lower!r}, {value.upper!r}]\n"
        f"         {value.rigour}: {value.method}\n"
        f"barrier  {barrier.upper!r}, of which E[rank] is about {low:.4g}% to {high:.4g}%\n"
    )
    return 0
