"""``rankbound head-dim``: the head dimension that a share of the barrier asks for."""

from __future__ import annotations

import json
import math
import textwrap
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from rankbound.cli import options
from rankbound.cli.streams import emit
from rankbound.cli.types import Between
from rankbound.rounding import ceiling_text, floor_text
from rankbound.verdict import Rigour

if TYPE_CHECKING:
    from rankbound.bounds.curve import HeadDimRange
    from rankbound.enclosure import Enclosure


@click.command("head-dim", context_settings={"help_option_names": ["-h", "--help"]})
@options.n_keys
@click.option(
    "--fraction",
    type=Between(0, 1, "give a share of the barrier, for example --fraction 0.95"),
    required=True,
    help="Share of the barrier that the expected rank is to reach, for example 0.95.",
)
@options.n_queries
@options.table_or_json
@options.no_cache
def head_dim(n_keys: int, fraction: float, n_queries: int | None, format_: str) -> int:
    """Print a head dimension that certainly reaches a share of the barrier, and one that certainly falls short.

    The two are as close together as the proved intervals around the expected rank allow. Nothing is claimed about any
    other head dimension, since it is not proved that the expected rank grows with it.
    """
    from rankbound import bounds

    try:
        found = bounds.head_dim_for(n_keys, fraction, n_queries=n_queries)
    except ValueError as error:
        if not str(error).startswith("fraction = "):
            raise
        raise click.UsageError(f"--{error}", click.get_current_context()) from None
    barrier = bounds.barrier(n_keys, n_queries=found.n_queries)
    short = found.falls_short
    missed = None if short is None else bounds.expected_rank(n_keys, short, n_queries=found.n_queries)
    rule = _rule_of_thumb(found, barrier)
    if format_ == "json":
        document = {
            "schema": "rankbound.head-dim/1",
            "n_keys": found.n_keys,
            "n_queries": found.n_queries,
            "fraction": found.fraction,
            "barrier": {"lower": barrier.lower, "upper": barrier.upper},
            "reaches": _point(found.reaches, found.expected_rank),
            "falls_short": None if short is None or missed is None else _point(short, missed),
            "rule_of_thumb": rule,
        }
        emit(json.dumps(document, indent=2, allow_nan=False) + "\n")
        return 0
    emit(_to_text(found, barrier, missed, rule))
    return 0


def _point(head_dim: int, value: Enclosure) -> dict[str, Any]:
    return {
        "head_dim": head_dim,
        "lower": value.lower,
        "upper": value.upper,
        "rigour": value.rigour,
        "method": value.method,
    }


def _rule_of_thumb(found: HeadDimRange, barrier: Enclosure) -> dict[str, Any] | None:
    """Return what the quick rules say at the head dimension that was found; they want as many queries as keys."""
    if found.n_keys < 2 or found.n_queries != found.n_keys:
        return None
    from rankbound.bounds.saturation_window import quick_deficit, quick_rank

    n, d = found.n_keys, found.reaches
    share = barrier.upper / n
    return {
        "head_dim": d,
        "deficit": quick_deficit(n, d).value,
        "deficit_finite_size": share - quick_rank(n, d).value,
        "rigour": Rigour.FLOAT,
    }


def _to_text(found: HeadDimRange, barrier: Enclosure, missed: Enclosure | None, rule: dict[str, Any] | None) -> str:
    from rankbound.cli.curve import percentages

    def share(value: Enclosure) -> str:
        low, high = percentages(value, barrier)
        return f"E[rank] is {low}% to {high}% of it ({value.rigour}: {value.method})"

    target = repr(found.fraction)
    lines = [
        f"n_keys {found.n_keys}, n_queries {found.n_queries}: {target} of the barrier {barrier.upper!r}",
        "",
        f"head_dim {found.reaches} certainly reaches {target} of the barrier: {share(found.expected_rank)}.",
    ]
    if missed is not None:
        lines.append(f"head_dim {found.falls_short} certainly falls short: {share(missed)}.")
    else:
        lines.append("No smaller head_dim was found that certainly falls short.")
    lines.append("Nothing is claimed about other head_dims: that E[rank] grows with them is observed, not proved.")
    if rule is not None:
        n, value = found.n_keys, found.expected_rank
        least = math.nextafter(float((Fraction(barrier.lower) - Fraction(value.upper)) / n), -1.0)
        least = max(least, 0.0)  # no bound is better than the barrier
        most = math.nextafter(float((Fraction(barrier.upper) - Fraction(value.lower)) / n), 2.0)
        lines += [
            "",
            "Rules of thumb, in plain floats and no bounds: E[rank]/n falls short of the barrier by a deficit of about "
            f"log^2 n/(e head_dim) in very wide heads; at head_dim {found.reaches} that is {rule['deficit']:.3g}, and "
            f"by the rule for finite sizes {rule['deficit_finite_size']:.3g}. What is certain: "
            f"{floor_text(least, 3)} to {ceiling_text(most, 3)}.",
        ]
    return "\n".join(textwrap.fill(line, 80, subsequent_indent="  ") for line in lines) + "\n"
