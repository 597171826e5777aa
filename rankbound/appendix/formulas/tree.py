"""What a formula consists of: frozen plain data, between the LaTeX that is read and the formats that are written.

Names of letters and signs are those of LaTeX without the backslash (``x``, ``lambda``, ``leq``, ``+``); the table of
all signs is in :mod:`rankbound.appendix.formulas.signs`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Row:
    """Pieces side by side."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A variable: a letter, or a Greek one by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number in digits."""

    digits: str


@dataclass(frozen=True, slots=True)
class Operator:
    """A sign between terms or factors, or before a term."""

    name: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A sign between sides."""

    name: str


@dataclass(frozen=True, slots=True)
class Punctuation:
    """A comma."""

    name: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Any other sign that stands for itself, such as that of infinity or of the factorial."""

    name: str


@dataclass(frozen=True, slots=True)
class Function:
    """The name of a function in several upright letters, such as ``log``."""

    name: str


@dataclass(frozen=True, slots=True)
class Big:
    """A big operator, which may have limits: a sum, product or integral, or the limit of a sequence."""

    name: str


@dataclass(frozen=True, slots=True)
class Styled:
    """Letters or digits in one of LaTeX's fonts: ``mathrm``, ``mathbf``, ``mathbb`` or ``mathcal``."""

    font: str
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """Words; a space at an end is kept."""

    words: str


@dataclass(frozen=True, slots=True)
class Space:
    """White space by the name of LaTeX: ``,`` is thin, ``;`` thick, ``quad`` one em and ``qquad`` two."""

    name: str


@dataclass(frozen=True, slots=True)
class Fraction:
    """A fraction with a line."""

    above: Row
    below: Row


@dataclass(frozen=True, slots=True)
class Stack:
    """Two rows without a line between parentheses or braces: a binomial coefficient or a Stirling number."""

    fence: str
    above: Row
    below: Row


@dataclass(frozen=True, slots=True)
class Root:
    """A square root."""

    body: Row


@dataclass(frozen=True, slots=True)
class Accent:
    """A ``bar`` or ``hat`` on something."""

    name: str
    body: Row


@dataclass(frozen=True, slots=True)
class Scripts:
    """Primes, an index and an exponent at something; those of a big operator are its limits."""

    base: Node
    below: Row | None = None
    above: Row | None = None
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Fenced:
    """Something between delimiters, which grow with it if ``grows``; ``left`` and ``right`` are LaTeX's tokens."""

    left: str
    body: Row
    right: str
    grows: bool = True


@dataclass(frozen=True, slots=True)
class Middle:
    """A bar that grows with the fence around it, as before a condition."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function at its arguments, which are a fence or one with scripts."""

    function: Node
    arguments: Node


@dataclass(frozen=True, slots=True)
class Delimiter:
    r"""A delimiter of a fixed size, where a fence reaches over rows; no formula that is read has one.

    ``side`` is ``"left"``, ``"right"`` or ``"middle"``, ``size`` from 0 (that of the letters) to 4 as in LaTeX's
    ``\big``, ``\Big``, ``\bigg`` and ``\Bigg``.
    """

    token: str
    side: str
    size: int


Node: TypeAlias = (
    Row
    | Letter
    | Number
    | Operator
    | Relation
    | Punctuation
    | Mark
    | Function
    | Big
    | Styled
    | Text
    | Space
    | Fraction
    | Stack
    | Root
    | Accent
    | Scripts
    | Fenced
    | Middle
    | Call
    | Delimiter
)


def is_prefix(items: tuple[Node, ...], place: int) -> bool:
    """Say whether the operator at this place is the sign of what follows it, and does not stand between terms."""
    before = items[place - 1] if place else None
    if isinstance(before, Text):
        return before.words.endswith(" ")  # words without a space at the end are the name of a term
    return before is None or isinstance(before, (Relation, Operator, Punctuation, Space, Big, Middle))


def is_product(left: Node, right: Node) -> bool:
    """Say whether two neighbours are multiplied by each other, without a sign for it."""
    whole = (Letter, Number, Styled, Fraction, Stack, Root, Accent, Fenced, Call, Function, Big)
    first, second = base_of(left), base_of(right)
    if isinstance(first, (Big, Function)) or first == Styled("mathrm", "d"):
        return False
    ends = isinstance(first, whole) or first in (Mark("!"), Mark("infty"))
    return ends and (isinstance(second, whole) or second == Mark("infty"))


def has_limits(node: Node) -> bool:
    """Say whether index and exponent stand below and above in a displayed formula, as the limits of a sum do."""
    return isinstance(node, (Big, Function)) and node.name not in ("int", "log", "exp")


def base_of(node: Node) -> Node:
    """Return a piece without its primes, index and exponent."""
    return node.base if isinstance(node, Scripts) else node
