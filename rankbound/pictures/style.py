"""The style of all pictures: one column wide, readable in grey, the same bytes every time."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from rankbound import __version__
from rankbound.errors import check_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KINDS = ("svg", "png", "pdf")
"""Kinds of file that a picture can be."""

WIDTH = 3.4
"""Inches: one column of a two-column paper."""

_DOTS = 300  # per inch, of a PNG

# Okabe and Ito's palette, which the colour-blind can tell apart; in grey these differ in lightness too.
BLUE, SKY, ORANGE, GREEN, PURPLE, BLACK, GREY = (
    "#0072B2",
    "#9ACBEA",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#000000",
    "#7F7F7F",
)

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

PADDING: Any = {"h_pad": 0.02, "w_pad": 0.02, "hspace": 0.03}
"""For a figure's layout: inches, and a share of the panels' height."""

_CANVAS = {"png": FigureCanvasAgg, "svg": FigureCanvasSVG, "pdf": FigureCanvasPdf}
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": f"rankbound {__version__}"},
    "svg": {"Creator": f"rankbound {__version__}", "Date": None},
    "pdf": {"Creator": f"rankbound {__version__}", "Producer": None, "CreationDate": None},
}


def rendered(draw: Callable[[], Figure], kind: str) -> bytes:
    """Return what ``draw`` draws, in this style, as a file; the same bytes every time.

    Parameters
    ----------
    draw : callable
        Returns the figure; called while the style is set, and without the reader's own preferences.
    kind : str
        One of :data:`KINDS`; a PNG has 300 dots an inch.

    Raises
    ------
    ValueError
        If ``kind`` is another.
    """
    check_name("kind", kind, KINDS)
    for talkative in ("matplotlib", "fontTools"):  # they would announce that they look for fonts, and embed them
        logging.getLogger(talkative).setLevel(logging.ERROR)
    with mpl.rc_context():
        mpl.rcdefaults()  # a picture does not depend on the reader's matplotlibrc
        mpl.rcParams.update(_STYLE)
        figure = draw()
        canvas = _CANVAS[kind](figure)
        data = io.BytesIO()
        canvas.print_figure(data, format=kind, dpi=_DOTS, metadata=_METADATA[kind])
    return data.getvalue()


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


def name_upright(axes: Axes, name: str, place: float, *, colour: str = "#404040") -> None:
    """Write the name of an upright line above the panel, centred on ``place`` of the horizontal axis."""
    axes.annotate(
        name,
        (place, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(0, 1),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=7.5,
        color=colour,
    )


def label_powers(axes: Axes, span: float) -> None:
    """Label powers of two along a logarithmic axis, or of ten where ``span``, last over first, holds too many."""
    if span <= 2**14:
        axes.xaxis.set_major_locator(LogLocator(base=4 if span > 2**7 else 2))
        axes.xaxis.set_minor_locator(LogLocator(base=2))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
