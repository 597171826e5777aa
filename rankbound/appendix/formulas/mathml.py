"""A formula in MathML Core, which browsers show without a script."""

# ruff: noqa: RUF001 - signs that look like letters are meant
from __future__ import annotations

from html import escape

from rankbound.appendix.formulas import tree
from rankbound.appendix.formulas.lines import Line
from rankbound.appendix.formulas.signs import ACCENTS, DELIMITERS, SIGNS, SIZES, SPACES
from rankbound.appendix.formulas.sizes import AXIS, measure, reach
from rankbound.appendix.formulas.tree import Node, Row, base_of, has_limits, is_prefix, is_product

_FONTS = {
    "mathbb": {"E": "𝔼", "P": "ℙ", "R": "ℝ", "Z": "ℤ", "N": "ℕ", "Q": "ℚ", "C": "ℂ"},
    "mathcal": {"A": "𝒜", "K": "𝒦"},
    "mathbf": {"1": "𝟏"},
}
_TIMES, _APPLIED = "<mo>\u2062</mo>", "<mo>\u2061</mo>"  # invisible: for readers that speak
_THIN = f'<mspace width="{SPACES[","][0]:.3f}em"/>'
_PLAIN = 0.8  # em above or below the line of fractions that signs of the size of letters are put around
_CLOSE = ' lspace="0" rspace="0"'
_CELL = ' style="padding: 0.25em 0; text-align: '


def math(lines: tuple[Line, ...], latex: str, *, display: bool) -> str:
    """Return the whole element; ``latex`` is kept as the text for those who cannot see it."""
    block = ' display="block"' if display else ""
    head = f'<math xmlns="http://www.w3.org/1998/Math/MathML"{block} alttext="{escape(latex)}">'
    inside = _row((*lines[0].before, *lines[0].items)) if len(lines) == 1 else _table(lines)
    return f"{head}{inside}</math>"


def _table(lines: tuple[Line, ...]) -> str:
    has_left = any(line.before for line in lines)
    rows = []
    for place, line in enumerate(lines):
        left = f'<mtd{_CELL}right">{_row(line.before) if line.before else ""}</mtd>' if has_left else ""
        shift = f'<mspace width="{line.indent:g}em"/>' if line.indent else ""
        body = _row(line.items, continues=place > 0 or has_left)
        rows.append(f'<mtr>{left}<mtd{_CELL}left">{shift}{body}</mtd></mtr>')
    return f'<mtable displaystyle="true">{"".join(rows)}</mtable>'


def _row(items: tuple[Node, ...], *, continues: bool = False, small: bool = False) -> str:
    """Return pieces side by side.

    They may be ``small``, which those of an index or exponent are; a row that ``continues`` another begins in the
    middle of a formula.
    """
    parts = []
    for place, item in enumerate(items):
        if place:
            parts.append(_between(items[place - 1], item))
        if isinstance(item, tree.Operator):
            parts.append(_operator(item, is_prefix(items, place) and not (continues and place == 0), small))
        else:
            parts.append(_node(item, small))
    parts = [part for part in parts if part]
    return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"


def _between(left: Node, right: Node) -> str:
    """Return what is not written between two neighbours, and the gap that sets a name apart from a letter."""
    gap = "" if isinstance(base_of(right), (tree.Fenced, tree.Delimiter)) else _THIN
    if is_product(left, right):
        return _TIMES + (_THIN if _is_named(right) else "")
    if isinstance(right, (tree.Operator, tree.Relation, tree.Punctuation, tree.Space, tree.Middle, tree.Text)):
        return ""
    if isinstance(base_of(left), tree.Function):
        return _APPLIED + gap
    after_sign = isinstance(left, tree.Mark) or left == tree.Operator("/")
    return gap if _is_named(left) or (_is_named(right) and after_sign) else ""


def _is_named(node: Node) -> bool:
    """Say whether something begins with a function or a limit, which are words in upright letters."""
    base = base_of(node.function if isinstance(node, tree.Call) else node)
    return isinstance(base, tree.Function) or (isinstance(base, tree.Big) and base.name.startswith("lim"))


def _operator(node: tree.Operator, prefix: bool, small: bool) -> str:
    gaps = _CLOSE if small or node.name == "/" else ""
    return f'<mo form="{"prefix" if prefix else "infix"}"{gaps}>{SIGNS[node.name].unicode}</mo>'


