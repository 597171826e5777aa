"""The saturation curve as a picture for a paper: one column wide, readable in grey, the same bytes every time.

Above, E[rank]/n against the head dimension; below, how wide the proved intervals are, which in the upper panel is less
than the width of a line. A proved interval belongs to its head dimension, so each is drawn on its own, and what joins
them is lighter.
"""

from __future__ import annotations

import io
import logging
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from rankbound import __version__
from rankbound.verdict import Rigour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rankbound.bounds.sandwich import SaturationPoint
    from rankbound.cli.curve import Curve

WIDTH = 3.4  # inches: one column of a two-column paper
_DOTS = 300  # per inch, of a PNG
_FEW = 6  # head dimensions that make no curve

# Okabe and Ito's palette, which the colour-blind can tell apart; in grey these differ in lightness too.
_BLUE, _SKY, _ORANGE, _BLACK, _GREY = "#0072B2", "#9ACBEA", "#D55E00", "#000000", "#7F7F7F"

_STYLE: Any = {
    "font.family": "STIXGeneral",
    "mathtext.fontset": "stix",
    "font.size": 8.0,
    "axes.labelsize": 8.0,
    "axes.linewidth": 0.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "xtick.major.width": 0.5,
    "ytick.major.width": 0.5,
    "xtick.minor.width": 0.3,
    "ytick.minor.width": 0.3,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.minor.size": 1.5,
    "ytick.minor.size": 1.5,
    "legend.fontsize": 7.0,
    "legend.frameon": True,  # white without an edge, so that no line runs through it
    "legend.framealpha": 1.0,
    "legend.edgecolor": "white",
    "legend.fancybox": False,
    "legend.handlelength": 1.8,
    "legend.labelspacing": 0.35,
    "legend.borderaxespad": 0.2,
    "svg.hashsalt": "rankbound",
    "pdf.fonttype": 42,  # TrueType: publishers refuse Type 3
}

PADDING: Any = {"h_pad": 0.02, "w_pad": 0.02, "hspace": 0.03}  # inches, and a share of the panels' height
_CANVAS = {"png": FigureCanvasAgg, "svg": FigureCanvasSVG, "pdf": FigureCanvasPdf}
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": f"rankbound {__version__}"},
    "svg": {"Creator": f"rankbound {__version__}", "Date": None},
    "pdf": {"Creator": f"rankbound {__version__}", "Producer": None, "CreationDate": None},
}


def picture(curve: Curve, kind: str) -> bytes:
    """Return the picture of a curve as a file of ``kind`` ``"svg"``, ``"png"`` or ``"pdf"``."""
    return rendered(lambda: _figure(curve), kind)


