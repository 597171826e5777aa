"""The certified numbers and the experiment: tables, and the two figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rankbound.appendix.content.figures import enclosed
from rankbound.appendix.content.words import counted, listed, said, sentence
from rankbound.appendix.document import Block, Code, Column, Figure, Inlines, Math, Reference, Section, Table, Text
from rankbound.appendix.prose import inlines
from rankbound.rounding import ceiling_share, ceiling_text, floor_share
from rankbound.verdict import Rigour

if TYPE_CHECKING:
    from rankbound.appendix.material import Material
    from rankbound.enclosure import Enclosure
    from rankbound.pictures.occupancy import Occupancy
    from rankbound.verify.report import Report

SATURATION, OCCUPANCY = "saturation", "occupancy"
"""Names of the pictures."""

_SIGMAS = (1, 2, 4, 6)  # excesses over the barrier, in standard deviations of the occupancy number


def numbers(material: Material) -> Section:
    """Return the section of the certified numbers, the experiment and the figures."""
    request = material.request
    sizes = f"{counted(request.n_keys, 'key')} and {counted(request.n_queries, 'query', 'queries')}"
    content: list[Block] = [
        said(
            f"All numbers are for {sizes}, in the ideal setting. An interval with a rung beside it is proved to "
            "contain the number: it was computed in ball arithmetic, or in floating point with every rounding "
            "accounted for, and its ends are rounded outward to the digits shown. What is called ",
            (Code(str(Rigour.EXACT)),),
            " is known in closed form, and its interval is the rounding alone.",
            " The experiment's intervals are confidence intervals, whose level stands below their table."
            if request.has_experiment
            else "",
        ),
        constants(request.n_keys, request.n_queries),
    ]
    tail = deviation_table(request.n_keys, request.n_queries)
    content += [] if tail is None else [tail]
    content += saturation_blocks(material.report, "tab:saturation", "fig:saturation")
    if material.occupancy is not None:
        content.append(_occupancy_figure(material.occupancy))
    return Section(
        "sec:numbers", (Text("Certified numbers" + " and experiment" * request.has_experiment),), tuple(content)
    )


def constants(n: int, m: int) -> Table:
    """Return the table of the barrier and the numbers around it, for ``n`` keys and ``m`` queries."""
    from rankbound import bounds

    barrier = bounds.barrier(n, n_queries=m)
    name = "n" if m == n else "m"
    power = rf"n \left(1 - \left(1 - \frac{{1}}{{n}}\right)^{{{name}}}\right)"
    share = bounds.limiting_share(n, m)
    limit = r"\left(1 - \frac{1}{\mathrm{e}}\right) n"
    if m != n:
        limit = r"n \left(1 - \mathrm{e}^{-\frac{m}{n}}\right)"
    rows: list[tuple[str, Enclosure]] = [(power, barrier), (limit, bounds.limiting_line(n) if m == n else share)]
    if m == n:
        above, below = bounds.barrier_margins(n)
        b, line = "b", r"\left(1 - \frac{1}{\mathrm{e}}\right) n"
        rows += [
            (rf"{b} - {line} - \frac{{1}}{{2 \mathrm{{e}}}}", above),
            (rf"{line} + \frac{{1}}{{\mathrm{{e}}}} - {b}", below),
        ]
    rows.append((r"\mathrm{Var}\left(\mathrm{Occ}\right)", bounds.occupancy_variance(n, n_queries=m)))
    cells = tuple(((Math(latex),), enclosed(value), (Text(str(value.rigour)),)) for latex, value in rows)
    columns = (Column((Text("number"),)), Column((Text("enclosure"),)), Column((Text("rung"),)))
    pointer: list[str | Inlines] = ["Here ", (Math("b"),), " is the number of the first row. "] if m == n else []
    caption = sentence(
        "The barrier and the numbers around it, at ",
        _sizes(n, m),
        ". ",
        *pointer,
        (Math(r"\mathrm{Occ}"),),
        " is the number of cells among ",
        (Math("n"),),
        " that hold one of ",
        (Math("m"),),
        " uniform balls.",
    )
    return Table("tab:barrier", caption, columns, cells)


def _sizes(n: int, m: int) -> Inlines:
    return (Math(f"n = {n}"),) if n == m else sentence((Math(f"n = {n}"),), ", ", (Math(f"m = {m}"),))


def deviation_table(n: int, m: int) -> Table | None:
    """Return bounds on the chance that the rank exceeds the barrier by some excess, where there is any chance."""
    from rankbound import bounds

    deviation = math.sqrt(bounds.occupancy_variance(n, n_queries=m).upper)
    room = min(n, m) - bounds.barrier(n, n_queries=m).upper
    excesses = sorted({math.ceil(k * deviation) for k in _SIGMAS if 1 <= math.ceil(k * deviation) <= room})
    if not excesses:
        return None
    rows = []
    for excess in excesses:
        tail = bounds.rank_tail_bound(n, excess, n_queries=m)
        found = (tail.occupancy, tail.bernstein, tail.bounded_differences)
        rows.append(
            ((Text(str(excess)),), *((Text("not computed" if one is None else ceiling_text(one, 3)),) for one in found))
        )
    head = (Math("t"),)
    columns = (
        Column(head, "right"),
        Column((Math(r"\mathbb{P}\left(\mathrm{Occ} \geq b + t\right)"),)),
        Column((Text("Bernstein"),)),
        Column((Text("bounded differences"),)),
    )
    caption = sentence(
        "Upper bounds on the chance that one attention matrix has a rank of at least ",
        (Math("b + t"),),
        ", where ",
        (Math("b"),),
        " is the barrier, at every head dimension and for all keys (enclosed, rounded up).",
    )
    return Table("tab:deviation", caption, columns, tuple(rows))


def saturation_blocks(report: Report, table: str, figure: str) -> list[Block]:
    """Return the table of a report, head dimension by head dimension, and its figure, labelled as given.

    Without the figure where no enclosure of the expected rank is known.
    """
    from rankbound.verify.saturation_table import RIGHT, columns, notes, rows

    heads = tuple(_head(name, "right" if name in RIGHT else "left") for name in columns(report))
    cells = tuple(tuple((Text(cell),) for cell in row) for row in rows(report))
    words = (
        "The rank as a share of the number of keys, by head dimension: what is certain, and what the experiment found."
    )
    shown: list[Block] = [Table(table, (Text(words),), heads, cells, tuple(inlines(note) for note in notes(report)))]
    if report.has_enclosures:
        shown.append(_saturation_figure(report, figure, table))
    return shown


def _saturation_figure(report: Report, label: str, table: str) -> Figure:
    found, n, dims = report.findings, report.settings.n_keys, report.settings.head_dims
    marks = "; the marks with bars are the experiment's means and confidence intervals" if found.estimates else ""
    scales = [(r"\log n", math.log(n)), (r"\log^{2} n", math.log(n) ** 2)] if n > 2 else []
    drawn = [(Math(latex),) for latex, value in scales if min(dims) / 1.25 < value < max(dims) * 1.25]  # as the axis
    lines = sentence(" Vertical lines stand at ", listed(drawn, last=" and "), ".") if drawn else ()
    caption = sentence(
        "The expected rank by head dimension, and the barrier. Each proved interval belongs to its own head dimension, "
        f"and what joins them is drawn for the eye{marks}.",
        lines,
        " Numbers are in ",
        (Reference(table),),
        ".",
    )
    ends = [(d, found.certified[d].expected_rank) for d in (min(dims), max(dims)) if d in found.certified]
    shares = [f"{_share(value, n)} at head dimension {d}" for d, value in ends]
    description = (
        f"The expected rank as a share of the number of keys, against the head dimension: {' and '.join(shares)}. The "
        f"barrier, a horizontal line, is at {_share(found.barrier, n)}."
    )
    return Figure(label, caption, SATURATION, description)


def _share(value: Enclosure, n: int) -> str:
    low, high = floor_share(value.lower, n), ceiling_share(value.upper, n)
    return low if low == high else f"[{low}, {high}]"


def _head(name: str, flush: str) -> Column:
    if name == "E[rank]/n":
        return Column((Math(r"\mathbb{E}\left[D\right] / n"),), flush)
    return Column((Text(name.replace("_", " ")),), flush)


def _occupancy_figure(found: Occupancy) -> Figure:
    agreeing, dims = sum(one.agrees for one in found.bins), [one.head_dim for one in found.samples]
    at = f", and at {'head dimension' if len(dims) == 1 else 'head dimensions'} {' and '.join(map(str, dims))}"
    caption = sentence(
        "The law of the number of occupied cells, enclosed by a recurrence, beside ranks that were drawn in the limit "
        f"of wide heads{at if dims else ''}. The law is that of the limit, and at every head dimension the rank is "
        f"stochastically at most so large. {counted(found.wide.replicates, 'rank')} drawn in each case; of "
        f"{counted(len(found.bins), 'interval')} around their frequencies in the limit, which hold together with "
        f"probability at least {1 - found.error:.6g}, {agreeing} contain the law's probability.",
    )
    means = [f"{one.mean:.1f} at head dimension {one.head_dim}" for one in found.samples]
    description = (
        f"Bars of the occupancy law around its mean {found.barrier.upper:.1f}, the barrier, with the frequencies of "
        f"ranks drawn in the limit, whose mean is {found.wide.mean:.1f}"
        f"{'; the ranks at finite head dimensions have the means ' + ', '.join(means) if means else ''}."
    )
    return Figure("fig:occupancy", caption, OCCUPANCY, description)