def _node(node: Node, small: bool = False) -> str:
    match node:
        case Row(items):
            return _row(items, small=small)
        case tree.Letter(name):
            upright = ' mathvariant="normal"' if name[0].isupper() and len(name) > 1 else ""
            return f"<mi{upright}>{SIGNS[name].unicode}</mi>"
        case tree.Number(digits):
            return f"<mn>{digits}</mn>"
        case tree.Styled(font, text):
            return _styled(font, text)
        case tree.Text(words):
            return f"<mtext>{escape(words.replace(' ', chr(160)))}</mtext>"
        case tree.Space(name):
            return f'<mspace width="{SPACES[name][0]:.3f}em"/>'
        case tree.Fraction(above, below):
            return f"<mfrac>{_node(above, small)}{_node(below, small)}</mfrac>"
        case tree.Stack(fence, above, below):
            left, right = ("(", ")") if fence == "(" else ("{", "}")
            inside = f'<mfrac linethickness="0">{_node(above, small)}{_node(below, small)}</mfrac>'
            return f"<mrow>{_fence(left, 'prefix')}{inside}{_fence(right, 'postfix')}</mrow>"
        case tree.Root(body):
            return f"<msqrt>{_node(body, small)}</msqrt>"
        case tree.Accent(name, body):
            # As an accent, a bar is drawn into a capital.
            kind = ' accent="true"' if name == "hat" else ""
            return f'<mover{kind}>{_node(body, small)}<mo stretchy="false">{ACCENTS[name][0]}</mo></mover>'
        case tree.Scripts():
            return _scripts(node, small)
        case tree.Fenced(left, body, right, grows):
            # Browsers put much white space at signs that may grow, so that only those may that have to.
            grows = grows and reach(measure(body)) > _PLAIN
            if not grows:
                body = Row(
                    tuple(tree.Delimiter("|", "middle", 0) if item == tree.Middle() else item for item in body.items)
                )
            start = _fence(DELIMITERS[left][0], "prefix", grows=grows)
            end = _fence(DELIMITERS[right][0], "postfix", grows=grows)
            return f"<mrow>{start}{_node(body, small)}{end}</mrow>"
        case tree.Middle():
            return '<mo form="infix" fence="true" stretchy="true" lspace="0" rspace="0">|</mo>'
        case tree.Call(function, arguments):
            return f"<mrow>{_node(function, small)}{_APPLIED}{_node(arguments, small)}</mrow>"
        case tree.Delimiter():
            return _fixed(node)
        case tree.Function(name):
            return f"<mi>{SIGNS[name].unicode}</mi>"
        case tree.Big(name):
            return _with_limits(name) if name.startswith("lim") else f"<mo>{SIGNS[name].unicode}</mo>"
        case tree.Mark(name):
            sign = SIGNS[name].unicode
            return f'<mo form="postfix">{sign}</mo>' if name == "!" else f"<mi>{sign}</mi>"
        case _:
            # An arrow that may stretch takes the height of a whole line of its font.
            fixed = ' stretchy="false"' if node.name == "to" else ""
            return f"<mo{fixed}{_CLOSE if small else ''}>{escape(SIGNS[node.name].unicode)}</mo>"


def _with_limits(name: str) -> str:
    """Return a word that has limits below it in a displayed formula, and an index in the line."""
    return f'<mo form="prefix" movablelimits="true"{_CLOSE}>{SIGNS[name].unicode}</mo>'


def _styled(font: str, text: str) -> str:
    if font == "mathrm":
        upright = ' mathvariant="normal"' if len(text) == 1 else ""
        return f"<mi{upright}>{text}</mi>"
    letters = "".join(_FONTS[font].get(letter, letter) for letter in text)
    return f"<mn>{letters}</mn>" if text.isdigit() else f"<mi>{letters}</mi>"


def _fence(sign: str, form: str, *, grows: bool = True) -> str:
    return f'<mo form="{form}" fence="true" stretchy="{"true" if grows else "false"}">{sign}</mo>'


def _fixed(node: tree.Delimiter) -> str:
    form = {"left": "prefix", "right": "postfix", "middle": "infix"}[node.side]
    size = f"{SIZES[node.size]:g}em"
    grows = f'stretchy="true" symmetric="true" minsize="{size}" maxsize="{size}"' if node.size else 'stretchy="false"'
    gaps = _CLOSE if node.side == "middle" else ""
    return f'<mo form="{form}" fence="true" {grows}{gaps}>{DELIMITERS[node.token][0]}</mo>'


def _scripts(node: tree.Scripts, small: bool) -> str:
    base, low, high = _node(node.base, small), "", ""
    if isinstance(node.base, tree.Delimiter):
        # Alone in its element it would not grow.
        half = SIZES[node.base.size] / 2
        base = f'<mrow><mspace height="{half + AXIS:g}em" depth="{half - AXIS:g}em"/>{base}</mrow>'
    if node.primes:
        # As a superscript it would be raised twice where the font has no sign for that.
        base = f'<mrow>{base}<mo form="postfix"{_CLOSE}>{"′" * node.primes}</mo></mrow>'
    if node.below is not None:
        low = _node(node.below, True)
    if node.above is not None:
        high = _node(node.above, True)
    if isinstance(node.base, tree.Function) and has_limits(node.base):
        base = _with_limits(node.base.name)
    kinds = ("munderover", "munder", "mover") if has_limits(node.base) else ("msubsup", "msub", "msup")
    kind = kinds[0] if low and high else kinds[1] if low else kinds[2]
    return f"<{kind}>{base}{low}{high}</{kind}>" if low or high else base
