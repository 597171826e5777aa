"""The graph as one file of HTML that needs nothing else: pointing at a box, or tabbing to it, shows the theorem.

Every theorem is written out in the page; without scripts a click on its box still shows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib.resources import files

from rankbound import __version__
from rankbound.theorem_graph.graph import ALONE, BEARING, BOTH, CHECKED, DOUBTFUL, LITERATURE, STATEMENT, Graph
from rankbound.theorem_graph.svg import STYLE, body_of

_STANDING = {
    ALONE: "fully checked, by rules alone: neither it nor what it rests on cites the literature",
    LITERATURE: "fully checked, with citations: it or what it rests on takes results from the literature",
    DOUBTFUL: "checked itself, but not fully: something it rests on is not",
}


def to_html(graph: Graph) -> str:
    """Return the graph as a page of its own."""
    body, width, height = body_of(graph, _linked)
    style, script = (
        files("rankbound.theorem_graph").joinpath(f"page.{end}").read_text("utf-8") for end in ("css", "js")
    )
    sections = "\n".join(_section(graph, name) for name in graph.nodes)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>rankbound: the theorems and what they rest on</title>
<style>
{STYLE}
{style}</style>
</head>
<body>
<header>
<h1>The theorems and what they rest on</h1>
<p>{_counted(graph)}; computed by rankbound {__version__}. Point at a theorem,
or reach it with the Tab key, to read it and to see what it rests on; a click or Enter keeps it, Escape lets it go.</p>
</header>
<main>
<figure>
<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" role="group" \
aria-label="Graph of the theorems">
{body}</svg>
</figure>
<aside aria-live="polite">
{sections}
</aside>
</main>
<script>
{script}</script>
</body>
</html>
"""


def _counted(graph: Graph) -> str:
    asked = sum(node.is_question for node in graph.nodes.values())
    full = sum(graph.fully_checked(name) for name in graph.nodes)
    questions = f", and {asked} open question{'s' if asked != 1 else ''}" if asked else ""
    return f"{len(graph.nodes) - asked} theorems, {full} of them fully checked{questions}"


def _linked(name: str, box: str) -> str:
    return f'<a href="#{escape(name)}">{box}</a>'


def _section(graph: Graph, name: str) -> str:
    node = graph.nodes[name]
    status = "open question" if node.is_question else _STANDING.get(graph.standing(name), node.status)
    needs = graph.needs(name)
    parts = [
        f'<section id="{escape(name)}" data-above="{escape(" ".join(sorted(graph.above[name])))}">',
        f"<h2>{escape(name)}</h2>",
        f"<p>{escape(node.title)}</p>",
        f'<p class="status">{escape(status)}</p>',
        f"<p>{escape(node.detail)}</p>" if node.detail else "",
        f"<p>{escape(node.statement)}</p>",
        "<p>What is proved is the negation of the reading that the id names.</p>" if node.negation else "",
        _list(
            "Formally, for all values of the variables", (f"<code>{escape(one)}</code>" for one in node.formal), "ol"
        ),
        _list("Assumes", (f"<code>{escape(one)}</code>: {escape(text)}" for one, text in node.assumptions)),
        _list(
            "Its statement speaks of what these derive",
            _links(graph, [a.source for a in needs if a.kind in (BOTH, STATEMENT)]),
        ),
        _list(
            f"Its proof, of {node.steps} step{'s' if node.steps != 1 else ''}, rests on",
            _links(graph, [a.source for a in needs if a.kind not in (STATEMENT, BEARING)]),
        ),
        _list(
            "Known of it",
            (f'<a href="#{escape(one)}">{escape(one)}</a>: {escape(words)}' for one, words in node.known),
        ),
        _list("What speaks for it, without proving it", map(escape, node.evidence)),
        _list("It cites", (f"<code>{escape(one)}</code>: {escape(text)}" for one, text in node.cites)),
        _list(
            "What it rests on cites",
            (f"<code>{escape(one)}</code>, through <code>{escape(by)}</code>" for one, by in graph.cited_above(name)),
        ),
        _list("On it rest", _links(graph, [a.target for a in graph.arrows if a.source == name and a.kind != BEARING])),
        _list("It bears on", _links(graph, [a.target for a in graph.arrows if a.source == name and a.kind == BEARING])),
        "</section>",
    ]
    return "\n".join(part for part in parts if part)


def _links(graph: Graph, names: Iterable[str]) -> Iterable[str]:
    for name in names:
        doubt = "" if graph.nodes[name].status == CHECKED else f" ({graph.nodes[name].status})"
        yield f'<a href="#{escape(name)}">{escape(name)}</a>{doubt}'


def _list(title: str, items: Iterable[str], kind: str = "ul") -> str:
    rows = "".join(f"<li>{item}</li>" for item in items)
    return f"<h3>{escape(title)}</h3>\n<{kind}>{rows}</{kind}>" if rows else ""
