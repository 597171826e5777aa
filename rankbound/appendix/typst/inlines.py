"""What stands in a line, in Typst's markup."""

from __future__ import annotations

from rankbound.appendix.document import Citation, Code, Emphasis, Inline, Inlines, Math, Reference, Strong, Text
from rankbound.appendix.formulas import to_typst
from rankbound.appendix.targets import Targets
from rankbound.appendix.typst.words import escape, guarded, pieces, string


def line(content: Inlines, targets: Targets) -> str:
    """Return the markup of what stands in a line, where a line begins with it."""
    return guarded(_joined(content, targets))


def _joined(content: Inlines, targets: Targets) -> str:
    markup, after_call = "", False
    for inline in content:
        piece = _inline(inline, targets)
        if after_call and piece.startswith(("(", "[", ".", ";")):
            piece = f";{piece}"  # or it would be read as a part of the call
        markup += piece
        after_call = piece.startswith("#") or (after_call and not piece)
    return markup


def _inline(inline: Inline, targets: Targets) -> str:
    match inline:
        case Text():
            return escape(inline.words)
        case Math():
            return to_typst(inline.latex)
        case Code():
            return f"#code({', '.join(map(string, pieces(inline.text)))})"
        case Emphasis():
            return f"#emph[{line(inline.content, targets)}]"
        case Strong():
            return f"#strong[{line(inline.content, targets)}]"
        case Reference() | Citation():
            words, label = targets.reference(inline)
            return f"#to({string(label)})[{escape(words)}]" if label else escape(words)
