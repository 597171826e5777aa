"""Where a parser of formulas stands among the tokens, and what it has read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rankbound.appendix.prose.tokens import Kind, Token


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a formula.

    ``simple`` is for a number or letter with its indices, which is set close to what it multiplies; ``operator`` for a
    function such as ``log``, around which LaTeX puts the space itself.
    """

    latex: str
    simple: bool = False
    operator: bool = False


class Cursor(ABC):
    """Reads from tokens, from ``place`` on."""

    def __init__(self, tokens: Sequence[Token], place: int = 0) -> None:
        self.tokens = tokens
        self.place = place
        self._depth = 0
        self._bars = 0
        self._unreadable: set[tuple[int, bool]] = set()

    @abstractmethod
    def chain(self) -> Piece | None:
        """Read an expression, or several with relations between them."""

    @abstractmethod
    def factor(self) -> Piece | None:
        """Read what may be multiplied or divided."""

    def _at(self, ahead: int = 0) -> Token | None:
        place = self.place + ahead
        return self.tokens[place] if 0 <= place < len(self.tokens) else None

    def _is(self, kind: Kind, text: str = "", *, ahead: int = 0, glued: bool | None = None) -> bool:
        token = self._at(ahead)
        if token is None or token.kind is not kind or (text and token.text != text):
            return False
        return glued is None or token.glued is glued

    def _glued(self, ahead: int = 0) -> bool:
        token = self._at(ahead)
        return token is not None and token.glued

    def _trying(self, read: Callable[[], Piece | None]) -> Piece | None:
        start, depth, bars = self.place, self._depth, self._bars
        found = read()
        self._depth, self._bars = depth, bars
        if found is None:
            self.place = start
        return found
