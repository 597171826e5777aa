"""The graph of the theorems as a picture and as a page, written whenever the documentation is built."""

from __future__ import annotations

from pathlib import Path

import proofs
from proofs.open_questions import QUESTIONS
from proofs.theorems import library
from rankbound.theorem_graph import graph_of, to_html, to_svg


def write(folder: Path) -> None:
    """Write the graph of all theorems into ``folder``; its marks come of checking them now."""
    folder.mkdir(exist_ok=True)
    graph = graph_of(library(), proofs.check_all(proofs.theorem_ids(), time_limit=300.0), QUESTIONS)
    for name, text in (("theorem-graph.svg", to_svg(graph)), ("theorem-graph.html", to_html(graph))):
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:  # else Sphinx would build the page again
            path.write_text(text, encoding="utf-8")
