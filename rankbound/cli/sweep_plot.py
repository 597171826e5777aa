"""What a sweep found as a picture: estimates with their intervals over the proved intervals, one band for each n."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from rankbound.cli.sweep_report import Certified
from rankbound.pictures.style import PADDING, WIDTH, label_powers, name_line, rendered

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from montecarlo import RankEstimate

_ABOUT = 24  # head dimensions of a band
_CURVES = (  # Okabe and Ito's palette: line and band; and a marker, for who sees no colours
    ("#0072B2", "#B3D4E8", "o"),
    ("#D55E00", "#F3CCB0", "s"),
    ("#009E73", "#B3E1D5", "^"),
    ("#CC79A7", "#F0D7E5", "D"),
    ("#56B4E9", "#D0EAF9", "v"),
    ("#E69F00", "#F8E2B3", "P"),
)

Sizes = tuple[int, int, int]


def band_sizes(sizes: Sequence[Sizes]) -> list[Sizes]:
    """Return ``sizes`` and, for each n, head dimensions in between, so that a band looks like a curve."""
    chosen = set(sizes)
    for (n, m), dims in _by_keys(sizes).items():
        low, high = min(dims), max(dims)
        steps = (low * (high / low) ** (i / (_ABOUT - 1)) for i in range(_ABOUT)) if len(dims) > 1 else ()
        chosen.update((n, m, round(d)) for d in steps)
    return sorted(chosen)


def sweep_picture(estimates: Sequence[RankEstimate], certified: Certified, kind: str) -> bytes:
    """Return the picture as a file of ``kind`` ``"svg"``, ``"png"`` or ``"pdf"``; ``certified`` gives the bands."""
    return rendered(lambda: _figure(estimates, certified), kind)


def _by_keys(sizes: Sequence[Sizes]) -> dict[tuple[int, int], list[int]]:
    found: dict[tuple[int, int], list[int]] = {}
    for n, m, d in sorted(sizes):
        found.setdefault((n, m), []).append(d)
    return found


def _figure(estimates: Sequence[RankEstimate], certified: Certified) -> Figure:
    figure = Figure(figsize=(WIDTH, 2.6), layout=ConstrainedLayoutEngine(**PADDING))
    axes = figure.subplots()
    bands = _by_keys(list(certified))
    square = all(n == m for n, m in bands)
    handles, labels = [], []
    for ((n, m), dims), (line, band, marker) in zip(bands.items(), itertools.cycle(_CURVES), strict=False):
        proved = [certified[n, m, d] for d in dims]
        low, high = [value.lower / n for value in proved], [value.upper / n for value in proved]
        axes.fill_between(dims, low, high, color=band, linewidth=0, zorder=1)
        axes.plot(dims, low, color=line, linewidth=0.5, zorder=2)
        axes.plot(dims, high, color=line, linewidth=0.5, zorder=2)
        shown = [e for e in estimates if (e.n_keys, e.n_queries) == (n, m)]
        _draw_estimates(axes, shown, line, marker)
        patch = Patch(facecolor=band, edgecolor=line, linewidth=0.5)
        point = Line2D(
            [],
            [],
            color=line,
            linestyle="",
            marker=marker,
            markersize=3.2,
            markerfacecolor="white",
            markeredgewidth=0.6,
        )
        handles.append((patch, point))
        labels.append(f"$n = {n}$" if square else f"$n = {n}$, {m} queries")
    dims = sorted({d for _, _, d in certified})
    axes.set_xscale("log")
    axes.set_xlim(dims[0] / 1.25, dims[-1] * 1.25)
    axes.set_ylim(bottom=0)
    free = _draw_limit(axes) if square else 1.0
    axes.set_xlabel("head dimension")
    axes.set_ylabel("$E$[rank]$\\,/\\,n$")
    label_powers(axes, dims[-1] / dims[0])
    axes.legend(
        handles,
        labels,
        title="band: certified, point: experiment",
        title_fontsize=7.0,
        loc="best",
        bbox_to_anchor=(0.0, 0.0, 1.0, free),
        handler_map={tuple: HandlerTuple(ndivide=None)},
    )
    return figure


def _draw_estimates(axes: Axes, estimates: Sequence[RankEstimate], colour: str, marker: str) -> None:
    means = [e.mean / e.n_keys for e in estimates]
    below: list[Any] = [mean - e.lower / e.n_keys for mean, e in zip(means, estimates, strict=True)]
    above: list[Any] = [e.upper / e.n_keys - mean for mean, e in zip(means, estimates, strict=True)]
    axes.errorbar(
        [e.head_dim for e in estimates],
        means,
        yerr=[[max(0.0, x) for x in below], [max(0.0, x) for x in above]],
        fmt=marker,
        markersize=3.2,
        markerfacecolor="white",
        markeredgewidth=0.6,
        color=colour,
        elinewidth=0.6,
        capsize=1.5,
        capthick=0.6,
        clip_on=False,  # a point near 0 shows as a whole
        zorder=3,
    )


def _draw_limit(axes: Axes) -> float:
    """Draw where wide heads end, if it is near, and return the share of the height that is free for the legend."""
    limit = 1 - 1 / math.e
    low, high = axes.get_ylim()
    if not low < limit < 1.3 * high:
        return 1.0
    axes.axhline(limit, color="black", linewidth=0.6, linestyle=(0, (1, 2)), zorder=1.5)
    name_line(axes, "$1 - 1/e$", limit, 2.0)
    top = max(high, 1.12 * limit)
    axes.set_ylim(low, top)
    return 0.98 * limit / top
