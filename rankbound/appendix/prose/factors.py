"""Factors of formulas: numbers, letters, functions and brackets, with their indices, powers and arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rankbound.appendix.prose.brackets import Brackets
from rankbound.appendix.prose.cursor import Piece
from rankbound.appendix.prose.tokens import Kind, Token
from rankbound.appendix.prose.vocabulary import (
    ARGUMENT_FOLLOWS,
    BRACKET_FOLLOWS,
    ENCLOSING,
    GREEK,
    INFINITY,
    MEANS,
    OPERATOR_SIGNS,
    QUANTITIES,
    ROMAN_INDICES,
)

CONSTANT = "e"
"""The letter for Euler's number where it multiplies, divides or has a power; elsewhere it is a letter like others."""


class Factors(Brackets):
    """What may be multiplied or divided."""

    def factor(self) -> Piece | None:
        """Read a number, a letter, a function or a bracket with all that hangs on it."""
        is_number = self._is(Kind.NUMBER)
        base = self._primary()
        if base is None:
            return None
        has_index, has_power = False, is_number and "^" in base.latex
        while True:
            if self._is(Kind.PRIME, glued=True) and not has_power:
                base, mark = replace(base, latex=base.latex + "'"), True
                self.place += 1
            elif self._is(Kind.FACTORIAL, glued=True):
                base, mark = replace(base, latex=base.latex + "!"), True
                self.place += 1
            elif self._is(Kind.SCRIPT, "_", glued=True) and not has_index:
                base, mark = self._scripted(base, "_")
                has_index = True
            elif self._is(Kind.SCRIPT, "^", glued=True) and not has_power:
                base, mark = self._scripted(base, "^")
                has_power = True
            else:
                mark = False
            if not mark:
                applied = self._applied(base)
                if applied is None:
                    return base
                base, has_index, has_power = applied, False, False

    def _scripted(self, base: Piece, sign: str) -> tuple[Piece, bool]:
        """Return what stands here with the index or power that follows, and whether there was one."""
        script = self._trying(self._index if sign == "_" else self._power)
        if script is None:
            return base, False
        if script.latex == "^":
            return replace(base, latex=rf"\hat{{{base.latex}}}"), True
        letter = rf"\mathrm{{{CONSTANT}}}" if base.latex == CONSTANT and sign == "^" else base.latex
        return replace(base, latex=f"{letter}{sign}{{{script.latex}}}"), True

    def _index(self) -> Piece | None:
        of = self._at(-1)
        self.place += 1
        if not self._glued():
            return None
        if self._is(Kind.OPEN, "("):
            return self._grouped("", "")
        token = self.tokens[self.place]
        self.place += 1
        if token.kind is Kind.NUMBER or token.text in GREEK or token.text in QUANTITIES:
            return Piece(GREEK.get(token.text) or QUANTITIES.get(token.text) or token.text)
        if not (token.text.isascii() and token.text.isalpha()):
            return None
        applied = self._is(Kind.OPEN, glued=True)
        if of is not None and of.text == "W" and token.text in ROMAN_INDICES and not applied:
            return Piece(rf"\mathrm{{{token.text}}}")
        if len(token.text) > 1 and (token.text.isupper() or len(token.text) > 2):
            return Piece(rf"\mathrm{{{token.text}}}")
        return Piece(" ".join(token.text))

    def _power(self) -> Piece | None:
        self.place += 1
        token = self._at()
        if token is None or token.kind in (Kind.BAR, Kind.CLOSE):
            return Piece("^")  # a hat
        if not token.glued:
            return None
        if token.text == "(":
            return self._grouped("", "")
        sign = ""
        if token.kind is Kind.OPERATOR:
            self.place += 1
            if token.text in "+*" and not self._is_scalar(glued=True):
                return Piece(token.text)
            sign = token.text
        if not self._is_scalar(glued=True):
            return None
        token = self.tokens[self.place]
        self.place += 1
        if token.text == "T" and not sign:
            return Piece(r"\top")
        return Piece(sign + _letter(token).latex)

    def _is_scalar(self, *, glued: bool) -> bool:
        token = self._at()
        kinds = (Kind.NUMBER, Kind.LETTER, Kind.GREEK)
        return token is not None and token.kind in kinds and token.glued is glued

    def _applied(self, base: Piece) -> Piece | None:
        """Read the arguments of a function: parentheses after a letter, without a space."""
        before = self._at(-1)
        if before is None or not self._is(Kind.OPEN, "(", glued=True) or not base.simple:
            return None
        if before.kind not in (Kind.LETTER, Kind.GREEK, Kind.QUANTITY, Kind.PRIME, Kind.NUMBER):
            return None
        if base.latex.isdecimal():
            return None
        inside = self._trying(lambda: self._grouped("", ""))
        if inside is None:
            return None
        if base.latex == "C" and inside.latex.count(",") == 1 and "(" not in inside.latex:
            above, below = inside.latex.split(", ")
            return Piece(rf"\binom{{{above}}}{{{below}}}", simple=True)
        return Piece(f"{base.latex}({inside.latex})")

    def _primary(self) -> Piece | None:
        token = self._at()
        if token is None:
            return None
        if token.kind in (Kind.LETTER, Kind.QUANTITY) and token.text in MEANS:
            mean = self._trying(self._mean)
            if mean is not None:
                return mean
        readers: dict[Kind, Callable[[], Piece | None]] = {
            Kind.NUMBER: self._single,
            Kind.LETTER: self._starred,
            Kind.LETTERS: self._single,
            Kind.GREEK: self._single,
            Kind.QUANTITY: self._quantity,
            Kind.FUNCTION: self._function,
            Kind.OPEN: self._bracketed,
            Kind.BAR: self._absolute,
            Kind.WORD: self._word,
        }
        return readers[token.kind]() if token.kind in readers else None

    def _single(self) -> Piece:
        token = self.tokens[self.place]
        self.place += 1
        return _letter(token)

    def _starred(self) -> Piece:
        """Read a letter, with a star if it is a matrix that is transposed and multiplied: ``A*A``."""
        letter = self._single()
        following = self._at(1)
        if self._is(Kind.OPERATOR, "*", glued=True) and following is not None and following.text == letter.latex:
            self.place += 1
            return replace(letter, latex=letter.latex + "^{*}")
        return letter

    def _quantity(self) -> Piece | None:
        token = self.tokens[self.place]
        before, after = self._at(-1), self._at(1)
        beside = (Kind.OPERATOR, Kind.RELATION)
        usual = token.text in ("Occ", "head_dim") or self._depth > 0
        if not usual and after is not None and after.kind is Kind.LETTER and after.text.isupper():
            usual = True  # rank A
        usual = usual or (before is not None and before.kind in beside)
        usual = usual or (after is not None and (after.kind in beside or (after.text == "(" and after.glued)))
        if not usual:
            return None
        self.place += 1
        return Piece(QUANTITIES[token.text], simple=True)

    def _word(self) -> Piece | None:
        """Read a word that stands for a quantity, as signs on both sides show, or infinity."""
        token, before, after = self.tokens[self.place], self._at(-1), self._at(1)
        if token.text in INFINITY and before is not None and (before.kind is Kind.RELATION or before.text in ",-"):
            self.place += 1
            return Piece(r"\infty")
        opened = before is None or before.kind in (Kind.OPERATOR, Kind.RELATION, Kind.BAR, Kind.OPEN, Kind.MARK)
        closed = after is not None and after.kind in (Kind.OPERATOR, Kind.RELATION, Kind.BAR, Kind.CLOSE, Kind.SCRIPT)
        if not (opened and closed and token.text.isalpha() and token.text.islower() and len(token.text) > 1):
            return None
        self.place += 1
        return Piece(rf"\text{{{token.text}}}")

    def _function(self) -> Piece | None:
        name = self.tokens[self.place].text
        self.place += 1
        if name in ENCLOSING:
            inside = self._grouped(*ENCLOSING[name])
            return None if inside is None else replace(inside, simple=True)
        head = Piece(ARGUMENT_FOLLOWS.get(name) or BRACKET_FOLLOWS.get(name) or OPERATOR_SIGNS[name])
        for sign in ("_", "^"):
            if self._is(Kind.SCRIPT, sign, glued=True):
                head, found = self._scripted(head, sign)
                if not found:
                    return None
        if name == "diag":
            return self._told(head.latex + "(")
        if self._is(Kind.OPEN, "("):
            inside = self._trying(lambda: self._grouped("(", ")"))
            return None if inside is None else Piece(head.latex + inside.latex, operator=True)
        argument = self._trying(self.factor)
        return None if argument is None else Piece(f"{head.latex} {argument.latex}", operator=True)


def _letter(token: Token) -> Piece:
    if token.kind is Kind.NUMBER:
        digits, _, exponent = token.text.partition("e")
        return Piece(rf"{digits} \cdot 10^{{{int(exponent)}}}" if exponent else digits, simple=True)
    name = token.text.rstrip("0123456789")
    digits = token.text[len(name) :]
    letters = GREEK.get(name) or " ".join(name)
    return Piece(letters + (f"_{{{digits}}}" if digits else ""), simple=True)
