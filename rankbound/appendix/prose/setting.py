"""Formulas found in prose and set as mathematics; words set as words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from proofs.catalogue import IDS, QUESTIONS
from rankbound.appendix.document import Code, Inline, Inlines, Math, Text
from rankbound.appendix.prose.grammar import Parser
from rankbound.appendix.prose.reading import read
from rankbound.appendix.prose.tokens import Kind, Token
from rankbound.appendix.prose.vocabulary import ALWAYS_QUANTITIES, EN_DASH, INFINITY, MINUS, RELATIONS, SIGNS

NAMES = (*IDS, *QUESTIONS)
"""The ids of all theorems and open questions."""


def inlines(text: str, names: Collection[str] = NAMES) -> Inlines:
    """Return prose with its formulas set as mathematics.

    A formula is the longest run of signs that reads as one; what is in doubt stays among the words. There ``<=``,
    ``->``, quotation marks and the like become the signs of print.

    Parameters
    ----------
    text : str
        Prose with formulas in ASCII, for example ``"E[rank] <= n (1 - (1 - 1/n)^m) for every n"``.
    names : collection of str
        What is set as a name of the program. A name without a hyphen, which is a word as well, is only in a list in
        parentheses beside names with one.

    Returns
    -------
    tuple of Text, Math and Code
        Formulas are in the dialect of :mod:`proofs.latex`, with plain brackets and the solidus.
    """
    return tuple(inline for _, inline in pieces(text, names))


def pieces(text: str, names: Collection[str] = NAMES) -> tuple[tuple[str, Inline], ...]:
    """Return the same, each part after the text that it is made of; these texts together are the whole."""
    tokens = read(text, names)
    parts = list(_parts(tokens))
    result: list[tuple[str, Inline]] = []
    source = printed = ""
    end = 0
    for place, part in enumerate(parts):
        start, stop = tokens[part.first].start, tokens[part.last].end
        source, printed = source + text[end:start], printed + text[end:start]
        end = stop
        if part.inline is None:
            source, printed = source + text[start:stop], printed + _printed(tokens, parts, place)
            continue
        if source:
            result.append((source, Text(printed)))
        source = printed = ""
        result.append((text[start:stop], part.inline))
    source, printed = source + text[end:], printed + text[end:]
    return (*result, (source, Text(printed))) if source else tuple(result)


@dataclass(frozen=True, slots=True)
class _Part:
    """Tokens from ``first`` to ``last``, and what they are set as, or ``None`` for words."""

    first: int
    last: int
    inline: Inline | None = None


def _parts(tokens: Sequence[Token]) -> Iterator[_Part]:
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.kind is Kind.CODE:
            yield _Part(place, place, Code(token.text))
            place += 1
            continue
        formula = _formula_at(tokens, place)
        yield formula or _Part(place, place)
        place = formula.last + 1 if formula else place + 1


def _formula_at(tokens: Sequence[Token], place: int) -> _Part | None:
    """Return the longest formula that begins here; its first relation may have its left side among the words."""
    if _is_hung_on_word(tokens, place) or (tokens[place].text == "s" and tokens[place - 1].kind is Kind.NUMBER):
        return None  # the second case: seconds, see below
    leading = tokens[place].kind is Kind.RELATION
    parser = Parser(tokens, place + leading)
    formula = parser.chain()
    if formula is None or not _is_formula(tokens[place : parser.place], tokens[parser.place : parser.place + 1]):
        return None
    sign = f"{RELATIONS[tokens[place].text]} " if leading else ""
    return _Part(place, parser.place - 1, Math(sign + formula.latex))


def _is_hung_on_word(tokens: Sequence[Token], place: int) -> bool:
    if place == 0 or not tokens[place].glued:
        return False
    before = tokens[place - 1]
    return before.kind in (Kind.WORD, Kind.NUMBER, Kind.CODE, Kind.OTHER) or before.text == "-"


def _is_formula(tokens: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether what reads as a formula is meant as one."""
    kinds = {token.kind for token in tokens}
    if [token.kind for token in tokens] == [Kind.NUMBER, Kind.LETTER] and tokens[1].text == "s":
        return False  # seconds
    if after and after[0].glued and _hangs(after[0]):
        return False
    if _closing_of(tokens) == len(tokens) - 1 and tokens[0].text + tokens[-1].text == "()":
        return False  # the parentheses are those of the sentence
    if kinds <= {Kind.WORD, Kind.RELATION, Kind.OPERATOR}:
        return False
    told = any(token.kind is Kind.WORD and token.text not in INFINITY for token in tokens)
    if told and tokens[0].text == "[" and _closing_of(tokens) == len(tokens) - 1:
        return False  # words that happen to be in brackets
    if tokens[0].kind is Kind.WORD:
        return Kind.RELATION in kinds
    if kinds <= {Kind.QUANTITY}:
        return any(token.text in ALWAYS_QUANTITIES for token in tokens)
    if kinds & {Kind.LETTER, Kind.LETTERS, Kind.GREEK, Kind.FUNCTION, Kind.QUANTITY, Kind.RELATION, Kind.SCRIPT}:
        return True
    signs = {token.text for token in tokens}
    if signs & {"[", "]", "{", "/", "..", "!"}:
        return True
    return tokens[0].text == "-" or (len(tokens) == 1 and "e" in tokens[0].text)


def _hangs(token: Token) -> bool:
    if token.kind is Kind.WORD:
        return token.text[0] not in "-'"
    return token.kind in (Kind.NUMBER, Kind.LETTER, Kind.LETTERS, Kind.CODE, Kind.OTHER)


def _closing_of(tokens: Sequence[Token]) -> int | None:
    """Return where the bracket that begins the tokens ends."""
    depth = 0
    for place, token in enumerate(tokens):
        depth += (token.kind is Kind.OPEN) - (token.kind is Kind.CLOSE)
        if depth == 0:
            return place if place else None
    return None


def _printed(tokens: Sequence[Token], parts: Sequence[_Part], place: int) -> str:
    """Return a token among words as it is printed."""
    token = tokens[parts[place].first]
    if token.text != "-":
        return token.printed or SIGNS.get(token.text, token.text)
    before = parts[place - 1] if place else None
    after = parts[place + 1] if place + 1 < len(parts) else None
    if before is None or after is None:
        return "-"
    numbers = [tokens[before.last].kind is Kind.NUMBER, tokens[after.first].kind is Kind.NUMBER]
    spaced = not token.glued and not tokens[after.first].glued
    if token.glued and tokens[after.first].glued and all(numbers):
        return EN_DASH
    is_minus = spaced and (isinstance(before.inline, Math) or isinstance(after.inline, Math) or any(numbers))
    return MINUS if is_minus else "-"
