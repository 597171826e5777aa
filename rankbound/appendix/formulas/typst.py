"""A formula in the markup of Typst."""

from __future__ import annotations

from rankbound.appendix.formulas import tree
from rankbound.appendix.formulas.lines import Line
from rankbound.appendix.formulas.signs import ACCENTS, DELIMITERS, SIGNS, SIZES, SPACES
from rankbound.appendix.formulas.tree import Node, Row

_FONTS = {"mathrm": "upright", "mathbf": "bold", "mathbb": "bb", "mathcal": "cal"}


def write(row: Row) -> str:
    """Return a formula without the dollar signs: every letter stands alone, so that no two are read as one name."""
    text = ""
    for place, item in enumerate(row.items):
        text += (" " if place and not _is_close(row.items[place - 1], item) else "") + _node(item)
    return text or '""'


def _is_close(left: Node, right: Node) -> bool:
    """Say whether no white space stands between two pieces: next to words, Typst would print it."""
    after_words = isinstance(left, tree.Text) and not left.words.endswith(" ")
    return after_words or (isinstance(right, tree.Text) and not right.words.startswith(" "))


def write_lines(lines: tuple[Line, ...]) -> str:
    """Return a displayed formula without the dollar signs."""
    if len(lines) == 1:
        return write(Row((*lines[0].before, *lines[0].items)))
    rows: list[str] = []
    for line in lines:
        start = f"{write(Row(line.before))} " if line.before else ""
        shift = f"#h({line.indent:g}em) " if line.indent else ""
        body = _continued(line.items) if rows else write(Row(line.items))
        rows.append(f"{start}& {shift}{body}")
    return " \\\n  ".join(rows)


def _continued(items: tuple[Node, ...]) -> str:
    """Return a row; after an operator at its beginning there is as much room as if it stood between two terms."""
    if items and isinstance(items[0], tree.Operator):
        return f"{_node(items[0])} med {write(Row(items[1:]))}"
    return write(Row(items))


def _node(node: Node) -> str:
    match node:
        case Row():
            return write(node)
        case tree.Number(digits):
            return digits
        case tree.Styled(font, text):
            return f"{_FONTS[font]}({text if len(text) == 1 or text.isdigit() else _quoted(text)})"
        case tree.Text(words):
            return _quoted(words)
        case tree.Space(name):
            return SPACES[name][1]
        case tree.Fraction(above, below):
            return f"{_part(above)} / {_part(below)}"
        case tree.Stack(fence, above, below):
            if fence == "(":
                return f"binom({write(above)}, {write(below)})"
            return f"lr({{ mat(delim: #none, {write(above)}; {write(below)}) }})"
        case tree.Root(body):
            return f"sqrt({write(body)})"
        case tree.Accent(name, body):
            return f"{ACCENTS[name][1]}({write(body)})"
        case tree.Scripts():
            return _scripts(node)
        case tree.Fenced(left, body, right, grows):
            inside = f"{DELIMITERS[left][1]} {write(body)} {DELIMITERS[right][1]}"
            if not grows:
                return inside
            return f"({write(body)})" if (left, right) == ("(", ")") else f"lr({inside})"
        case tree.Middle():
            return "mid(bar.v)"
        case tree.Call(function, arguments):
            return f"{_node(function)} {_node(arguments)}"
        case tree.Delimiter(token, _, size):
            name = DELIMITERS[token][1]
            return f"lr(size: #{SIZES[size]:g}em, {name})" if size else name
        case _:
            return SIGNS[node.name].typst


def _part(row: Row) -> str:
    """Return a part of a fraction or a script, in parentheses, which are not printed, unless it is a single sign."""
    is_single = len(row.items) == 1 and isinstance(row.items[0], (tree.Letter, tree.Number))
    return write(row) if is_single else f"({write(row)})"


def _quoted(words: str) -> str:
    return '"' + words.strip().replace('"', '\\"') + '"'


def _scripts(node: tree.Scripts) -> str:
    below = f"_{_part(node.below)}" if node.below is not None else ""
    above = f"^{_part(node.above)}" if node.above is not None else ""
    return _node(node.base) + "'" * node.primes + below + above
