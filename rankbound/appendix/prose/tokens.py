"""Prose cut into tokens: words, and what formulas may consist of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from rankbound.appendix.prose.vocabulary import (
    ARGUMENT_FOLLOWS,
    BRACKET_FOLLOWS,
    ENCLOSING,
    GREEK,
    INFINITY,
    OPERATOR_SIGNS,
    QUANTITIES,
    SHORT_WORDS,
)


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    CODE = auto()
    NUMBER = auto()
    LETTER = auto()  # a variable, also with a number after it: u1
    LETTERS = auto()  # two variables side by side: mp
    GREEK = auto()
    FUNCTION = auto()
    QUANTITY = auto()
    RELATION = auto()
    OPERATOR = auto()  # + - * /
    SCRIPT = auto()  # ^ _
    FACTORIAL = auto()
    PRIME = auto()
    OPEN = auto()
    CLOSE = auto()
    BAR = auto()  # | ||
    DOTS = auto()
    RANGE = auto()  # ..
    POINT = auto()  # a point between two letters: x.x
    MARK = auto()  # punctuation, with quotation marks and apostrophes already in print
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text from ``start`` to ``end``; ``glued`` says that no space stands before it.

    ``printed`` is how it is written among words, where that is not as in the text.
    """

    kind: Kind
    text: str
    start: int
    glued: bool
    printed: str = ""

    @property
    def end(self) -> int:
        """Where the token ends in the text."""
        return self.start + len(self.text)


_ENDINGS = "th|st|nd|rd"
_PARTS = (
    ("path", r"https?://[^\s)\]]+|(?<!\S)--[a-z][a-z-]*"),
    ("path", r"\w+(?:/\w+)*\.(?:py|md|json|tex)(?!\w)"),
    ("word", r"\d+(?:\.\d+){2,}(?:\([a-z]\))?|\d+\.[A-Z]\.\d+|[IVX]+\.\d+"),  # numbers of sections
    ("word", rf"\d+(?:{_ENDINGS})(?!\w)"),
    ("word", r"(?:[A-Za-z]\.){2,}"),  # e.g.
    ("snake", r"[A-Za-z]\w*_\w*"),
    ("hyphenated", r"[A-Za-z]{2,}(?:-[A-Za-z0-9]+)+"),
    ("word", r"[A-Za-z]{2,}'[a-z]+|[A-Z]'[A-Z][a-z]+"),
    ("letters", r"[A-Za-z]+"),
    ("number", r"\d+\.\d+\(\d+\)|\d+(?:\.\d+)?(?:e[+-]?\d+(?!\w))?"),
    ("suffix", rf"(?<=[A-Za-z0-9)])(?:-[a-z]{{3,}}|-(?:{_ENDINGS}))(?!\w)|(?<=[A-Za-z])'s(?!\w)"),
    ("dots", r"\.\.\."),
    ("range", r"\.\."),
    ("relation", r"<=|>=|->|(?<![A-Za-z0-9)])!=|[<>=~]"),
    ("bar", r"\|\||\|"),
    ("open", r"[(\[{]"),
    ("close", r"[)\]}]"),
    ("operator", r"[-+*/]"),
    ("script", r"[\^_]"),
    ("factorial", "!"),
    ("quote", "['\"]"),
    ("mark", r"[.,;:?]"),
    ("other", r"\S"),
)
_PATTERN = re.compile("|".join(f"(?P<{kind}_{place}>{pattern})" for place, (kind, pattern) in enumerate(_PARTS)))
_PLAIN = {
    "word": Kind.WORD,
    "path": Kind.CODE,
    "number": Kind.NUMBER,
    "dots": Kind.DOTS,
    "range": Kind.RANGE,
    "relation": Kind.RELATION,
    "bar": Kind.BAR,
    "open": Kind.OPEN,
    "close": Kind.CLOSE,
    "operator": Kind.OPERATOR,
    "script": Kind.SCRIPT,
    "factorial": Kind.FACTORIAL,
    "quote": Kind.MARK,
    "mark": Kind.MARK,
    "other": Kind.OTHER,
}
_FUNCTIONS = {*ARGUMENT_FOLLOWS, *BRACKET_FOLLOWS, *ENCLOSING, *OPERATOR_SIGNS}
_NAMED = {*_FUNCTIONS, *GREEK, *QUANTITIES}


