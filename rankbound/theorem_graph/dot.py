"""The graph in the language of Graphviz, for those who have it."""

from __future__ import annotations

from rankbound.theorem_graph.graph import (
    ALONE,
    BEARING,
    BOTH,
    CITED,
    DOUBTFUL,
    FAILED,
    LITERATURE,
    OPEN,
    PROOF,
    STATEMENT,
    Graph,
)

_BOXES = {
    ALONE: "style=bold",
    LITERATURE: "style=rounded",
    DOUBTFUL: 'style="rounded,dashed"',
    CITED: 'style="rounded,dotted"',
    OPEN: "style=dashed",
    FAILED: "style=filled, fillcolor=black, fontcolor=white",
}
_ARROWS = {PROOF: "", BOTH: 'color="black:black"', STATEMENT: "style=dashed", BEARING: "style=dotted"}


def to_dot(graph: Graph) -> str:
    """Return the graph as text for Graphviz: the boxes and arrows of the picture, without places."""
    lines = [
        "// What rests on what: an arrow leads from a theorem to one that rests on it; one that others lead around is",
        "// left out. A double arrow: the statement needs it too. A dotted one: it bears on an open question.",
        "digraph theorems {",
        "  node [shape=box, fontname=monospace];",
    ]
    for name, node in graph.nodes.items():
        label = f"{name}\\n{graph.standing(name)}" if node.status == "checked" else f"{name}\\n{node.status}"
        tip = node.statement.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
        lines.append(f'  "{name}" [label="{label}", tooltip="{tip}", {_BOXES[graph.standing(name)]}];')
    for arrow in graph.drawn:
        look = f" [{_ARROWS[arrow.kind]}]" if _ARROWS[arrow.kind] else ""
        lines.append(f'  "{arrow.source}" -> "{arrow.target}"{look};')
    return "\n".join([*lines, "}"]) + "\n"
