"""The judge: runs the three witnesses on every claim, and decides.

One direction: settings -> witnesses -> evidence -> verdict -> report. The judge asks witnesses through their public
functions only, and no witness learns which verdict is expected.
"""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor

from rankbound import __version__
from rankbound.claims import REGISTRY, Claim, select
from rankbound.errors import check_integer, check_real, invalid
from rankbound.setting import check_head_dim, check_n_keys
from rankbound.verify.grid import default_head_dims
from rankbound.verify.report import Report, RunSettings
from rankbound.verify.run import CONTROLLED, CONTROLS, Progress, Run
from rankbound.verify.spending import Spending
from rankbound.witnesses import ensure_own

DEFAULT_LEVEL = 1e-3
DEFAULT_BUDGET = 5.0
DEFAULT_SEED = 0


def judge(
    n_keys: int,
    head_dims: Sequence[int] | None = None,
    *,
    claims: Iterable[str] | Sequence[Claim] | None = None,
    level: float = DEFAULT_LEVEL,
    budget: float = DEFAULT_BUDGET,
    replicates: int | None = None,
    rng: int | None = None,
    workers: int | Executor | None = None,
    progress: Progress | None = None,
) -> Report:
    """Judge claims about the rank of random hardmax attention at one sequence length.

    Parameters
    ----------
    n_keys : int
        Sequence length ``n``, at least 1; there are as many queries.
    head_dims : sequence of int, optional
        At least 1 each; those of :func:`rankbound.default_head_dims` unless given.
    claims : iterable of str, or of Claim, optional
        Ids from the registry, or claims of your own; all of the registry unless given.
    level : float
        Family-wise error of the whole run, from 1e-300 to 0.5: the probability that any true claim is refuted by
        simulation (:class:`rankbound.verify.spending.Spending` says how it is divided).
    budget : float
        Nominal seconds of simulation, from 0 to 10^6; a fixed table of costs turns them into replicates, so the clock
        never changes a result. Half are shared out beforehand, the others go where the experiment is undecided
        (:mod:`rankbound.verify.effort`).
    replicates : int, optional
        Replicates per head_dim, at least 1, in place of ``budget``; then each has as many.
    rng : int, optional
        Seed of the simulation, from 0 to 2^64 - 1 (:data:`DEFAULT_SEED` unless given). An integer, so that the report
        can name it; :func:`montecarlo.sample_ranks` takes the other kinds.
    workers : int or concurrent.futures.Executor, optional
        Threads of the simulation; the result does not depend on it.
    progress : callable, optional
        Told how far the run is.

    Returns
    -------
    Report

    Raises
    ------
    ValueError
        If an argument is not as described; the message says which, and what to do.
    JudgementInterrupted
        On Ctrl-C; it carries the report of what was decided until then.
    """
    n = check_n_keys(n_keys)
    if head_dims is not None and (not isinstance(head_dims, Iterable) or isinstance(head_dims, str)):
        raise invalid("head_dims", head_dims, "a sequence of integers", "give [64] for a single one")
    dims = default_head_dims(n) if head_dims is None else tuple(sorted({check_head_dim(d) for d in head_dims}))
    if not dims:
        raise invalid("head_dims", head_dims, "at least one head dimension", "omit it to have the default ones")
    chosen = _claims(claims)
    level = check_real(
        "level", level, above=1e-300, below=0.5, inclusive=(True, True), remedy="give a small probability such as 1e-3"
    )
    budget = check_real(
        "budget", budget, above=0, below=1e6, inclusive=(True, True), remedy="give seconds of simulation"
    )
    seed = check_integer(
        "rng", DEFAULT_SEED if rng is None else rng, minimum=0, maximum=2**64 - 1, remedy="give a seed such as 0"
    )
    if replicates is not None:
        remedy = "omit it to have the budget decide"
        replicates = check_integer("replicates", replicates, minimum=1, maximum=10**9, remedy=remedy)
    ensure_own("proofs", "montecarlo")
    planned, skipped = _plan(n, dims, budget, replicates)
    simulated = sum(count > 0 for count in planned.values())
    controls = CONTROLS if simulated and any(claim.id == CONTROLLED for claim in chosen) else ()
    settings = RunSettings(
        version=__version__,
        n_keys=n,
        head_dims=dims,
        seed=seed,
        spending=Spending(level, simulated, len(controls)),
        controls=controls,
        budget=budget if replicates is None else None,
        replicates=planned,
        command=_command(n, dims, chosen, level=level, budget=budget, replicates=replicates, seed=seed),
    )
    return Run(settings, chosen, skipped, workers, progress or (lambda done, doing: None)).report()


