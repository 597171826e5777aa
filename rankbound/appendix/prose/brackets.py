"""Formulas in brackets: groups, intervals, absolute values, and means of what is told in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rankbound.appendix.prose.cursor import Cursor, Piece
from rankbound.appendix.prose.tokens import Kind
from rankbound.appendix.prose.vocabulary import APOSTROPHE, MEANS

_OPENING = {"(": "(", "[": "[", "{": r"\{"}
_CLOSING = {")": ")", "]": "]", "}": r"\}"}
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_BARS = {"|": (r"\lvert ", r" \rvert"), "||": (r"\lVert ", r" \rVert")}
_MOST_WORDS = 12
"""In brackets: with more than that something was misread."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A formula in brackets, words among formulas, or what separates them."""

    latex: str
    words: bool = False
    separator: bool = False


class Brackets(Cursor):
    """What begins with a bracket or a bar, or is a mean."""

    def _grouped(self, opening: str, closing: str) -> Piece | None:
        """Read what stands in parentheses, and write it in other ones."""
        whole = self._trying(self._bracketed)
        if whole is None or self.tokens[self.place - 1].text != ")":
            return None
        return Piece(opening + whole.latex.removeprefix("(").removesuffix(")") + closing)

    def _bracketed(self) -> Piece | None:
        """Read formulas in brackets with commas or semicolons between them; an interval may be half open."""
        return self._once(self._content, told=False)

    def _once(self, read: Callable[[], Piece | None], *, told: bool) -> Piece | None:
        """Read brackets, but not again where that failed: what cannot be nested would be tried at all depths."""
        key = (self.place, told)
        found = None if key in self._unreadable else read()
        if found is None:
            self._unreadable.add(key)
        return found

    def _content(self) -> Piece | None:
        opening = self.tokens[self.place].text
        if self._is(Kind.WORD, "sum" if opening == "(" else "", ahead=1):
            return self._told(_OPENING[opening])
        self.place += 1
        self._depth += 1
        parts, items = [], 0
        while True:
            item = self.chain()
            if item is None and self._is(Kind.DOTS):
                self.place += 1
                item = Piece(r"\ldots")
            if item is None:
                return None
            parts.append(item.latex)
            items += 1
            token = self._at()
            if token is None:
                return None
            self.place += 1
            if token.text in (",", ";"):
                parts.append(token.text + " ")
                continue
            half_open = items == 2 and {opening, token.text} in ({"(", "]"}, {"[", ")"})
            if token.kind is not Kind.CLOSE or not (token.text == _PAIRS[opening] or half_open):
                return None
            return Piece(_OPENING[opening] + "".join(parts) + _CLOSING[token.text])

    def _absolute(self) -> Piece | None:
        bar = self.tokens[self.place]
        if not self._glued(1) or self._bars:
            return None
        self.place += 1
        self._depth += 1
        self._bars += 1
        inside = self.chain()
        if inside is None or not self._is(Kind.BAR, bar.text, glued=True):
            return None
        self.place += 1
        left, right = _BARS[bar.text]
        return Piece(left + inside.latex + right)

    def _mean(self) -> Piece | None:
        head = MEANS[self.tokens[self.place].text]
        self.place += 1
        if self._is(Kind.BAR, glued=True):
            inside = self._trying(self.factor)
            return None if inside is None else Piece(f"{head} {inside.latex}")
        if not (self._is(Kind.OPEN, "[", glued=True) or self._is(Kind.OPEN, "(", glued=True)):
            return None
        return self._once(lambda: self._told(head + self.tokens[self.place].text), told=True)

    def _told(self, start: str) -> Piece | None:
        """Read brackets whose content may be told in words, with formulas among them."""
        closing = _PAIRS[self.tokens[self.place].text]
        self.place += 1
        self._depth += 1
        parts: list[_Part] = []
        words = 0
        while not self._is(Kind.CLOSE, closing):
            token = self._at()
            if token is None:
                return None
            formula = self.chain()
            if formula is not None:
                parts.append(_Part(formula.latex))
                continue
            self.place += 1
            if token.kind is Kind.BAR and not token.glued:
                parts.append(_Part(r"\mid", separator=True))
            elif token.text in (",", ";"):
                parts.append(_Part(token.text, separator=True))
            elif token.kind in (Kind.WORD, Kind.QUANTITY) or token.printed == APOSTROPHE:
                words += 1
                if parts and parts[-1].words:
                    parts[-1] = _Part(parts[-1].latex + ("" if token.glued else " ") + token.text, words=True)
                else:
                    parts.append(_Part(token.text, words=True))
            else:
                return None
            if words > _MOST_WORDS:
                return None
        self.place += 1
        return Piece(start + _spaced(parts) + _CLOSING[closing])


def _spaced(parts: list[_Part]) -> str:
    """Join formulas, words and separators, with the spaces between words and formulas inside of the words."""
    latex = ""
    for place, part in enumerate(parts):
        text = part.latex
        if part.words:
            left = " " if place and parts[place - 1].latex != r"\mid" else ""
            right = " " if place + 1 < len(parts) and not parts[place + 1].separator else ""
            text = rf"\text{{{left}{text}{right}}}"
        latex += text if text in (",", ";") or not latex else f" {text}"
    return latex
