"""What tokens are by what stands around them: quotation marks or primes, words or variables."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from rankbound.appendix.prose.tokens import Kind, Token, tokens_of
from rankbound.appendix.prose.vocabulary import AFTER_A_VARIABLE, APOSTROPHE, QUOTES

_IN_FORMULAS = (Kind.OPERATOR, Kind.RELATION, Kind.SCRIPT)
_BESIDE_VARIABLE = (*_IN_FORMULAS, Kind.NUMBER, Kind.OPEN, Kind.CLOSE, Kind.LETTER, Kind.GREEK)


def read(text: str, names: Collection[str]) -> list[Token]:
    """Return the tokens of a text in their order; ``names`` are those of the program, which are set as code."""
    tokens = _quoted(tokens_of(text, names), text)
    return [_read(tokens, place) for place in range(len(tokens))]


def _quoted(tokens: list[Token], text: str) -> list[Token]:
    """Tell quotation marks, apostrophes and primes from each other."""
    within, result = "", []
    for place, token in enumerate(tokens):
        if token.text not in ("'", '"'):
            printed = token.text.replace("'", APOSTROPHE)
            result.append(replace(token, printed=printed) if printed != token.text else token)
            continue
        before, after = text[: token.start][-1:], text[token.end :][:1]
        opening, closing = QUOTES[token.text]
        before_it = tokens[place - 1] if place and token.glued else None
        if not within and (not before or before in " ([") and after and not after.isspace():
            within, token = token.text, replace(token, printed=opening)
        elif within == token.text and (not after or after in " .,;:)]"):
            within, token = "", replace(token, printed=closing)
        elif token.text == "'" and before_it is not None and _takes_prime(before_it, before):
            token = replace(token, kind=Kind.PRIME)
        else:
            token = replace(token, printed=closing)
        result.append(token)
    return result


def _takes_prime(token: Token, before: str) -> bool:
    return token.kind in (Kind.LETTER, Kind.GREEK) or token.text == "Occ" or before == "'"


def _read(tokens: Sequence[Token], place: int) -> Token:
    """Tell letters that are words from variables, and the point between two letters from a full stop."""
    token = tokens[place]
    before = tokens[place - 1] if place else None
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    if token.kind is Kind.LETTERS:
        return token if _in_formula(token, before, after) else replace(token, kind=Kind.WORD)
    if token.kind is Kind.LETTER:
        is_word = _WORDS.get(token.text, _is_initial)
        return replace(token, kind=Kind.WORD) if is_word(tokens, place, before, after) else token
    if token.text == "." and before and after and token.glued and after.glued:
        return replace(token, kind=Kind.POINT) if before.kind is after.kind is Kind.LETTER else token
    return token


def _in_formula(token: Token, before: Token | None, after: Token | None) -> bool:
    """Whether a pair of letters is beside a sign of a formula, so that it is a product and no word."""
    if before is not None and (before.kind in _IN_FORMULAS or (token.glued and before.kind is Kind.NUMBER)):
        return True
    return after is not None and after.kind in _IN_FORMULAS


def _is_article(tokens: Sequence[Token], place: int, before: Token | None, after: Token | None) -> bool:
    """Whether the letter ``a`` is the article."""
    if after is None:
        return False
    if after.kind in (Kind.WORD, Kind.CODE, Kind.QUANTITY):
        return after.text not in AFTER_A_VARIABLE
    if after.kind in (Kind.NUMBER, Kind.OPEN):
        return not after.glued
    if after.kind in (Kind.LETTER, Kind.LETTERS, Kind.GREEK, Kind.FUNCTION):
        later = tokens[place + 2] if place + 2 < len(tokens) else None
        if later is not None and later.kind is Kind.WORD and later.glued:  # a k-set
            return True
        return before is None or before.kind not in (Kind.NUMBER, Kind.OPERATOR, Kind.OPEN, Kind.RELATION)
    return False


def _is_first_article(tokens: Sequence[Token], place: int, before: Token | None, after: Token | None) -> bool:
    """Whether the letter ``A`` is the article at the beginning of a sentence."""
    starts = before is None or before.text in (".", "(") or (before.text == ":" and not tokens[place].glued)
    if not starts or after is None or after.glued:
        return False
    return after.kind in (Kind.WORD, Kind.NUMBER, Kind.QUANTITY) and after.text not in AFTER_A_VARIABLE


def _is_pronoun(tokens: Sequence[Token], place: int, before: Token | None, after: Token | None) -> bool:
    """Whether the letter ``I`` is no variable: it may count the volumes of a work, too."""
    if before is not None and before.kind in _BESIDE_VARIABLE:
        return False
    if after is None or (after.glued and after.kind in (Kind.OPEN, Kind.SCRIPT, Kind.FACTORIAL)):
        return False
    return after.kind not in _IN_FORMULAS and after.text not in ("is", "the", "be")


def _is_initial(tokens: Sequence[Token], place: int, before: Token | None, after: Token | None) -> bool:
    """Whether a letter abbreviates a name, as in ``Duke Math. J. 41``."""
    if place < 2 or before is None or before.text != "." or after is None or after.text != "." or not after.glued:
        return False
    return tokens[place].text.isupper() and tokens[place - 2].text[:1].isupper()


_WORDS = {"a": _is_article, "A": _is_first_article, "I": _is_pronoun}
"""How letters that are words too are told from variables."""