def tokens_of(text: str, names: Collection[str]) -> list[Token]:
    """Return the tokens of a text, told by their letters alone; ``names`` are set as code."""
    found: list[Token] = []
    done = 0
    for start, end in _names_in(text, names):
        found += _cut(text, done, start)
        found.append(Token(Kind.CODE, text[start:end], start, _is_glued(text, start)))
        done = end
    found += _cut(text, done, len(text))
    return found


def _names_in(text: str, names: Collection[str]) -> list[tuple[int, int]]:
    """Return where names stand: those with a hyphen anywhere, others (which are words) in a list of names only."""
    pattern = _pattern_of(tuple(names))
    found = {match.span() for match in pattern.finditer(text)} if pattern else set()
    for listed in re.finditer(r"\(([a-z0-9-]+(?:, [a-z0-9-]+)+)\)", text):
        if "-" in listed[1] and all(name in names for name in listed[1].split(", ")):
            found.update(match.span() for match in re.compile(r"[a-z0-9-]+").finditer(text, *listed.span(1)))
    return sorted(found)


@lru_cache(maxsize=8)
def _pattern_of(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return what finds the names with a hyphen, the longest of those that begin in one place."""
    compound = sorted((name for name in names if "-" in name), key=lambda name: (-len(name), name))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, compound))})(?![\w-])") if compound else None


def _cut(text: str, start: int, end: int) -> Iterator[Token]:
    while match := _PATTERN.search(text, start, end):
        kind = str(match.lastgroup).partition("_")[0]
        if kind in _PLAIN:
            token = Token(_PLAIN[kind], match.group(), match.start(), _is_glued(text, match.start()))
        else:
            token = _of_letters(kind, match.group(), match.start(), text)
        yield token
        start = token.end


def _is_glued(text: str, start: int) -> bool:
    return start > 0 and not text[start - 1].isspace()


def _of_letters(kind: str, whole: str, start: int, text: str) -> Token:
    """Return the first token of a piece that begins with letters, or of what is hung on a letter."""
    glued = _is_glued(text, start)
    if kind == "suffix":
        is_formula = whole[1:] in _NAMED
        return Token(Kind.OPERATOR, "-", start, glued) if is_formula else Token(Kind.WORD, whole, start, glued)
    if kind == "hyphenated":
        first, second = whole.split("-")[:2]
        if first in QUANTITIES or not (first in _NAMED and (len(second) == 1 or second in _NAMED)):
            return Token(Kind.WORD, whole, start, glued)
        return _of_name(first, start, glued, text)
    if kind == "snake":
        base, _, index = whole.partition("_")
        is_index = len(index) < 4 or index.isupper() or index in QUANTITIES or index in GREEK
        if whole in QUANTITIES or not ((len(base) == 1 or base in _NAMED) and is_index):
            return Token(Kind.QUANTITY if whole in QUANTITIES else Kind.CODE, whole, start, glued)
        return _of_name(base, start, glued, text)
    return _of_name(whole, start, glued, text)


def _of_name(name: str, start: int, glued: bool, text: str) -> Token:
    end = start + len(name)
    if name == "sum" or name in BRACKET_FOLLOWS or name in ENCLOSING:
        follows = "_" if name == "sum" else "(" if name in ENCLOSING else "(_^"
        kind = Kind.FUNCTION if text[end : end + 1] in tuple(follows) else Kind.WORD
        return Token(kind, name, start, glued)
    digits = re.compile(r"\d(?!\w|\.\d)").match(text, end)
    if digits and (len(name) == 1 or name in GREEK):
        return Token(Kind.GREEK if name in GREEK else Kind.LETTER, name + digits.group(), start, glued)
    for kind, known in ((Kind.FUNCTION, _FUNCTIONS), (Kind.GREEK, GREEK), (Kind.QUANTITY, QUANTITIES)):
        if name in known:
            return Token(kind, name, start, glued)
    is_pair = len(name) == 2 and not name.isupper() and name.lower() not in SHORT_WORDS | INFINITY
    kind = Kind.LETTER if len(name) == 1 else Kind.LETTERS if is_pair else Kind.WORD
    return Token(kind, name, start, glued)
