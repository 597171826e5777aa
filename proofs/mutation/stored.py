"""Verdicts kept in files, one a line, so that a long run can be done in parts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from pathlib import Path

from proofs.mutation.run import Verdict
from proofs.records import Theorem

_FIELDS = {field.name for field in fields(Verdict)}


def write(path: Path, verdicts: Iterable[Verdict]) -> None:
    """Write one verdict a line."""
    path.write_text("".join(json.dumps(asdict(one)) + "\n" for one in verdicts))


def read(path: Path) -> list[Verdict]:
    """Read verdicts.

    Raises
    ------
    ValueError
        If one of them does not say everything, its sampling among it.
    """
    found = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        row = json.loads(line)
        if set(row) != _FIELDS:
            raise ValueError(f"{path.name}, line {number}: wrong or missing {', '.join(sorted(set(row) ^ _FIELDS))}")
        found.append(Verdict(**row))
    return found


def merged(runs: Iterable[Iterable[Verdict]], library: Mapping[str, Theorem]) -> list[Verdict]:
    """Return the verdicts of several runs, theorem by theorem: of each the last run that looked at it.

    Raises
    ------
    ValueError
        If a theorem is not in the library.
    """
    found: dict[str, list[Verdict]] = {}
    for run in runs:
        new: dict[str, list[Verdict]] = {}
        for verdict in run:
            new.setdefault(verdict.theorem, []).append(verdict)
        found |= new
    if not set(found) <= set(library):
        raise ValueError(f"no theorem {', '.join(sorted(set(found) - set(library)))}")
    return [verdict for name in library for verdict in found.get(name, ())]
