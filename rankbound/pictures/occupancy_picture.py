"""The law of the occupancy number as a picture for a paper, against simulated ranks.

Above, ranks at finite head dimensions, all to the left of the law. Below, the law close by, with ranks drawn in the
limit of wide heads and intervals that hold together.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from rankbound.pictures.style import BLACK, BLUE, GREEN, ORANGE, PADDING, PURPLE, SKY, WIDTH, name_upright, rendered

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rankbound.pictures.occupancy import Occupancy, RankSample

# A colour and a dash, for who sees no colours; narrow dashes, as a histogram's line turns often.
_OUTLINES: Any = ((ORANGE, "-"), (GREEN, (0, (2.2, 0.8))), (PURPLE, (0, (0.8, 0.8))), (BLACK, (0, (3, 1, 0.8, 1))))


def occupancy_picture(found: Occupancy, kind: str) -> bytes:
    """Return the picture as a file, the same bytes every time.

    Parameters
    ----------
    found : Occupancy
        From :func:`rankbound.pictures.occupancy.occupancy_of`. Without a sample at a finite head dimension there is no
        upper panel.
    kind : str
        ``"svg"``, ``"png"`` or ``"pdf"``.

    Raises
    ------
    ValueError
        If the kind is another.
    """
    return rendered(lambda: occupancy_figure(found), kind)


def occupancy_figure(found: Occupancy) -> Figure:
    """Return what :func:`occupancy_picture` draws, as a figure of matplotlib."""
    panels = 2 if found.samples else 1
    figure = Figure(figsize=(WIDTH, 1.9 + 1.3 * (panels - 1)), layout=ConstrainedLayoutEngine(**PADDING))
    axes = figure.subplots(panels, 1, squeeze=False)[:, 0].tolist()
    handles = [Patch(facecolor=SKY, edgecolor=BLUE, linewidth=0.5, label="law of the occupancy number, certified")]
    if found.samples:
        handles += _draw_all(axes[0], found)
    handles.insert(1, _draw_close(axes[-1], found))
    axes[-1].set_xlabel("rank")
    for one in axes:
        one.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True, min_n_ticks=1))
        one.yaxis.set_major_locator(MaxNLocator(nbins=4))
        one.set_ylabel("probability")
    figure.legend(handles=handles, loc="outside upper left", ncols=panels, columnspacing=1.2)
    return figure


def _draw_law(axes: Axes, found: Occupancy) -> None:
    edges = found.edges
    size = edges[1] - edges[0]
    heights = [(b.probability.lower + b.probability.upper) / 2 / size for b in found.bins]
    axes.stairs(heights, [e - 0.5 for e in edges], fill=True, facecolor=SKY, edgecolor=BLUE, linewidth=0.5, zorder=1)


def _draw_all(axes: Axes, found: Occupancy) -> list[Any]:
    """Draw the law and the samples at finite head dimensions, and return what stands for those in a legend."""
    _draw_law(axes, found)
    handles = []
    for sample, (colour, dash) in zip(found.samples, itertools.cycle(_OUTLINES), strict=False):
        edges, heights = _histogram(found, sample)
        label = f"head dimension {sample.head_dim}"
        axes.stairs(heights, edges, color=colour, linestyle=dash, linewidth=0.8, zorder=3, label=label)
        handles.append(axes.plot([], [], color=colour, linestyle=dash, linewidth=0.8, label=label)[0])
    axes.set_ylim(bottom=0)
    _mark_barrier(axes, found, named=True)
    return handles


def _draw_close(axes: Axes, found: Occupancy) -> Any:
    """Draw the law and the sample in the limit, and return what stands for the latter in a legend."""
    _draw_law(axes, found)
    bins = found.bins
    size = bins[0].last + 1 - bins[0].first
    drawn = axes.errorbar(
        [(b.first + b.last) / 2 for b in bins],
        [b.frequency / size for b in bins],
        yerr=[
            [max(0.0, b.frequency - b.lower) / size for b in bins],
            [max(0.0, b.upper - b.frequency) / size for b in bins],
        ],
        fmt="o",
        markersize=2.0,
        markerfacecolor="white",
        markeredgewidth=0.5,
        color=BLACK,
        elinewidth=0.5,
        clip_on=False,  # a point at 0 shows as a whole
        zorder=5,
        label="drawn in the limit of wide heads",
    )
    axes.set_xlim(bins[0].first - 0.5, bins[-1].last + 0.5)
    # The note in the left corner is to be above what it stands over, about a third of the width.
    beside = max(b.upper / size for b in bins[: math.ceil(len(bins) / 3)])
    axes.set_ylim(0, max(1.06 * max(b.upper / size for b in bins), beside / 0.7))
    axes.annotate(
        f"bars hold together\nat {100 * (1 - found.error):.10g}%",
        (0.02, 0.97),
        xycoords="axes fraction",
        va="top",
        fontsize=7.0,
        color="#404040",
    )
    _mark_barrier(axes, found, named=not found.samples)
    return drawn


def _histogram(found: Occupancy, sample: RankSample) -> tuple[list[float], list[float]]:
    """Return the edges of bins of the law's size that cover a sample, and the share of its ranks in each, per rank."""
    start, size = found.edges[0], found.edges[1] - found.edges[0]
    first = start + (sample.counts[0][0] - start) // size * size
    count = (sample.counts[-1][0] - first) // size + 1
    shares = [0.0] * count
    for rank, frequency in sample.counts:
        shares[(rank - first) // size] += frequency / (sample.replicates * size)
    return [first + i * size - 0.5 for i in range(count + 1)], shares


def _mark_barrier(axes: Axes, found: Occupancy, *, named: bool) -> None:
    barrier = (found.barrier.lower + found.barrier.upper) / 2
    axes.axvline(barrier, color=BLACK, linewidth=0.7, linestyle=(0, (4, 2.5)), zorder=2)  # unlike the bars
    if named:
        name = "barrier $b(n)" if found.n_keys == found.n_queries else "barrier$"
        name_upright(axes, f"{name} = {barrier:.4g}$", barrier, colour=BLACK)
