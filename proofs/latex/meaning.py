"""What the letters of a theorem stand for, in LaTeX: read off the declared variables and the heads' docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Any

import sympy as sp

from proofs import language, model
from proofs.language import KEYS, All, Claim, E
from proofs.latex.notation import ALL_KEYS, KNOWLEDGE, QUANTITIES
from proofs.latex.printer import set_of
from proofs.latex.statements import to_latex
from proofs.latex.words import escape

_DEFINITION = re.compile(r"``\w+\((?P<arguments>[\w, ]*)\)``: (?P<meaning>.+)", re.DOTALL)


def parts_of(claim: Claim | All) -> tuple[Claim, ...]:
    """Return the claims of which a claim consists."""
    return claim.parts if isinstance(claim, All) else (claim,)


def notation_of(claims: Iterable[Claim | All]) -> list[tuple[str, str]]:
    """Return the letters for random and other special quantities in some claims, and what each stands for.

    Raises
    ------
    TypeError
        If the docstring of a head does not say what it stands for.
    """
    return [(letter, _escaped(meaning)) for letter, meaning in meanings_of(claims)]


def meanings_of(claims: Iterable[Claim | All]) -> list[tuple[str, str]]:
    """Return what :func:`notation_of` does, but each meaning as its docstring words it.

    That is plain text, in which formulas stand between double backquotes.
    """
    nodes = list(_nodes(claims))
    given = {node.given for node in nodes if isinstance(node, E)}
    used = {type(node).__name__ for node in nodes}.union(*(KNOWLEDGE[name] for name in given if name in KNOWLEDGE))
    found = [(ALL_KEYS, "all keys")] if KEYS in given else []
    return found + [_defined(name) for name in QUANTITIES if name in used]


def _escaped(meaning: str) -> str:
    pieces = enumerate(re.split(r"``(.+?)``", meaning))
    return "".join(f"${piece}$" if place % 2 else escape(piece) for place, piece in pieces)


def sets_of(claims: Iterable[Claim | All]) -> dict[Any, str]:
    """Return the symbols of some claims in alphabetical order, each with the set over which it runs."""
    symbols = {node for node in _nodes(claims) if isinstance(node, sp.Symbol)}
    return {symbol: _in_set(symbol) for symbol in sorted(symbols, key=lambda one: (one.name.lower(), one.name))}


def grouped(symbols: Iterable[Any]) -> list[tuple[str, str]]:
    """Return symbols by the sets over which they run; there is nothing to say about what they stand for."""
    sets: dict[str, list[str]] = {}
    for symbol in symbols:
        sets.setdefault(set_of(symbol), []).append(to_latex(symbol))
    return [(rf"{', '.join(letters)} \in {name}", "") for name, letters in sets.items()]


def variables_of(variables: Iterable[Any]) -> list[tuple[str, str]]:
    """Return the declared variables of a theorem with their sets, and what each stands for."""
    return [(_in_set(one.symbol), escape(one.meaning)) for one in variables]


def _in_set(symbol: Any) -> str:
    return rf"{to_latex(symbol)} \in {set_of(symbol)}"


def _nodes(claims: Iterable[Claim | All]) -> Iterator[Any]:
    for claim in claims:
        for part in parts_of(claim):
            for piece in (part.conclusion, *part.where):
                yield from sp.preorder_traversal(piece)


def _defined(name: str) -> tuple[str, str]:
    head = getattr(model, name, None) or getattr(language, name)
    found = _DEFINITION.match(" ".join((inspect.getdoc(head) or "").split()))
    if found is None:
        raise TypeError(f'the docstring of {name} does not begin like "``{name}(...)``: what it stands for"')
    letters = [letter.strip() for letter in found["arguments"].split(",")]
    usual = [getattr(model, letter, None) for letter in QUANTITIES[name].parameters]
    symbols = [sp.Symbol(letter) for letter in letters]
    short = head(*symbols[: QUANTITIES[name].indices], *usual) if usual else head(*symbols)
    full = head(*symbols)
    names = dict.fromkeys((to_latex(short), to_latex(full)))
    text, _, _ = found["meaning"].rstrip(".").partition(";")
    return " = ".join(names), text
