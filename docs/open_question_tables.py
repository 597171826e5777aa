"""The table of docs/open_questions.md: where certified intervals show that a wider head has the larger expected rank.

Run as ``python docs/open_question_tables.py``; it takes minutes and prints the table in Markdown, with as many queries
as keys.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from rankbound import bounds
from rankbound.enclosure import Enclosure

SIZES = ((3, 40), (8, 40), (64, 100), (512, 100))
"""Numbers of keys, and the largest head dimension looked at."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the intervals at head dimensions 1, 2, ... say of their order.

    Attributes
    ----------
    steps : int
        From head_dim 1 to this one, each step is certified to raise the value.
    chain : tuple of int
        Head dimensions, each with a larger value than the one before; the next is always the first that is certified.
    falls : tuple of (int, int)
        Pairs of head dimensions of which the larger is certified to have the smaller value.
    """

    steps: int
    chain: tuple[int, ...]
    falls: tuple[tuple[int, int], ...]


def order_of(values: Sequence[Enclosure]) -> Order:
    """Return what intervals at head dimensions 1, 2, ... say of their order."""
    steps, chain = 1, [1]
    for head_dim, value in enumerate(values[1:], 2):
        if steps == head_dim - 1 and value.lower > values[head_dim - 2].upper:
            steps = head_dim
        if value.lower > values[chain[-1] - 1].upper:
            chain.append(head_dim)
    falls = tuple(
        (small, large)
        for large, value in enumerate(values, 1)
        for small in range(1, large)
        if value.upper < values[small - 1].lower
    )
    return Order(steps, tuple(chain), falls)


def order_at(n: int, most: int) -> Order:
    """Return the order of E[rank] at head dimensions 1 to ``most``."""
    return order_of([bounds.expected_rank(n, head_dim) for head_dim in range(1, most + 1)])


def main() -> None:
    """Print the table in Markdown."""
    heads = ("n", "head_dim up to", "each step raises E[rank] from 1 to", "rising chain", "certified falls")
    sys.stdout.write("| " + " | ".join(heads) + " |\n" + "| --- " * len(heads) + "|\n")
    for n, most in SIZES:
        found = order_at(n, most)
        after = [each for each in found.chain if each >= found.steps]
        chain = ", ".join(map(str, after if found.steps <= 2 else ["1", "...", *after]))
        cells = (str(n), str(most), str(found.steps), chain, str(len(found.falls)))
        sys.stdout.write("| " + " | ".join(cells) + " |\n")


if __name__ == "__main__":
    main()
