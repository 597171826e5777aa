"""What ``rankbound simulate`` prints: JSON, or plain text of 80 columns, with or without block characters."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from rankbound import __version__
from rankbound.verdict import Rigour

if TYPE_CHECKING:
    from montecarlo import RankEstimate, SoftmaxRanks

BLOCKS = "█▏▎▍▌▋▊▉"
"""A whole cell of a bar, and its eighths."""

_WIDTH = 80
_ROWS = 16
"""Rows of a histogram at most."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for, and what is shown of it again."""

    n_keys: int
    n_queries: int
    head_dim: int
    seed: int
    error: float
    temperature: float | None
    tolerance: float | None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: ``estimate`` is of the numerical rank where ``softmax`` is there."""

    request: Request
    estimate: RankEstimate
    planned: int
    interrupted: bool
    softmax: SoftmaxRanks | None = None


def to_json(found: Found) -> str:
    """Return the document of the schema ``rankbound.simulate/1``."""
    request, estimate = found.request, found.estimate
    document: dict[str, Any] = {
        "schema": "rankbound.simulate/1",
        "n_keys": request.n_keys,
        "n_queries": request.n_queries,
        "head_dim": request.head_dim,
        "temperature": 0.0 if request.temperature is None else request.temperature,
        "tolerance": request.tolerance,
        "seed": request.seed,
        "replicates": estimate.replicates,
        "planned_replicates": found.planned,
        "interrupted": found.interrupted,
        "half_width": estimate.half_width,
        "reached": estimate.reached,
        "expected_rank": {
            "mean": estimate.mean,
            "lower": estimate.lower,
            "upper": estimate.upper,
            "error": estimate.error,
            "rigour": Rigour.CONFIDENCE,
        },
        "variance": estimate.variance,
        "quantiles": {str(level): rank for level, rank in estimate.quantiles.items()},
        "counts": {str(rank): count for rank, count in estimate.counts},
    }
    if found.softmax is not None:
        gap = float(found.softmax.gaps.min())
        document["spectrum"] = {
            "smallest_gap": gap if math.isfinite(gap) else None,
            "ambiguous": int(found.softmax.ambiguous.sum()),
            "hardmax_mean": float(found.softmax.hardmax_ranks.mean()),
            "equal_to_hardmax": int((found.softmax.ranks == found.softmax.hardmax_ranks).sum()),
            "certified_equal": int(found.softmax.certified.sum()),
        }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def to_text(found: Found, *, colour: bool, blocks: bool) -> str:
    """Return the page; ``colour`` allows for bold print, ``blocks`` for bars of block characters."""
    estimate, title = found.estimate, _title(found)
    lines = [click.style(title, bold=True) if colour else title]
    if found.interrupted:
        text = f"Interrupted after {estimate.replicates} of {found.planned} replicates, so not reproducible."
        lines.append(click.style(text, bold=True) if colour else text)
    lines += ["", *_mean_lines(found), "", *_quantile_lines(estimate), "", *_histogram_lines(estimate, blocks), ""]
    lines += _notes(found)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _title(found: Found) -> str:
    request = found.request
    queries = "" if request.n_queries == request.n_keys else f", {request.n_queries} queries"
    kind = "hardmax" if request.temperature is None else "softmax"
    return (
        f"rankbound {__version__}: random {kind} attention, n = {request.n_keys}{queries}, head_dim {request.head_dim}"
    )


def _mean_lines(found: Found) -> list[str]:
    estimate = found.estimate
    rows = []
    for name, whole in (("E[rank]", 1), ("E[rank]/n", estimate.n_keys)):
        mean, low, high = _interval(estimate, whole)
        rows.append((name, mean, f"in [{low}, {high}]"))
    if estimate.variance is not None:
        deviation = f"standard deviation {math.sqrt(estimate.variance):.4g}"
        rows.append(("variance", f"{estimate.variance:.4g}", deviation))
    wide = max(len(row[1]) for row in rows)
    lines = [f"{name:<11}{value:<{wide}}  {rest}" for name, value, rest in rows]
    rung = f"({Rigour.CONFIDENCE}, level {_level(estimate.error)})"
    if len(lines[0]) + 2 + len(rung) <= _WIDTH:
        lines[0] += f"  {rung}"
    else:
        lines.insert(2, f"{'':11}{rung}")
    return lines


def _interval(estimate: RankEstimate, whole: int) -> tuple[str, str, str]:
    """Return mean, lower and upper end over ``whole``: the width to two digits, rounded outward, the mean to four."""
    low, high = (Fraction(end) / whole for end in (estimate.lower, estimate.upper))
    mean = Fraction(estimate.mean) / whole
    exponent = _magnitude(high) if high < Fraction(1, 1000) else 0
    power, suffix = Fraction(10) ** -exponent, f"e{exponent}" if exponent else ""
    digits = max(0, 1 - _magnitude((high - low) * power)) if high > low else 2
    below, above = math.floor(low * power * 10**digits), math.ceil(high * power * 10**digits)
    shown = f"{float(mean):.4g}"
    if mean >= Fraction(1, 1000):
        shown = _fixed(round(mean * 10 ** (places := max(digits + 1, 3 - _magnitude(mean)))), places)
    return shown, _fixed(below, digits) + suffix, _fixed(above, digits) + suffix


def _magnitude(value: Fraction) -> int:
    return math.floor(math.log10(value))


def _fixed(value: int, digits: int) -> str:
    """Return ``value / 10**digits`` with so many decimals."""
    return f"{Decimal(value).scaleb(-digits):f}"


def _level(error: float) -> str:
    if error < 1e-9:
        return f"1 - {error:g}"
    return f"{(100 - 100 * Decimal(repr(error))).normalize():f}%"


def _quantile_lines(estimate: RankEstimate) -> list[str]:
    columns = [
        (f"{100 * level:.0f}%", str(rank), _share(rank, estimate.n_keys)) for level, rank in estimate.quantiles.items()
    ]
    wide = max(len(cell) for column in columns for cell in column)
    return [
        f"{name:<9}" + "".join(f"  {cell:>{wide}}" for cell in row)
        for name, row in zip(("quantile", "rank", "rank/n"), zip(*columns, strict=True), strict=True)
    ]


def _share(rank: int, whole: int) -> str:
    share = rank / whole
    return f"{share:.4f}" if share >= 1e-3 else f"{share:.2e}"


def _histogram_lines(estimate: RankEstimate, blocks: bool) -> list[str]:
    bins = list(_bins(estimate.counts))
    most = max(count for _, _, count in bins)
    labels = [str(first) if first == last else f"{first}-{last}" for first, last, _ in bins]
    label_wide, count_wide = max(4, *map(len, labels)), max(10, len(str(most)))
    room = _WIDTH - label_wide - count_wide - 12
    lines = [f"{'rank':>{label_wide}}  {'':{room}}  {'replicates':>{count_wide}}   share"]
    for label, (_, _, count) in zip(labels, bins, strict=True):
        bar = _bar(count, most, room, blocks)
        share = f"{100 * count / estimate.replicates:.1f}%"
        lines.append(f"{label:>{label_wide}}  {bar:{room}}  {count:>{count_wide}}  {share:>6}")
    return lines


def _bins(counts: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int, int]]:
    """Yield first and last rank and the replicates of bins of equal width: 1, 2 or 5 times a power of ten."""
    low, high = counts[0][0], counts[-1][0]
    widths = (unit * 10**power for power in itertools.count() for unit in (1, 2, 5))
    width = next(width for width in widths if high // width - low // width < _ROWS)
    filled: dict[int, int] = {}
    for rank, count in counts:
        filled[rank // width] = filled.get(rank // width, 0) + count
    for place in range(low // width, high // width + 1):
        yield place * width, place * width + width - 1, filled.get(place, 0)


def _bar(count: int, most: int, room: int, blocks: bool) -> str:
    """Return a bar of length proportional to ``count``, visible for every count but zero."""
    if not blocks:
        return "#" * max(round(room * count / most), 1 if count else 0)
    eighths = max(round(8 * room * count / most), 1 if count else 0)
    whole, part = divmod(eighths, 8)
    return BLOCKS[0] * whole + (BLOCKS[part] if part else "")


def _notes(found: Found) -> list[str]:
    request, estimate = found.request, found.estimate
    notes = [
        f"{estimate.replicates} replicates, seed {request.seed}. The interval misses E[rank] with probability at",
        f"most {estimate.error:g}, whatever the law of the rank, and whenever the run is stopped.",
    ]
    if estimate.half_width is not None:
        half = (estimate.upper - estimate.lower) / 2 / estimate.n_keys
        verb = "is" if estimate.reached else "is not"
        notes.append(
            f"Half-width for E[rank]/n: {half:.3g}, which {verb} within the {estimate.half_width:g} asked for."
        )
    if found.softmax is not None:
        drawn = found.softmax
        equal = int((drawn.ranks == drawn.hardmax_ranks).sum())
        notes += [
            f"Rank: singular values above {drawn.tolerance:g} of the largest, at temperature {drawn.temperature:g}.",
            f"Smallest spectral gap there {drawn.gaps.min():.4g}; within rounding error of the tolerance: "
            f"{int(drawn.ambiguous.sum())}.",
            f"Hardmax of the same queries and keys: mean rank {drawn.hardmax_ranks.mean():.6g}, the same rank in",
            f"{equal} replicates, provably so in {int(drawn.certified.sum())}.",
        ]
    return notes
