"""Where the boxes and lines of a layered drawing go: no two boxes overlap, and no line runs through a box.

A layer is a band as high as a box. Between bands a line is a curve from one height to the next; inside a band it is
vertical, in a lane that is kept free for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rankbound.theorem_graph.layers import Link, Place, Trunk, layer_of, links_of, ordered

_GAP = 16.0  # between boxes of a layer
_LANE = 10.0  # width that a line takes in a layer, between gaps of this width
_ROUNDS = 30
_PORT = 12.0  # at most so far apart do lines leave or enter a box


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, by its left upper corner; y grows downward."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of a line downward, from band to band, and vertically on to ``foot`` if it ends in a trunk."""

    link: Link
    start: tuple[float, float]
    end: tuple[float, float]
    foot: float

    @property
    def ends(self) -> bool:
        """Whether an arrow ends here."""
        return not isinstance(self.link.end, Trunk)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes by name, lines, and the size of all; everything lies in ``[0, width] x [0, height]``."""

    boxes: dict[str, Box]
    lines: tuple[Line, ...]
    width: float
    height: float


def drawing(
    widths: Mapping[str, float], height: float, arrows: Sequence[tuple[str, str, str]], *, between: float = 54.0
) -> Drawing:
    """Return the layered drawing of boxes of given widths and one height, with arrows downward.

    Parameters
    ----------
    widths : mapping of str to float
    height : float
        Of every box.
    arrows : sequence of (source, target, style)
    between : float, optional
        Height that is left free between layers.
    """
    layer = layer_of(list(widths), [(source, target) for source, target, _ in arrows])
    links = links_of(layer, arrows)
    rows = ordered(layer, links)
    middle = _middles(rows, links, widths)
    left = min((middle[name] - widths[name] / 2 for name in widths), default=0.0)
    left = min([left, *(x - _LANE / 2 for x in middle.values())])
    middle = {place: x - left for place, x in middle.items()}
    top = {name: layer[name] * (height + between) for name in widths}
    boxes = {name: Box(middle[name] - widths[name] / 2, top[name], widths[name], height) for name in widths}
    lines = tuple(_lines(links, middle, widths, height, between, layer))
    right = max([x + _LANE / 2 for x in middle.values()] + [box.x + box.width for box in boxes.values()], default=0.0)
    return Drawing(boxes, lines, right, len(rows) * (height + between) - between)


def _middles(rows: Sequence[Sequence[Place]], links: Iterable[Link], widths: Mapping[str, float]) -> dict[Place, float]:
    """Return where the middle of each place is: in its row's order, near to what it is linked to."""
    near: dict[Place, list[tuple[Place, float]]] = {place: [] for row in rows for place in row}
    for link in links:
        trunks = isinstance(link.start, Trunk) + isinstance(link.end, Trunk)
        pull = (1.0, 3.0, 12.0)[trunks]  # a long line is the straighter the better
        near[link.start].append((link.end, pull))
        near[link.end].append((link.start, pull))
    apart = [[_apart(one, other, widths) for one, other in pairwise(row)] for row in rows]
    middle: dict[Place, float] = {}
    for row, distances in zip(rows, apart, strict=True):
        at, total = 0.0, sum(distances)
        for place, distance in zip(row, [*distances, 0.0], strict=True):
            middle[place] = at - total / 2
            at += distance
    for number in range(_ROUNDS):
        steps = list(zip(rows, apart, strict=True))
        for row, distances in steps if number % 2 == 0 else reversed(steps):
            wishes, weights = [], []
            for place in row:
                pulls = near[place]
                weight = sum(pull for _, pull in pulls)
                wishes.append(sum(pull * middle[other] for other, pull in pulls) / weight if pulls else middle[place])
                weights.append(weight or 0.01)
            middle |= zip(row, spread(wishes, weights, distances), strict=True)
    return middle


def _apart(one: Place, other: Place, widths: Mapping[str, float]) -> float:
    """Return how far the middles of neighbours must be apart."""
    halves = [_LANE / 2 if isinstance(place, Trunk) else widths[place] / 2 for place in (one, other)]
    return sum(halves) + (_LANE / 2 if isinstance(one, Trunk) and isinstance(other, Trunk) else _GAP)


def spread(wishes: Sequence[float], weights: Sequence[float], apart: Sequence[float]) -> list[float]:
    """Return the positions nearest to ``wishes``, in weighted squares, in order and at least ``apart``.

    With the distances taken off this is isotonic regression, which pooling neighbours solves exactly.
    """
    offsets = [0.0]
    for distance in apart:
        offsets.append(offsets[-1] + distance)
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many
    for wish, weight, offset in zip(wishes, weights, offsets[: len(wishes)], strict=True):
        pool = (wish - offset, weight, 1)
        while pools and pools[-1][0] > pool[0]:
            mean, heavy, count = pools.pop()
            both = heavy + pool[1]
            pool = ((mean * heavy + pool[0] * pool[1]) / both, both, count + pool[2])
        pools.append(pool)
    level = [mean for mean, _, count in pools for _ in range(count)]
    return [one + offset for one, offset in zip(level, offsets[: len(wishes)], strict=True)]


def _lines(
    links: Sequence[Link],
    middle: Mapping[Place, float],
    widths: Mapping[str, float],
    height: float,
    between: float,
    layer: Mapping[str, int],
) -> Iterable[Line]:
    leave = _ports([(link.start, link.end) for link in links], middle, widths)
    enter = _ports([(link.end, link.start) for link in links], middle, widths)
    for link in links:
        depth = link.end.layer if isinstance(link.end, Trunk) else layer[link.end]
        below = depth * (height + between)
        yield Line(
            link,
            (leave[link.start, link.end], below - between),
            (enter[link.end, link.start], below),
            below + (height if isinstance(link.end, Trunk) else 0.0),
        )


def _ports(
    pairs: Sequence[tuple[Place, Place]], middle: Mapping[Place, float], widths: Mapping[str, float]
) -> dict[tuple[Place, Place], float]:
    """Return where each line meets the first of its two places: side by side along a box, in the middle of a lane."""
    ports = {}
    for place in {first: None for first, _ in pairs}:
        others = sorted({other for first, other in pairs if first == place}, key=middle.__getitem__)
        room = 0.0 if isinstance(place, Trunk) else min(_PORT, 0.7 * widths[place] / len(others))
        for number, other in enumerate(others):
            ports[place, other] = middle[place] + (number - (len(others) - 1) / 2) * room
    return ports
