"""The graph as a picture: SVG written directly, readable in grey, the same bytes every time.

How a theorem stands shows in the shape and line of its box and in words, and only then in a tint; what an arrow means
shows in its line.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from textwrap import wrap

from rankbound.theorem_graph.graph import ALONE, BEARING, BOTH, CITED, DOUBTFUL, FAILED, LITERATURE, OPEN, PROOF, Graph
from rankbound.theorem_graph.placing import Box, Line, drawing

_LETTER = 6.65  # width of a letter of an id, in a monospaced font of 11 units: 0.602 of them in the widest usual one
_SMALL = 5.4  # at most so wide is a letter of 9.5 units on average in the small print
_LINES, _LINE = 2, 13.0
_HEIGHT = 46.0
_MARGIN = 14.0
_KEY = 24.0  # height of a line of the key

_MEANINGS = {
    ALONE: "checked by rules alone, down to the definitions",
    LITERATURE: "checked; it or what it rests on cites the literature",
    DOUBTFUL: "checked itself, but rests on what is not",
    CITED: "cited only: taken from the literature as it stands",
    OPEN: "open: not shown, or not in full",
    FAILED: "failed: its proof is rejected",
}
_CLASS = {
    ALONE: "alone",
    LITERATURE: "literature",
    DOUBTFUL: "doubtful",
    CITED: "cited",
    OPEN: "open",
    FAILED: "failed",
}

STYLE = """
.graph text { font-family: "DejaVu Sans", Verdana, Helvetica, Arial, sans-serif; font-size: 9.5px; fill: #000; }
.graph .id { font-family: "DejaVu Sans Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: 11px;
  font-weight: bold; }
.graph rect, .graph polygon { fill: #fff; stroke: #000; stroke-width: 1; }
.graph .alone rect { fill: #dcefe4; stroke-width: 2.4; }
.graph .literature rect { fill: #eef3fb; }
.graph .doubtful rect { fill: #fff6d6; stroke-dasharray: 8 2 2 2; }
.graph .cited rect { fill: #fff; stroke-dasharray: 1.5 2.5; stroke-width: 1.6; }
.graph .open rect { fill: #fff; stroke-dasharray: 6 4; stroke-width: 1.6; }
.graph .failed rect { fill: #8c1d18; stroke-width: 3; }
.graph .failed text { fill: #fff; }
.graph path { fill: none; stroke: #444; stroke-width: 1.1; }
.graph .both path { stroke-width: 3.6; }
.graph .both path + path { stroke: #fff; stroke-width: 1.5; }
.graph .statement path { stroke-dasharray: 5 3; }
.graph .bearing path { stroke-dasharray: 1.5 3; }
.graph .head polygon, .graph polygon.head { fill: #444; stroke: none; }
""".strip()

_ARROWS = {
    PROOF: "the proof below rests on the theorem above",
    BOTH: "so does the statement: it speaks of what the theorem above derives",
    "statement": "only the statement below needs the theorem above",
    BEARING: "the theorem above bears on the open question below, and does not settle it",
}


def to_svg(graph: Graph) -> str:
    """Return the graph as a file of SVG with a key; each box has the statement as its title, which browsers show."""
    body, width, height = body_of(graph, lambda name, box: box)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img">\n<title>{_caption(graph)}</title>\n<style>\n{STYLE}\n</style>\n'
        f'<rect width="100%" height="100%" fill="#fff"/>\n{body}</svg>\n'
    )


def body_of(graph: Graph, around: Callable[[str, str], str]) -> tuple[str, float, float]:
    """Return the picture without what is around it, its width and its height.

    ``around`` gets an id and the SVG of its box, and returns what stands for it: a link around the box, for example.
    """
    labels = {name: label_of(name) for name in graph.nodes}
    words = {name: _in_words(graph, name) for name in graph.nodes}
    widths = {
        name: max(*(_LETTER * len(line) for line in lines), _SMALL * len(words[name])) + 14.0
        for name, lines in labels.items()
    }
    plan = drawing(widths, _HEIGHT, [(arrow.source, arrow.target, arrow.kind) for arrow in graph.drawn])
    lines = sorted(plan.lines, key=lambda line: line.link.style == PROOF)
    pieces = [f'<g class="graph" transform="translate({_MARGIN:g} {_MARGIN:g})">']
    pieces += [_line(line) for line in lines]
    for name, box in plan.boxes.items():
        drawn = _box(
            box, labels[name], words[name], _CLASS[graph.standing(name)], f"{name}: {graph.nodes[name].statement}"
        )
        pieces.append(around(name, drawn))
    key, wide, high = _key(graph, plan.height + 26.0)
    pieces += [key, "</g>"]
    return "\n".join(pieces) + "\n", max(plan.width, wide) + 2 * _MARGIN, plan.height + 26.0 + high + 2 * _MARGIN


def label_of(name: str) -> list[str]:
    """Return an id in at most two lines that are about as long, broken after hyphens."""
    for width in range(max(len(name) // _LINES, 8), len(name) + 1):
        lines = wrap(name, width, break_long_words=False)
        if len(lines) <= _LINES and max(map(len, lines)) <= width:
            return lines
    return [name]


def _caption(graph: Graph) -> str:
    full = sum(graph.fully_checked(name) for name in graph.nodes)
    asked = sum(node.is_question for node in graph.nodes.values())
    questions = f"; {asked} open question{'s' if asked != 1 else ''}" if asked else ""
    return f"{len(graph.nodes) - asked} theorems and what they rest on; {full} fully checked{questions}"


def _in_words(graph: Graph, name: str) -> str:
    standing = graph.standing(name)
    if graph.nodes[name].is_question:
        return "open question"
    if standing != LITERATURE:
        return {ALONE: "checked", DOUBTFUL: "rests on unchecked", CITED: "cited only"}.get(standing, standing)
    own = len(graph.nodes[name].cites)
    return f"checked, cites {own}" if own else "checked, cites above"


def _box(box: Box, label: list[str], words: str, kind: str, title: str) -> str:
    round_ = 0 if kind == "alone" else 9
    middle = box.x + box.width / 2
    first = box.y + (box.height - _LINE * (len(label) + 1)) / 2 + 10.0
    rows = "".join(
        f'<text class="id" x="{middle:.1f}" y="{first + number * _LINE:.1f}" text-anchor="middle">{escape(row)}</text>'
        for number, row in enumerate(label)
    )
    last = f'<text x="{middle:.1f}" y="{first + len(label) * _LINE:.1f}" text-anchor="middle">{escape(words)}</text>'
    return (
        f'<g class="{kind}"><title>{escape(title)}</title><rect x="{box.x:.1f}" y="{box.y:.1f}" '
        f'width="{box.width:.1f}" height="{box.height:.1f}" rx="{round_}"/>{rows}{last}</g>'
    )


def _line(line: Line) -> str:
    (x, y), (to_x, to_y) = line.start, line.end
    stop = to_y - 7.0 if line.ends else to_y
    bend = (stop - y) * 0.5
    path = f"M{x:.1f} {y:.1f}C{x:.1f} {y + bend:.1f} {to_x:.1f} {stop - bend:.1f} {to_x:.1f} {stop:.1f}"
    if line.foot > to_y:
        path += f"V{line.foot:.1f}"
    head = f'<polygon class="head" points="{_head(to_x, to_y)}"/>' if line.ends else ""
    targets = " ".join(sorted(line.link.targets))
    return (
        f'<g class="{line.link.style}" data-from="{escape(line.link.source)}" data-to="{escape(targets)}">'
        f"{_stroke(path, line.link.style)}{head}</g>"
    )


def _stroke(path: str, style: str) -> str:
    return f'<path d="{path}"/>' * (2 if style == BOTH else 1)  # the second, white and narrower, makes a double line


def _head(x: float, y: float) -> str:
    return f"{x:.1f},{y:.1f} {x - 3.6:.1f},{y - 8.0:.1f} {x + 3.6:.1f},{y - 8.0:.1f}"


def _key(graph: Graph, top: float) -> tuple[str, float, float]:
    """Return the key to what occurs in the picture, its width and its height."""
    standings = [graph.standing(name) for name in graph.nodes]
    styles = {arrow.kind for arrow in graph.drawn}
    rows: list[str] = []
    for standing, meaning in _MEANINGS.items():
        if standing in standings:
            box = Box(0.0, top + _KEY * len(rows), 44.0, 16.0)
            count = standings.count(standing)
            rows.append(
                f'<g class="{_CLASS[standing]}"><rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" '
                f'height="{box.height:.1f}" rx="{0 if standing == ALONE else 8}"/></g>'
                f'<text x="54" y="{box.y + 11.5:.1f}">{escape(meaning)} ({count})</text>'
            )
    for style, meaning in _ARROWS.items():
        if style in styles:
            y = top + _KEY * len(rows) + 8.0
            head = f'<polygon class="head" points="44,{y:.1f} 36,{y - 3.6:.1f} 36,{y + 3.6:.1f}"/>'
            rows.append(
                f'<g class="{style}">{_stroke(f"M0 {y:.1f}H37", style)}{head}</g>'
                f'<text x="54" y="{y + 3.5:.1f}">{escape(meaning)}</text>'
            )
    last = "An arrow is left out where others lead the same way."
    rows.append(f'<text x="54" y="{top + _KEY * len(rows) + 11.5:.1f}">{last}</text>')
    longest = max(map(len, [*_MEANINGS.values(), *_ARROWS.values()]))
    return "\n".join(rows), 54.0 + _SMALL * 1.1 * (longest + 5), _KEY * len(rows)
