"""A formula in the markup of Typst."""

from __future__ import annotations

from rankbound.appendix.formulas import tree
from rankbound.appendix.formulas.lines import Line
from rankbound.appendix.formulas.signs import ACCENTS, DELIMITERS, SIGNS, SIZES, SPACES
from rankbound.appendix.formulas.tree import Node, Row, is_prefix

_FONTS = {"mathrm": "upright", "mathbf": "bold", "mathbb": "bb", "mathcal": "cal"}
_DOTS = (tree.Mark("ldots"), tree.Mark("cdots"))
_CLASSES = {
    **dict.fromkeys((r"\lvert", r"\lVert"), "opening"),
    **dict.fromkeys((r"\rvert", r"\rVert"), "closing"),
}


def write(row: Row) -> str:
    """Return a formula without the dollar signs: every letter stands alone, so that no two are read as one name."""
    text = ""
    for place, item in enumerate(row.items):
        is_sign = isinstance(item, tree.Operator) and is_prefix(row.items, place)
        after_words = place > 0 and isinstance(row.items[place - 1], (tree.Text, tree.Space))
        # After words or white space, Typst takes a sign for one between terms.
        piece = f'class("normal", {_node(item)})' if is_sign and after_words else _node(item)
        text += (_between(row.items[place - 1], item, piece) if place else "") + piece
    return text or '""'


def _between(left: Node, right: Node, piece: str) -> str:
    """Return what stands between two pieces, the second as it is written."""
    if _has_room(left, right):
        return " thin "
    if not (_is_words(left) or _is_words(right.function if isinstance(right, tree.Call) else right)):
        return " "
    # Next to words, Typst would print white space; and it would take a parenthesis there for one that is to be printed.
    return "#h(0em) " if piece.startswith("(") else ""


def _has_room(left: Node, right: Node) -> bool:
    """Say whether there is a thin space of TeX's between two pieces, one of which is three dots."""
    apart = (tree.Relation, tree.Operator, tree.Space, tree.Delimiter)  # which have their own, or none
    if left in _DOTS:
        return not isinstance(right, apart)
    return right in _DOTS and not isinstance(left, (*apart, tree.Punctuation))


def _is_words(node: Node) -> bool:
    """Say whether a piece is written between quotes, and nothing but these."""
    return isinstance(node, tree.Text) or (isinstance(node, tree.Styled) and _is_name(node))


def _is_name(node: tree.Styled) -> bool:
    return node.font == "mathrm" and len(node.text) > 1 and not node.text.isdigit()


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
            if _is_name(node):
                return _quoted(text)
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
            if not grows:
                return write(Row((tree.Delimiter(left, "left", 0), *body.items, tree.Delimiter(right, "right", 0))))
            inside = f"{DELIMITERS[left][1]} {write(body)} {DELIMITERS[right][1]}"
            return f"({write(body)})" if (left, right) == ("(", ")") else f"lr({inside})"
        case tree.Middle():
            return "mid(bar.v)"
        case tree.Call(function, arguments):
            return write(Row((function, arguments)))
        case tree.Delimiter(token, _, size):
            name = DELIMITERS[token][1]
            sized = f"lr(size: #{SIZES[size]:g}em, {name})" if size else name
            return f'class("{_CLASSES[token]}", {sized})' if token in _CLASSES else sized
        case _:
            return SIGNS[node.name].typst


def _part(row: Row) -> str:
    """Return a part of a fraction or a script, in parentheses, which are not printed, unless it is a single sign."""
    is_single = len(row.items) == 1 and isinstance(row.items[0], (tree.Letter, tree.Number))
    return write(row) if is_single else f"({write(row)})"


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '\\"') + '"'


def _scripts(node: tree.Scripts) -> str:
    below = f"_{_part(node.below)}" if node.below is not None else ""
    above = f"^{_part(node.above)}" if node.above is not None else ""
    return _node(node.base) + "'" * node.primes + below + above
