"""The LaTeX that :mod:`proofs.latex` and appendices' prose write, read into a tree; anything else is an error."""

from __future__ import annotations

import re
from functools import lru_cache

from rankbound.appendix.formulas.signs import ACCENTS, CLOSING, FONTS, OPENING, SIGNS, SPACES
from rankbound.appendix.formulas.tree import (
    Accent,
    Call,
    Fenced,
    Fraction,
    Function,
    Letter,
    Middle,
    Node,
    Number,
    Operator,
    Root,
    Row,
    Scripts,
    Space,
    Stack,
    Styled,
    Text,
)
from rankbound.errors import invalid

_TOKEN = re.compile(
    r"\{[-+]\}|\\text\{[^{}\\$]*\}|\\(?:mathrm|mathbf|mathbb|mathcal)\{(?:[A-Za-z0-9]|\\_)+\}|\\[A-Za-z]+|\\[{},;]|\d+(?:\.\d+)?|'+|\.\.|\S"
)
_SIGN = {("\\" if len(name) > 1 and name.isalpha() else "") + name: name for name in SIGNS}
_SPACE = {"\\" + name: name for name in SPACES}
_SIGNS_ALONE = ("{-}", "{+}")


@lru_cache(maxsize=4096)  # each format reads the same formulas
def parse(latex: str) -> Row:
    """Read a formula.

    Parameters
    ----------
    latex : str
        In the dialect of :mod:`proofs.latex`, for math mode.

    Returns
    -------
    Row
        Its tree.

    Raises
    ------
    ValueError
        If something in it does not belong to the dialect, or a brace or fence is not closed.
    """
    reader = _Reader(latex)
    items = reader.items(())
    if reader.token:
        raise reader.error()
    return Row(items)


class _Reader:
    """Reads a formula from left to right; ``token`` is the next one, and empty at the end."""

    def __init__(self, latex: str) -> None:
        self.latex = latex
        self.found = list(_TOKEN.finditer(latex))
        self.tokens = [found.group() for found in self.found] + [""]
        self.place = 0

    @property
    def token(self) -> str:
        return self.tokens[self.place]

    @property
    def is_attached(self) -> bool:
        """Whether no white space stands before the next token."""
        return 0 < self.place < len(self.found) and self.found[self.place - 1].end() == self.found[self.place].start()

    def error(self, wanted: str = "a piece of a formula") -> ValueError:
        token = self.token or "the end"
        at = self.found[self.place].start() if self.token else len(self.latex)
        shown = self.latex if len(self.latex) <= 50 else f"...{self.latex[max(0, at - 20) : at + 25]}..."
        return invalid(
            "formula",
            shown,
            f"{wanted} instead of {token} at character {at}",
            "write it as proofs.latex would, with braces around every index and exponent",
        )

    def take(self, expected: str = "") -> str:
        token = self.token
        if expected and token != expected:
            raise self.error(expected)
        self.place += 1
        return token

    def items(self, ends: tuple[str, ...]) -> tuple[Node, ...]:
        """Read up to one of the ends, which is not taken, or to the end of the formula."""
        nodes = []
        while self.token and self.token not in ends:
            nodes.append(self.item())
        return tuple(nodes)

    def item(self) -> Node:
        node = self.scripts(self.atom())
        base = node.base if isinstance(node, Scripts) else node
        is_callable = isinstance(base, (Letter, Styled, Accent, Function))
        if is_callable and self.is_attached and self.token in (r"\left", *OPENING):
            return Call(node, self.scripts(self.atom()))
        return node

    def scripts(self, base: Node) -> Node:
        primes, below, above = 0, None, None
        if self.token.startswith("'"):
            primes = len(self.take())
        while (self.token == "_" and below is None) or (self.token == "^" and above is None):
            if self.take() == "_":
                below = self.group()
            else:
                above = self.group()
        return Scripts(base, below, above, primes) if primes or below is not None or above is not None else base

    def group(self) -> Row:
        if self.token in _SIGNS_ALONE:
            return Row((Operator(self.take()[1]),))
        self.take("{")
        row = Row(self.items(("}",)))
        self.take("}")
        return row

    def atom(self) -> Node:
        token = self.token
        if token in _SIGN:
            name = _SIGN[self.take()]
            return SIGNS[name].kind(name)
        if token in _SIGNS_ALONE:  # which keeps LaTeX from reading a sign after words as one between terms
            return Operator(self.take()[1])
        if token in _SPACE:
            return Space(_SPACE[self.take()])
        if token[:1].isdigit():
            return Number(self.take())
        name, _, inside = token[1:].partition("{")
        if inside and name == "text":
            return Text(self.take()[len(r"\text{") : -1])
        if inside and name in FONTS:
            self.take()
            return Styled(name, inside[:-1].replace(r"\_", "_"))
        if name in ACCENTS and token[0] == "\\":
            self.take()
            return Accent(name, self.group())
        return self.structure(token)

    def structure(self, token: str) -> Node:
        if token == r"\frac":
            self.take()
            return Fraction(self.group(), self.group())
        if token == r"\sqrt":
            self.take()
            return Root(self.group())
        if token == r"\binom":
            self.take()
            return Stack("(", self.group(), self.group())
        if token == r"\genfrac":
            return self.stack()
        if token == r"\left":
            return self.growing()
        if token == r"\middle":
            self.take()
            self.take("|")
            return Middle()
        if token in OPENING:
            left, body = self.take(), Row(self.items(CLOSING))
            if self.token not in CLOSING:
                raise self.error("a closing bracket")
            return Fenced(left, body, self.take(), grows=False)
        raise self.error()

    def stack(self) -> Node:
        for expected in (r"\genfrac", "{", r"\{", "}", "{", r"\}", "}", "{", "0", "p", "t", "}", "{", "}"):
            self.take(expected)
        return Stack(r"\{", self.group(), self.group())

    def growing(self) -> Node:
        self.take(r"\left")
        if self.token not in OPENING:
            raise self.error("an opening bracket")
        left, body = self.take(), Row(self.items((r"\right",)))
        self.take(r"\right")
        return Fenced(left, body, self.take(CLOSING[OPENING.index(left)]))