def rendered(draw: Callable[[], Figure], kind: str) -> bytes:
    """Return what ``draw`` draws, in the style of this module, as a file of ``kind``; the same bytes every time."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it would announce that it looks for fonts
    with mpl.rc_context():
        mpl.rcdefaults()  # a picture does not depend on the reader's matplotlibrc
        mpl.rcParams.update(_STYLE)
        figure = draw()
        canvas = _CANVAS[kind](figure)
        data = io.BytesIO()
        canvas.print_figure(data, format=kind, dpi=_DOTS, metadata=_METADATA[kind])
    return data.getvalue()


def _figure(curve: Curve) -> Figure:
    if _with_a_width(curve):
        figure = Figure(figsize=(WIDTH, 3.0), layout=ConstrainedLayoutEngine(**PADDING))
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3.4, 1])
        _draw_widths(below, curve)
        figure.align_ylabels()
    else:
        figure = Figure(figsize=(WIDTH, 2.3), layout=ConstrainedLayoutEngine(**PADDING))
        above = below = figure.subplots()
    _draw_ranks(above, curve)
    dims = [p.head_dim for p in curve.points]
    below.set_xscale("log")
    below.set_xlim(min(dims) / 1.25, max(dims) * 1.25)
    below.set_xlabel("head dimension")
    label_powers(below, max(dims) / min(dims))
    for axes in {above, below}:
        _mark_logarithms(axes, curve, labelled=axes is above)
    return figure


def _draw_ranks(axes: Axes, curve: Curve) -> None:
    n = curve.n_keys
    dims = [p.head_dim for p in curve.points]
    low = [p.expected_rank.lower / n for p in curve.points]
    high = [p.expected_rank.upper / n for p in curve.points]
    barrier = curve.barrier.upper / n
    axes.axhline(barrier, color=_BLACK, linewidth=0.9, zorder=2)
    named = "barrier $b(n)/n" if n == curve.n_queries else "barrier$/n"
    name_line(axes, f"{named} = {barrier:.4g}$", barrier, 3.0)
    top = 1.16 * barrier
    limit = 1 - 1 / math.e
    if n == curve.n_queries and barrier - limit > 0.012 * top:
        axes.axhline(limit, color=_BLACK, linewidth=0.6, linestyle=(0, (1, 2)), zorder=2)
        name_line(axes, "$1 - 1/e$", limit, -8.0)
    axes.fill_between(dims, low, high, color=_SKY, linewidth=0, zorder=1)
    axes.plot(dims, low, color=_BLUE, linewidth=0.5, zorder=3)
    axes.plot(dims, high, color=_BLUE, linewidth=0.5, zorder=3)
    axes.vlines(dims, low, high, color=_BLUE, linewidth=1.6, zorder=3.5)
    if len(dims) < _FEW:  # where no curve shows, a narrow interval would not either
        axes.plot(dims * 2, low + high, "_", color=_BLUE, markersize=7, markeredgewidth=1.0, zorder=3.5)
    certified = Patch(facecolor=_SKY, edgecolor=_BLUE, linewidth=0.5, label="certified intervals, joined")
    handles: list[Any] = [certified, *_draw_quick_rule(axes, curve)]
    if curve.estimates:
        shown = list(curve.estimates.values())
        means = [e.mean / n for e in shown]
        drawn = axes.errorbar(
            [e.head_dim for e in shown],
            means,
            yerr=[
                [m - e.lower / n for m, e in zip(means, shown, strict=True)],
                [e.upper / n - m for m, e in zip(means, shown, strict=True)],
            ],
            fmt="o",
            markersize=2.8,
            markerfacecolor="white",
            markeredgewidth=0.6,
            color=_BLACK,
            elinewidth=0.6,
            capsize=1.5,
            capthick=0.6,
            zorder=5,
            label="experiment, with its interval",
        )
        handles.append(drawn)
        top = max(top, 1.04 * max(e.upper / n for e in shown))
    axes.set_ylim(0, top)
    axes.set_ylabel("$E$[rank]$\\,/\\,n$")
    right = dims[-1] * (dims[0] / dims[-1]) ** 0.55
    free = min(value for d, value in zip(dims, low, strict=True) if d >= right) > 0.33 * top
    axes.legend(handles=handles, loc="lower right" if free else "center left").set_zorder(4.5)


def name_line(axes: Axes, name: str, height: float, above: float) -> None:
    """Write the name of a horizontal line at its left end, ``above`` it by so many points."""
    axes.annotate(
        name,
        (0.02, height),
        xycoords=("axes fraction", "data"),
        xytext=(0, above),
        textcoords="offset points",
        fontsize=7.5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        zorder=1.5,
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
        color=_ORANGE,
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
        color=_BLUE,
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
        axes.axvline(x, color=_GREY, linewidth=0.6, linestyle=(0, (1, 1.5)), zorder=0)
        if labelled:
            axes.annotate(
                name,
                (x, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(0, 1),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=7.5,
                color="#404040",
            )


def label_powers(axes: Axes, span: float) -> None:
    """Label powers of two, or of ten where there are too many of them."""
    if span <= 2**14:
        axes.xaxis.set_major_locator(LogLocator(base=4 if span > 2**7 else 2))
        axes.xaxis.set_minor_locator(LogLocator(base=2))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
