"""The grammar of ASCII mathematics in prose, by recursive descent: tokens in, LaTeX out.

Each method reads what it is named after from where the parser stands, and returns it, or returns ``None`` and leaves
the parser where it was. So a formula ends where the grammar allows no more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rankbound.appendix.prose.cursor import Piece
from rankbound.appendix.prose.factors import CONSTANT, Factors
from rankbound.appendix.prose.tokens import Kind
from rankbound.appendix.prose.vocabulary import QUANTITIES, RELATIONS

_FACTORS = (Kind.LETTER, Kind.LETTERS, Kind.GREEK, Kind.FUNCTION, Kind.QUANTITY, Kind.OPEN)


@dataclass(frozen=True, slots=True)
class _Glue:
    """What joins two factors, and of how many tokens it consists."""

    latex: str
    tokens: int
    juxtaposed: bool = False


class Parser(Factors):
    """Reads formulas from tokens, from ``place`` on."""

    def chain(self) -> Piece | None:
        """Read an expression, or several with relations between them."""
        first = self._range()
        if first is None and self._is(Kind.DOTS) and self._is(Kind.RELATION, ahead=1):
            self.place += 1
            first = Piece(r"\ldots")
        if first is None:
            return None
        while self._is(Kind.RELATION):
            sign = RELATIONS[self.tokens[self.place].text]
            self.place += 1
            following = self._range()
            if following is None:
                self.place -= 1
                break
            first = Piece(f"{first.latex} {sign} {following.latex}")
        return first

    def _range(self) -> Piece | None:
        """Read an expression, or two with dots between them: ``0..n - 1``."""
        first = self.sum()
        if first is None or not self._is(Kind.RANGE, glued=True):
            return first
        self.place += 1
        last = self.sum() if self._glued() else None
        if last is None:
            self.place -= 1
            return first
        return Piece(rf"{first.latex}, \ldots, {last.latex}")

    def sum(self) -> Piece | None:
        """Read terms with signs between them."""
        return self._trying(self._sum)

    def _sum(self) -> Piece | None:
        sign = ""
        if self._is(Kind.OPERATOR) and self.tokens[self.place].text in "+-" and self._glued(1):
            sign = self.tokens[self.place].text
            self.place += 1
        first = self._product()
        if first is None:
            return None
        whole = replace(first, latex=sign + first.latex, simple=first.simple and not sign)
        while self._is_binary("+-"):
            sign = self.tokens[self.place].text
            self.place += 1
            if self._is(Kind.DOTS):
                self.place += 1
                whole = Piece(rf"{whole.latex} {sign} \cdots")
                continue
            term = self._product()
            if term is None:
                self.place -= 1
                break
            whole = Piece(f"{whole.latex} {sign} {term.latex}")
        return whole

    def _is_binary(self, signs: str) -> bool:
        """Whether an operator stands here with a space on both sides, or on none."""
        token = self._at()
        if token is None or token.kind is not Kind.OPERATOR or token.text not in signs:
            return False
        return self._at(1) is not None and self._glued(1) == token.glued

    def _product(self) -> Piece | None:
        last = self._trying(self.factor)
        if last is None:
            return None
        factors, divided = [last], False
        parts: list[str] = []
        while True:
            glue = self._sign_of_product(last)
            if glue is None:
                break
            start = self.place
            self.place += glue.tokens
            following = self._trying(self.factor)
            if following is None or (glue.juxtaposed and self._is_apart(start)):
                self.place = start
                break
            if glue.latex == "/":
                parts.append(_solidus(last, following))
                divided = True
            else:
                parts.append(glue.latex or self._space(last, following, start, divided=divided))
            factors.append(following)
            last = following
        if len(factors) == 1:
            return last
        letters = [rf"\mathrm{{{CONSTANT}}}" if factor.latex == CONSTANT else factor.latex for factor in factors]
        latex = letters[0] + "".join(part + letter for part, letter in zip(parts, letters[1:], strict=True))
        return Piece(latex)

    def _sign_of_product(self, last: Piece) -> _Glue | None:
        """Return how the next factor is joined to the last one, or ``None`` if there is no more."""
        token = self._at()
        if token is None:
            return None
        if self._is_binary("/"):
            return _Glue("/", 1)
        if self._is_binary("*") and not token.glued:
            return _Glue(r" \cdot ", 1)
        if token.kind is Kind.POINT:
            return _Glue(r" \cdot ", 1)
        if token.kind is Kind.DOTS and not token.glued and self._is(Kind.OPEN, "(", ahead=1):
            return _Glue(r" \cdots ", 1)
        if token.kind is Kind.LETTER and token.text == "x" and not token.glued and self._is_size():
            return _Glue(r" \times ", 1)
        if token.kind is Kind.NUMBER:
            return _Glue(r" \cdot ", 0) if self._is(Kind.DOTS, ahead=1) and last.latex.isdecimal() else None
        if token.kind not in _FACTORS or token.text in ("[", "{"):
            return None
        if token.kind is Kind.QUANTITY and token.text != "Occ" and not self._depth and token.text != "head_dim":
            return None
        if last.latex == QUANTITIES["head_dim"]:
            return _Glue("", 0) if self._is(Kind.SCRIPT, ahead=1) else None  # "at head_dim d" names it
        return _Glue("", 0, juxtaposed=True)

    def _is_size(self) -> bool:
        """Whether ``n x n`` or ``34 x 2.5`` stands around here."""
        before, after = self._at(-1), self._at(1)
        if before is None or after is None or after.glued:
            return False
        return before.text == after.text or before.kind is after.kind is Kind.NUMBER

    def _is_apart(self, start: int) -> bool:
        """Whether what was just read in parentheses after a space is a remark and no factor: ``(n >= 2)``."""
        first = self.tokens[start]
        if first.kind is not Kind.OPEN or first.glued:
            return False
        inside = self.tokens[start + 1 : self.place - 1]
        if {token.kind for token in inside} in ({Kind.NUMBER}, {Kind.WORD}):
            return True
        depth = 0
        for token in inside:
            depth += (token.kind is Kind.OPEN) - (token.kind is Kind.CLOSE)
            if depth == 0 and (token.kind is Kind.RELATION or token.text in (",", ";")):
                return True
        return False

    def _space(self, last: Piece, following: Piece, start: int, *, divided: bool) -> str:
        if following.operator or self.tokens[start].glued:
            return " "
        if _is_open(last):
            return r" \, "
        if last.operator:
            return " "
        if divided:
            return r" \; "
        named = any(piece.latex.startswith(r"\mathrm") for piece in (last, following))
        close = last.simple and following.simple and not named and not last.latex.startswith(r"\sqrt")
        return " " if close else r" \, "


def _solidus(above: Piece, below: Piece) -> str:
    """Return the sign of a fraction, with spaces beside functions whose arguments have no parentheses."""
    if below.operator:  # LaTeX puts a space before it, too
        return r" \, / "
    return r" \, / \, " if _is_open(above) else "/"


def _is_open(piece: Piece) -> bool:
    """Whether a function without parentheses might draw in what follows: ``log n``."""
    return piece.operator and not piece.latex.endswith(")")
