"""The saturation curve as a picture for a paper: one column wide, readable in grey, the same bytes every time.

Above, E[rank]/n against the head dimension; below, how wide the proved intervals are, which in the upper panel is less
than the width of a line. A proved interval belongs to its head dimension, so each is drawn on its own, and what joins
them is lighter.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from rankbound.errors import invalid
from rankbound.pictures.style import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    PADDING,
    SKY,
    WIDTH,
    label_powers,
    name_line,
    name_upright,
    rendered,
)
from rankbound.verdict import Rigour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rankbound.bounds.sandwich import SaturationPoint
    from rankbound.pictures.curve import Curve

_FEW = 6  # head dimensions that make no curve


def saturation_picture(curve: Curve, kind: str) -> bytes:
    """Return the picture of a curve as a file, the same bytes every time.

    Parameters
    ----------
    curve : Curve
        From :func:`rankbound.pictures.curve.curve_of` or :func:`rankbound.pictures.curve.curve_of_report`. Without
        certified points the experiment is drawn alone, and the barrier dashed, as that of ideal attention.
    kind : str
        ``"svg"``, ``"png"`` or ``"pdf"``.

    Raises
    ------
    ValueError
        If the kind is another, or the curve has neither a certified point nor an estimate.
    """
    if not curve.head_dims:
        raise invalid("curve", curve, "a certified point or an estimate", "give head dimensions, or simulate some")
    return rendered(lambda: saturation_figure(curve), kind)


def saturation_figure(curve: Curve) -> Figure:
    """Return what :func:`saturation_picture` draws, as a figure of matplotlib."""
    if _with_a_width(curve):
        figure = Figure(figsize=(WIDTH, 3.0), layout=ConstrainedLayoutEngine(**PADDING))
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3.4, 1])
        _draw_widths(below, curve)
        figure.align_ylabels()
    else:
        figure = Figure(figsize=(WIDTH, 2.3), layout=ConstrainedLayoutEngine(**PADDING))
        above = below = figure.subplots()
    _draw_ranks(above, curve)
    dims = curve.head_dims
    below.set_xscale("log")
    below.set_xlim(dims[0] / 1.25, dims[-1] * 1.25)
    below.set_xlabel("head dimension")
    label_powers(below, dims[-1] / dims[0])
    for axes in dict.fromkeys((above, below)):
        _mark_logarithms(axes, curve, labelled=axes is above)
    return figure


def _draw_ranks(axes: Axes, curve: Curve) -> None:
    n = curve.n_keys
    top = _draw_barrier(axes, curve)
    handles: list[Any] = []
    if curve.points:
        handles += [_draw_points(axes, curve), *_draw_quick_rule(axes, curve)]
    if curve.estimates:
        handles.append(_draw_estimates(axes, curve))
        top = max(top, 1.04 * max(e.upper / n for e in curve.estimates.values()))
    axes.set_ylim(0, top)
    axes.set_ylabel("$E$[numerical rank]$\\,/\\,n$" if curve.is_numerical else "$E$[rank]$\\,/\\,n$")
    low = {d: e.lower / n for d, e in curve.estimates.items()}
    low |= {p.head_dim: p.expected_rank.lower / n for p in curve.points}
    dims = curve.head_dims
    right = dims[-1] * (dims[0] / dims[-1]) ** 0.55
    free = min(value for d, value in low.items() if d >= right) > 0.33 * top
    axes.legend(handles=handles, loc="lower right" if free else "center left").set_zorder(4.5)


def _draw_barrier(axes: Axes, curve: Curve) -> float:
    """Draw the barrier and its limit, and return where the panel may end."""
    n = curve.n_keys
    barrier = curve.barrier.upper / n
    above = 3.0
    if curve.is_ideal:
        axes.axhline(barrier, color=BLACK, linewidth=0.9, zorder=2)
        named = "barrier $b(n)/n" if n == curve.n_queries else "barrier$/n"
    else:  # it bounds the rank of another attention
        axes.axhline(barrier, color=BLACK, linewidth=0.9, linestyle=(0, (5, 2)), zorder=2)
        named = "ideal attention: barrier$/n"
        dims = curve.head_dims
        left = [e.upper / n for d, e in curve.estimates.items() if d <= math.sqrt(dims[0] * dims[-1])]
        above = -8.0 if max(left) > barrier else above  # the name is where the estimates are not
    name_line(axes, f"{named} = {barrier:.4g}$", barrier, above)
    top = 1.16 * barrier
    limit = 1 - 1 / math.e
    if curve.is_ideal and n == curve.n_queries and barrier - limit > 0.012 * top:
        axes.axhline(limit, color=BLACK, linewidth=0.6, linestyle=(0, (1, 2)), zorder=2)
        name_line(axes, "$1 - 1/e$", limit, -8.0)
    return top


def _draw_points(axes: Axes, curve: Curve) -> Patch:
    """Draw the certified intervals, and return what stands for them in a legend."""
    n = curve.n_keys
    dims = [p.head_dim for p in curve.points]
    low = [p.expected_rank.lower / n for p in curve.points]
    high = [p.expected_rank.upper / n for p in curve.points]
    axes.fill_between(dims, low, high, color=SKY, linewidth=0, zorder=1)
    axes.plot(dims, low, color=BLUE, linewidth=0.5, zorder=3)
    axes.plot(dims, high, color=BLUE, linewidth=0.5, zorder=3)
    axes.vlines(dims, low, high, color=BLUE, linewidth=1.6, zorder=3.5)
    if len(dims) < _FEW:  # where no curve shows, a narrow interval would not either
        axes.plot(dims * 2, low + high, "_", color=BLUE, markersize=7, markeredgewidth=1.0, zorder=3.5)
    return Patch(facecolor=SKY, edgecolor=BLUE, linewidth=0.5, label="certified intervals, joined")


def _draw_estimates(axes: Axes, curve: Curve) -> Any:
    """Draw the means of the experiment with their intervals, and return what stands for them in a legend."""
    n = curve.n_keys
    shown = list(curve.estimates.values())
    means = [e.mean / n for e in shown]
    # An interval that excluded every value is the whole range, and holds the mean; others may miss it by a rounding.
    below = [max(0.0, m - e.lower / n) for m, e in zip(means, shown, strict=True)]
    above = [max(0.0, e.upper / n - m) for m, e in zip(means, shown, strict=True)]
    return axes.errorbar(
        [e.head_dim for e in shown],
        means,
        yerr=[below, above],
        fmt="o",
        markersize=2.8,
        markerfacecolor="white",
        markeredgewidth=0.6,
        color=BLACK,
        elinewidth=0.6,
        capsize=1.5,
        capthick=0.6,
        zorder=5,
        label="experiment, with its interval",
    )


def _draw_quick_rule(axes: Axes, curve: Curve) -> list[Any]:
    """Draw what the limit in the window says, where it is made for the sizes: an estimate, and drawn as one."""
    n = curve.n_keys
    first, last = curve.points[0].head_dim, curve.points[-1].head_dim
    if n < 3 or n != curve.n_queries or first == last:
        return []
    from rankbound.bounds.saturation_window import quick_rank

    dims = sorted({round(first * (last / first) ** (i / 120)) for i in range(121)})
    return axes.plot(
        dims,
        [max(quick_rank(n, d).value, 0.0) for d in dims],
        color=ORANGE,
        linewidth=0.8,
        linestyle=(0, (4, 2.5)),
        zorder=4,
        label="quick rule (an estimate)",
    )


def _with_a_width(curve: Curve) -> list[SaturationPoint]:
    """Return the points whose interval is more than a rounded exact value; a formula's 1e-9 would flatten the rest."""
    enclosed = [p for p in curve.points if p.expected_rank.rigour is not Rigour.EXACT]
    return [p for p in enclosed if p.expected_rank.width >= 1e-6 * p.expected_rank.lower]


def _draw_widths(axes: Axes, curve: Curve) -> None:
    shown = _with_a_width(curve)
    widths = [p.expected_rank.width / p.expected_rank.lower for p in shown]
    axes.plot(
        [p.head_dim for p in shown],
        widths,
        color=BLUE,
        linewidth=0.5,
        marker="o",
        markersize=1.8,
    )
    axes.set_yscale("log")
    axes.set_ylabel("rel. width")
    decades = math.log10(max(widths) / min(widths)) if min(widths) > 0 else 0.0
    axes.yaxis.set_major_locator(LogLocator(base=100 if decades > 3 else 10))
    axes.yaxis.set_minor_locator(LogLocator(base=10))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g}%"))


def _mark_logarithms(axes: Axes, curve: Curve, *, labelled: bool) -> None:
    low, high = axes.get_xlim()
    for power, name in ((1, r"$\log\, n$"), (2, r"$\log^2 n$")):
        x = math.log(curve.n_keys) ** power
        if not low < x < high:
            continue
        axes.axvline(x, color=GREY, linewidth=0.6, linestyle=(0, (1, 1.5)), zorder=0)
        if labelled:
            name_upright(axes, name, x)
