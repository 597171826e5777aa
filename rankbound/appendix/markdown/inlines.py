"""What stands in a line, in GitHub's Markdown."""

from __future__ import annotations

import html
from urllib.parse import quote

from rankbound.appendix.document import Citation, Code, Emphasis, Inline, Inlines, Math, Reference, Strong, Text
from rankbound.appendix.formulas import to_latex
from rankbound.appendix.markdown.formulas import as_html
from rankbound.appendix.markdown.words import code, escape, formula
from rankbound.appendix.targets import Targets


def line(content: Inlines, targets: Targets) -> str:
    """Return what stands in a line; whoever begins a line with it calls ``guarded``."""
    return "".join(_inline(inline, targets) for inline in content)


def cell(content: Inlines, targets: Targets) -> str:
    """Return what stands in a cell of a table, where bars are marked as not its end."""
    return line(content, targets).replace("|", r"\|")


def summary(content: Inlines, targets: Targets) -> str:
    """Return what stands in a line as HTML, for the places where no Markdown is read."""
    return "".join(_as_html(inline, targets) for inline in content)


def anchor(label: str) -> str:
    """Return the place that links to a label lead to."""
    return f'<a id="{html.escape(label)}"></a>'


def marked(words: str, mark: str, tag: str) -> str:
    """Return words in italics or bold; beside other than letters, asterisks do not always count as marks."""
    if words and words[0].isalnum() and words[-1].isalnum():
        return f"{mark}{words}{mark}"
    return f"<{tag}>{words}</{tag}>"


def _inline(inline: Inline, targets: Targets) -> str:
    match inline:
        case Text():
            return escape(inline.words)
        case Math():
            return formula(to_latex(inline.latex))
        case Code():
            return code(inline.text)
        case Emphasis():
            return marked(line(inline.content, targets), "*", "em")
        case Strong():
            return marked(line(inline.content, targets), "**", "strong")
        case Reference() | Citation():
            words, address = _link(inline, targets)
            return f"[{escape(words)}]({address})" if address else escape(words)


def _link(inline: Reference | Citation, targets: Targets) -> tuple[str, str]:
    words, label = targets.reference(inline)
    return words, f"#{quote(label, safe=':')}" if label else ""


def _as_html(inline: Inline, targets: Targets) -> str:
    match inline:
        case Text():
            return html.escape(inline.words, quote=False).replace("$", "<span>$</span>")
        case Math():
            return as_html(inline.latex)  # GitHub shows no formulas there
        case Code():
            return f"<code>{html.escape(inline.text, quote=False)}</code>"
        case Emphasis():
            return f"<em>{summary(inline.content, targets)}</em>"
        case Strong():
            return f"<strong>{summary(inline.content, targets)}</strong>"
        case Reference() | Citation():
            words, address = _link(inline, targets)
            shown = html.escape(words, quote=False)
            return f'<a href="{html.escape(address)}">{shown}</a>' if address else shown
