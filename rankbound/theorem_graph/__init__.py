"""The theorems as a graph whose marks are computed: what rests on what, and whether all of it is checked.

:func:`graph_of` reads records and outcomes of checks; :func:`to_svg`, :func:`to_html` and :func:`to_dot` write it down.
"""

from __future__ import annotations

from rankbound.theorem_graph.dot import to_dot
from rankbound.theorem_graph.graph import Arrow, Graph, Node, graph_of, with_all_above
from rankbound.theorem_graph.html import to_html
from rankbound.theorem_graph.svg import to_svg

__all__ = ["Arrow", "Graph", "Node", "graph_of", "to_dot", "to_html", "to_svg", "with_all_above"]
