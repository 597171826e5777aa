"""What a theorem's statement needs to make sense, apart from what its proof rests on; both read off the records.

The proof rests on the theorems of ``depends_on``. Of these, the statement needs those without which its own words would
mean nothing: a random quantity that only a derived assumption speaks of (:class:`proofs.records.Assumption`, ``by``) is
there because the theorem that derives the assumption is. A statement spells everything else out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from proofs.language import All, Claim, RandomVariable
from proofs.literature import LITERATURE
from proofs.model import ASSUMPTIONS, granted
from proofs.records import Theorem


def statement_needs(theorem: Theorem) -> tuple[str, ...]:
    """Return the theorems of ``depends_on`` that the statement needs to make sense."""
    have = granted(theorem.assumptions)
    words = _words([theorem.statement]) - _granted_words(have) - _STANDING_ALONE
    return tuple(
        name for name in theorem.depends_on if words & _granted_words(granted(theorem.assumptions, (name,)) - have)
    )


def is_cited(theorem: Theorem) -> bool:
    """Whether the statement is, part by part, what the proof takes from the literature: nothing is derived."""
    cited = {
        part
        for step in theorem.steps
        for name in step.premises
        if name.startswith("cite:") and name[5:].partition("#")[0] in LITERATURE
        for part in _parts(LITERATURE[name[5:].partition("#")[0]].claim)
    }
    return all(part in cited for part in _parts(theorem.statement))


def _parts(statement: Claim | All) -> tuple[Claim, ...]:
    return statement.parts if isinstance(statement, All) else (statement,)


def _words(statements: Iterable[Any]) -> frozenset[type]:
    """Return the kinds of random quantities that some statements speak of."""
    pieces = (piece for one in statements for part in _parts(one) for piece in (part.conclusion, *part.where))
    return frozenset(type(found) for piece in pieces for found in piece.atoms(RandomVariable))


def _granted_words(names: Iterable[str]) -> frozenset[type]:
    return _words(claim for name in names for claim in ASSUMPTIONS[name].grants.values())


_STANDING_ALONE = _words(item.claim for item in LITERATURE.values() if not item.needs)
"""Quantities, such as a chi-square variable, that the literature speaks of without any of the assumptions."""
