"""A formula in LaTeX, for amsmath and amssymb."""

from __future__ import annotations

from rankbound.appendix.formulas import tree
from rankbound.appendix.formulas.lines import Line
from rankbound.appendix.formulas.tree import Node, Row, is_prefix

_SIZES = ("", r"\big", r"\Big", r"\bigg", r"\Bigg")
_SIDES = {"left": "l", "right": "r", "middle": ""}


def write(row: Row, *, continues: bool = False) -> str:
    """Return a formula for math mode; an operator at its beginning belongs to the row before if it ``continues``."""
    text = ""
    for place, item in enumerate(row.items):
        before = row.items[place - 1] if place else None
        is_close = (
            before is None
            or isinstance(item, tree.Punctuation)
            or item == tree.Mark("!")
            or (
                isinstance(before, tree.Operator) and is_prefix(row.items, place - 1) and not (continues and place == 1)
            )
        )
        # After words or white space, TeX takes a sign for one between terms unless it is in braces.
        is_sign = (
            item in (tree.Operator("+"), tree.Operator("-"))
            and isinstance(before, (tree.Text, tree.Space))
            and is_prefix(row.items, place)
        )
        text += ("" if is_close else " ") + (f"{{{_node(item)}}}" if is_sign else _node(item))
    return text


def write_lines(lines: tuple[Line, ...]) -> str:
    """Return the body of a displayed formula."""
    if len(lines) == 1:
        return write(Row((*lines[0].before, *lines[0].items)))
    rows = []
    for place, line in enumerate(lines):
        start = f"{write(Row(line.before))} " if line.before else ""
        shift = r"\mspace{" + f"{18 * line.indent:g}mu}} " if line.indent else ""
        rows.append(f"{start}& {shift}{write(Row(line.items), continues=place > 0)}")
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def _named(name: str) -> str:
    return "\\" + name if len(name) > 1 and name.isalpha() else name


def _node(node: Node) -> str:
    match node:
        case Row():
            return write(node)
        case tree.Number(digits):
            return digits
        case tree.Styled(font, text):
            escaped = text.replace("_", r"\_")
            return rf"\{font}{{{escaped}}}"
        case tree.Text(words):
            return rf"\text{{{words}}}"
        case tree.Space(name):
            return "\\" + name
        case tree.Fraction(above, below):
            return rf"\frac{{{write(above)}}}{{{write(below)}}}"
        case tree.Stack(fence, above, below):
            start = r"\binom" if fence == "(" else r"\genfrac{\{}{\}}{0pt}{}"
            return f"{start}{{{write(above)}}}{{{write(below)}}}"
        case tree.Root(body):
            return rf"\sqrt{{{write(body)}}}"
        case tree.Accent(name, body):
            return rf"\{name}{{{write(body)}}}"
        case tree.Scripts():
            return _scripts(node)
        case tree.Fenced(left, body, right, grows):
            gap = " " if left[-1].isalpha() else ""
            inside = f"{left}{gap}{write(body)}"
            return rf"\left{inside}{gap}\right{right}" if grows else f"{inside}{right}"
        case tree.Middle():
            return r"\middle|"
        case tree.Call(function, arguments):
            return _node(function) + _node(arguments)
        case tree.Delimiter(token, side, size):
            return f"{_SIZES[size]}{_SIDES[side] if size else ''}{token}"
        case _:
            return _named(node.name)


def _scripts(node: tree.Scripts) -> str:
    below = f"_{{{write(node.below)}}}" if node.below is not None else ""
    above = f"^{{{write(node.above)}}}" if node.above is not None else ""
    # A prime is a superscript itself, which TeX joins with one that follows it at once.
    return _node(node.base) + "'" * node.primes + (above + below if node.primes else below + above)
