"""Which layer each box of a drawing is in, and in which order a layer stands: few crossings, every arrow downward.

Arrows from one box in one style share a trunk: a place in every layer they pass, from which they branch off.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_SWEEPS = 12
_SHARE = 1.25  # how many times the mean number of boxes a layer may hold, where there is a choice


@dataclass(frozen=True, slots=True)
class Trunk:
    """The place where arrows from ``source``, all of one style, pass through ``layer``."""

    source: str
    style: str
    layer: int


Place = str | Trunk
"""What stands in a layer: the name of a box, or a trunk."""


@dataclass(frozen=True, slots=True)
class Link:
    """A piece of arrows from one layer to the next; ``targets`` are the boxes they lead to, ``style`` is theirs."""

    start: Place
    end: Place
    source: str
    targets: frozenset[str]
    style: str


def layer_of(names: Sequence[str], pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Return a layer for each name, with every pair's second below its first.

    There are as few layers as can be. Names that nothing is above are as low as they can be, and layers that hold more
    than their share hand on to the next what may stand there.
    """
    above: dict[str, list[str]] = {name: [] for name in names}
    below: dict[str, list[str]] = {name: [] for name in names}
    for source, target in pairs:
        above[target].append(source)
        below[source].append(target)
    layer: dict[str, int] = {}

    def visit(name: str) -> int:
        if name not in layer:
            layer[name] = 1 + max(map(visit, above[name]), default=-1)
        return layer[name]

    for name in names:
        visit(name)
    for name in names:
        if not above[name] and below[name]:
            layer[name] = min(layer[target] for target in below[name]) - 1
    _level(layer, above, below)
    return layer


def _level(layer: dict[str, int], above: dict[str, list[str]], below: dict[str, list[str]]) -> None:
    """Move names down from layers that hold more than their share, those first that lengthen the fewest arrows."""
    last = max(layer.values(), default=0)
    share = math.ceil(_SHARE * len(layer) / (last + 1))
    for depth in range(last):
        row = [name for name in layer if layer[name] == depth]
        free = [name for name in row if all(layer[target] > depth + 1 for target in below[name])]
        free.sort(key=lambda name: len(above[name]) - len(below[name]))
        for name in free[: max(len(row) - share, 0)]:
            layer[name] += 1


def links_of(layer: dict[str, int], arrows: Iterable[tuple[str, str, str]]) -> list[Link]:
    """Return the pieces of all arrows, given as source, target and style, in trunks where they are long."""
    targets: dict[tuple[str, str], list[str]] = {}
    for source, target, style in arrows:
        targets.setdefault((source, style), []).append(target)
    links = []
    for (source, style), ends in targets.items():
        last = max(layer[end] for end in ends)
        for depth in range(layer[source] + 1, last + 1):
            start: Place = source if depth == layer[source] + 1 else Trunk(source, style, depth - 1)
            here = [end for end in ends if layer[end] == depth]
            links += [Link(start, end, source, frozenset([end]), style) for end in here]
            beyond = frozenset(end for end in ends if layer[end] > depth)
            if beyond:
                links.append(Link(start, Trunk(source, style, depth), source, beyond, style))
    return links


def ordered(layer: dict[str, int], links: Sequence[Link]) -> list[list[Place]]:
    """Return the layers from the top, each in an order that makes few links cross."""
    rows: list[list[Place]] = [[] for _ in range(1 + max(layer.values(), default=0))]
    for name, depth in layer.items():
        rows[depth].append(name)
    for link in links:
        if isinstance(link.end, Trunk):
            rows[link.end.layer].append(link.end)
    above: dict[Place, list[Place]] = {place: [] for row in rows for place in row}
    below: dict[Place, list[Place]] = {place: [] for row in rows for place in row}
    for link in links:
        above[link.end].append(link.start)
        below[link.start].append(link.end)
    best, fewest = rows, _crossings(rows, below)
    for start in (rows, [row[::-1] for row in rows]):
        current = [list(row) for row in start]
        for sweep in range(_SWEEPS):
            if sweep % 2 == 0:
                for upper, row in pairwise(current):
                    _sort(row, above, upper)
            else:
                for row, lower in reversed(list(pairwise(current))):
                    _sort(row, below, lower)
            _swap(current, above, below)
            found = _crossings(current, below)
            if found < fewest:
                best, fewest = [list(row) for row in current], found
    return best


def _sort(row: list[Place], near: dict[Place, list[Place]], fixed: Sequence[Place]) -> None:
    """Sort a row by the mean position of what each place is linked to in ``fixed``; the others keep theirs."""
    at = {place: number / max(len(fixed) - 1, 1) for number, place in enumerate(fixed)}
    own = {place: number / max(len(row) - 1, 1) for number, place in enumerate(row)}
    key = {p: sum(at[q] for q in near[p]) / len(near[p]) if near[p] else own[p] for p in row}
    row.sort(key=lambda place: (key[place], own[place]))


def _swap(rows: list[list[Place]], above: dict[Place, list[Place]], below: dict[Place, list[Place]]) -> None:
    """Exchange neighbours in a row as long as that leaves fewer crossings."""
    for depth, row in enumerate(rows):
        beside = [(above, rows[depth - 1] if depth else []), (below, rows[depth + 1] if depth + 1 < len(rows) else [])]
        at = [{place: number for number, place in enumerate(other)} for _, other in beside]
        better = True
        while better:
            better = False
            for k in range(len(row) - 1):
                gain = 0
                for (near, _), where in zip(beside, at, strict=True):
                    left = [where[p] for p in near[row[k]]]
                    right = [where[p] for p in near[row[k + 1]]]
                    gain += sum((a > b) - (a < b) for a in left for b in right)
                if gain > 0:
                    row[k], row[k + 1] = row[k + 1], row[k]
                    better = True


def _crossings(rows: Sequence[Sequence[Place]], below: dict[Place, list[Place]]) -> int:
    total = 0
    for upper, lower in pairwise(rows):
        at = {place: number for number, place in enumerate(lower)}
        ends = [at[end] for place in upper for end in sorted(below[place], key=at.__getitem__)]
        total += sum(a > b for number, a in enumerate(ends) for b in ends[number + 1 :])
    return total
