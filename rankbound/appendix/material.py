"""What an appendix is made from: derivations, certified numbers and an experiment, gathered once."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rankbound.appendix.request import Request, rested_on
from rankbound.pictures.curve import unheard
from rankbound.verify.run import Progress
from rankbound.witnesses import ensure_own

if TYPE_CHECKING:
    from proofs import Derivation, OpenQuestion, Theorem
    from rankbound.pictures.occupancy import Occupancy
    from rankbound.verify.report import Report


OCCUPANCY_REPLICATES = 1000
"""Ranks in each histogram of the picture of the occupancy law."""

_MOST_QUERIES, _MOST_KEYS = 20_000, 10**6  # beyond which the law takes long, and no picture shows it

_MOST_MATRICES = 1.0  # nominal seconds that these histograms may take, each


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that the sections of an appendix tell.

    Attributes
    ----------
    request : Request
    theorems : mapping of id to Theorem
        Those asked for, in the order of reading.
    questions : mapping of id to OpenQuestion
    derivations : mapping of id to Derivation
        Of these theorems and of all that they rest on.
    report : Report
        The claims judged at the request's sizes, with enclosures and the experiment.
    occupancy : Occupancy, optional
        The law of the occupancy number beside simulated ranks, if there was an experiment.
    """

    request: Request
    theorems: Mapping[str, Theorem]
    questions: Mapping[str, OpenQuestion]
    derivations: Mapping[str, Derivation]
    report: Report
    occupancy: Occupancy | None


def gather(request: Request, *, progress: Progress | None = None, anew: bool = False) -> Material:
    """Ask the three witnesses for everything that an appendix needs.

    Parameters
    ----------
    request : Request
    progress : callable, optional
        Told the share that is done, from 0 to 1, and what is being done.
    anew : bool, optional
        Check every derivation in this run, whatever was written down before.
    """
    ensure_own("proofs", "montecarlo")
    import proofs

    tell = progress or unheard
    questions = {name: proofs.open_question(name) for name in request.theorems if name in proofs.open_question_ids()}
    chosen = [name for name in request.theorems if name not in questions]
    bearing = [name for question in questions.values() for name in question.known]
    needed = rested_on([*chosen, *bearing])
    derivations = checked(needed, progress=lambda done, doing: tell(0.3 * done, doing), anew=anew)
    report = judged(request, progress=lambda done, doing: tell(0.3 + 0.5 * done, doing))
    occupancy = _occupancy(request, tell) if request.has_experiment else None
    return Material(request, {name: needed[name] for name in chosen}, questions, derivations, report, occupancy)


def checked(names: Iterable[str], *, progress: Progress = unheard, anew: bool = False) -> dict[str, Derivation]:
    """Check theorems, given with all they rest on, or recall what came of it."""
    import proofs
    from rankbound.verify.run import DERIVATION_LIMIT

    checks = proofs.start_checks(names, time_limit=DERIVATION_LIMIT, anew=anew)
    try:
        while not checks.done():
            progress(*checks.progress())
            time.sleep(0.05)
        return checks.result()
    finally:
        checks.cancel()


def judged(request: Request, *, progress: Progress = unheard) -> Report:
    """Judge the claims of a request at its sizes."""
    from rankbound.verify.judge import judge

    return judge(
        request.n_keys,
        request.head_dims,
        n_queries=request.n_queries,
        claims=request.claims,
        rng=request.seed,
        budget=request.budget,
        replicates=request.replicates,
        progress=progress,
    )


def _occupancy(request: Request, tell: Progress) -> Occupancy | None:
    """Draw ranks at the first and the last head dimension for which that takes little, and in the wide limit."""
    import montecarlo
    from rankbound.pictures.occupancy import occupancy_of

    n, m = request.n_keys, request.n_queries
    if m > _MOST_QUERIES or n > _MOST_KEYS:
        return None
    cheap = [
        d for d in request.head_dims if OCCUPANCY_REPLICATES * montecarlo.simulation_cost(n, d, m) < _MOST_MATRICES
    ]
    wide = [d for d in cheap if d > 1]
    dims = sorted({wide[len(wide) // 2], wide[-1]}) if wide else cheap[-1:]
    tell(0.8, "drawing ranks beside the occupancy law")
    return occupancy_of(n, m, dims, replicates=OCCUPANCY_REPLICATES, seed=request.seed)
