"""The registry: what is claimed, by whom, where, and which witnesses can speak on it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rankbound.claims.assumptions import Assumption
from rankbound.claims.asymptotic_theorems import ASYMPTOTIC_THEOREMS
from rankbound.claims.barrier_theorems import BARRIER_THEOREMS
from rankbound.claims.bottleneck import BOTTLENECK_READINGS, BOTTLENECK_THEOREMS
from rankbound.claims.curve_theorems import CURVE_THEOREMS
from rankbound.claims.departures import DEPARTURES
from rankbound.claims.latents import LATENTS
from rankbound.claims.masks import MASKS
from rankbound.claims.rank_perspective import RANK_READINGS
from rankbound.claims.record import Claim, Findings, Source
from rankbound.claims.shapes import SHAPES
from rankbound.claims.temperature import TEMPERATURE
from rankbound.errors import invalid

if TYPE_CHECKING:
    from rankbound.setting import Setting

THEOREMS = (
    *BARRIER_THEOREMS,
    *CURVE_THEOREMS,
    *ASYMPTOTIC_THEOREMS,
    *SHAPES,
    *MASKS,
    *LATENTS,
    *TEMPERATURE,
    *DEPARTURES,
    *BOTTLENECK_THEOREMS,
)
READINGS = (*RANK_READINGS, *BOTTLENECK_READINGS)

REGISTRY: dict[str, Claim] = {claim.id: claim for claim in (*THEOREMS, *READINGS)}


IN_THE_LIMIT = frozenset({"causal-rank", "window-rank"})
"""Claims for which ranks are drawn in the limit of wide heads."""

TESTS_OF_THEIR_OWN = {"causal-rank": 2, "window-rank": 1, "tied-weights-exceed": 1}
"""How many tests with a probability of error a claim makes of ranks that are drawn for it alone.

Those :data:`IN_THE_LIMIT` are drawn wherever a simulation is asked for, the others where some head dimension is
simulated.
"""


def about(setting: Setting) -> tuple[Claim, ...]:
    """Return the claims that a run on a setting judges unless it names others, in the order of the registry."""
    return tuple(claim for claim in REGISTRY.values() if claim.subject is None or claim.subject(setting))


def select(ids: Iterable[str] | None = None) -> tuple[Claim, ...]:
    """Return the claims with these ids in the order of the registry, or all of them.

    Raises
    ------
    ValueError
        For an unknown id; the message names the nearest one.
    """
    if ids is None:
        return tuple(REGISTRY.values())
    wanted = set(ids)
    for id_ in sorted(wanted):
        if id_ not in REGISTRY:
            near = difflib.get_close_matches(id_, REGISTRY, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"known are {', '.join(REGISTRY)}"
            raise invalid("claim", id_, "the id of a claim", remedy)
    return tuple(claim for claim in REGISTRY.values() if claim.id in wanted)


__all__ = [
    "IN_THE_LIMIT",
    "READINGS",
    "REGISTRY",
    "TESTS_OF_THEIR_OWN",
    "THEOREMS",
    "Assumption",
    "Claim",
    "Findings",
    "Source",
    "about",
    "select",
]