def _claims(claims: Iterable[str] | Sequence[Claim] | None) -> tuple[Claim, ...]:
    """Return the claims meant: those of the registry in its order, then the caller's own."""
    if claims is None:
        return select()
    remedy = "give ids, or claims of your own; omit it to have all of the registry"
    given = [] if isinstance(claims, str) or not isinstance(claims, Iterable) else list(claims)
    if not given or not all(isinstance(c, (str, Claim)) for c in given):
        raise invalid("claims", claims, "a non-empty sequence of ids and Claims", remedy)
    own = [c for c in given if isinstance(c, Claim) and not _is_registered(c)]
    for claim in own:
        # A derivation is found by its id, so that a claim of one's own must not borrow one.
        if claim.id in REGISTRY or not claim.id:
            raise invalid("claims", claim.id, "an id that no claim of the registry has", "rename your own claim")
    ids = [c.id for c in own]
    if len(set(ids)) < len(ids):
        raise invalid("claims", ids, "each id once", "rename your own claim")
    registered = {c.id: c for c in given if isinstance(c, Claim) and _is_registered(c)}
    wanted = select({*registered, *(c for c in given if isinstance(c, str))})
    return (*(registered.get(c.id, c) for c in wanted), *own)


def _is_registered(claim: Claim) -> bool:
    """Whether a claim is one of the registry's, apart from the verdict that is expected of it."""
    known = REGISTRY.get(claim.id)
    return known is not None and dataclasses.replace(claim, expected=known.expected) == known


def _plan(
    n: int, dims: tuple[int, ...], budget: float, replicates: int | None
) -> tuple[dict[int, int], dict[int, str]]:
    """Return the replicates per head_dim, and why those with none have none."""
    import montecarlo

    beyond = {d: bytes_ for d in dims if (bytes_ := montecarlo.simulation_memory(n, d)) > montecarlo.MEMORY_LIMIT}
    if replicates is None:
        planned = montecarlo.planned_replicates(n, dims, budget=budget)
    else:
        planned = {d: 0 if d in beyond else replicates for d in dims}
    skipped = {}
    for head_dim, count in planned.items():
        if head_dim in beyond:
            skipped[head_dim] = f"one replicate needs more than {montecarlo.MEMORY_LIMIT >> 20} MiB"
        elif count == 0:
            skipped[head_dim] = "its share of this --budget buys too few replicates (give more, or --replicates)"
    return planned, skipped


def _command(
    n: int,
    dims: tuple[int, ...],
    claims: Sequence[Claim],
    *,
    level: float,
    budget: float,
    replicates: int | None,
    seed: int,
) -> str:
    """Return the command line that repeats the run, or why there is none."""
    if not all(_is_registered(claim) for claim in claims):
        return "(none: it judges claims that are not in the registry; call rankbound.judge again)"
    words = ["python", "-m", "rankbound.verify", "--n", str(n)]
    if dims != default_head_dims(n):
        for head_dim in dims:
            words += ["--head-dim", str(head_dim)]
    if len(claims) < len(REGISTRY):
        for claim in claims:
            words += ["--claim", claim.id]
    words += ["--seed", str(seed), "--level", repr(level)]
    words += ["--budget", repr(budget)] if replicates is None else ["--replicates", str(replicates)]
    return shlex.join(words)
