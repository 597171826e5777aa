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
from rankbound.claims import IN_THE_LIMIT, REGISTRY, TESTS_OF_THEIR_OWN, Claim, about, select
from rankbound.errors import check_integer, check_real, invalid
from rankbound.setting import Setting, check_head_dim, check_n_keys, check_n_queries
from rankbound.verify.attention import Attention
from rankbound.verify.controls import CONTROLLED, CONTROLS
from rankbound.verify.grid import default_head_dims
from rankbound.verify.report import Report, RunSettings
from rankbound.verify.run import Progress, Run
from rankbound.verify.settings_in_words import options_for
from rankbound.verify.spending import Spending
from rankbound.witnesses import ensure_own

DEFAULT_LEVEL = 1e-3
DEFAULT_SEED = 0


def judge(
    n_keys: int | Setting,
    head_dims: Sequence[int] | None = None,
    *,
    n_queries: int | None = None,
    claims: Iterable[str] | Sequence[Claim] | None = None,
    level: float = DEFAULT_LEVEL,
    budget: float | None = None,
    replicates: int | None = None,
    rng: int | None = None,
    workers: int | Executor | None = None,
    progress: Progress | None = None,
    options: Sequence[str] | None = None,
) -> Report:
    """Judge claims about the rank of random attention at one sequence length.

    A claim of which the attention breaks an assumption is ``VACUOUS`` there, with the assumption named; the ranks are
    simulated all the same.

    Parameters
    ----------
    n_keys : int or Setting
        The number of keys, at least 1, of hardmax attention in the ideal setting; or any setting of finite
        ``head_dim``. One head of it is looked at: all heads have one law.
    head_dims : sequence of int, optional
        At least 1 each, in place of the setting's own. Omitted, they are those of :func:`rankbound.default_head_dims`
        for a sequence length, and the setting's own for a setting.
    n_queries : int, optional
        The number of queries, at least 1; as many as keys unless given. Not with a setting, which has its own.
    claims : iterable of str, or of Claim, optional
        Ids from the registry, or claims of your own; unless given, all of the registry that are about such attention.
    level : float
        Family-wise error of the whole run, from 1e-300 to 0.5: the probability that any true claim is refuted by
        simulation (:class:`rankbound.verify.spending.Spending` says how it is divided).
    budget : float, optional
        Nominal seconds of simulation, from 0 to 10^6; a fixed table of costs turns them into replicates, so the clock
        never changes a result. Unless given :data:`~rankbound.verify.attention.DEFAULT_BUDGET`, or what some replicates
        of a larger setting take that is not the ideal one, up to about two minutes. Half are shared out beforehand, the
        others go where the experiment is undecided (:mod:`rankbound.verify.effort`); all beforehand, where no enclosure
        is known.
    replicates : int, optional
        Replicates per head_dim, at least 1, in place of ``budget``; then each has as many.
    rng : int, optional
        Seed of the simulation, from 0 to 2^64 - 1 (:data:`DEFAULT_SEED` unless given). An integer, so that the report
        can name it; :func:`montecarlo.sample_ranks` takes the other kinds.
    workers : int or concurrent.futures.Executor, optional
        Threads of the simulation; the result does not depend on it.
    progress : callable, optional
        Told how far the run is.
    options : sequence of str, optional
        The options of the command line that asked for the setting, for the command that repeats the run; found from the
        setting if omitted, where there are any.

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
    seen = _attention(n_keys, n_queries)
    if head_dims is not None and (not isinstance(head_dims, Iterable) or isinstance(head_dims, str)):
        raise invalid("head_dims", head_dims, "a sequence of integers", "give [64] for a single one")
    if head_dims is None:
        dims = (int(n_keys.head_dim),) if isinstance(n_keys, Setting) else default_head_dims(seen.setting.n_keys)
    else:
        dims = tuple(sorted({check_head_dim(d) for d in head_dims}))
    if not dims:
        raise invalid("head_dims", head_dims, "at least one head dimension", "omit it to have the default ones")
    for head_dim in dims:
        seen.at(head_dim)  # whether there is such a setting
    chosen = _claims(claims, seen.setting)
    level = check_real(
        "level", level, above=1e-300, below=0.5, inclusive=(True, True), remedy="give a small probability such as 1e-3"
    )
    seconds = check_real(
        "budget",
        seen.default_budget(dims) if budget is None else budget,
        above=0,
        below=1e6,
        inclusive=(True, True),
        remedy="give seconds of simulation",
    )
    seed = check_integer(
        "rng", DEFAULT_SEED if rng is None else rng, minimum=0, maximum=2**64 - 1, remedy="give a seed such as 0"
    )
    if replicates is not None:
        remedy = "omit it to have the budget decide"
        replicates = check_integer("replicates", replicates, minimum=1, maximum=10**9, remedy=remedy)
    ensure_own("proofs", "montecarlo")
    planned, skipped = _plan(seen, dims, seconds, replicates)
    simulated = sum(count > 0 for count in planned.values())
    met = {claim.id for claim in chosen if not claim.broken(seen.setting, dims)}
    tested = met if simulated else set()
    if (replicates is not None or seconds > 0) and seen.wide_limit is not None:
        tested |= met & IN_THE_LIMIT  # drawn whatever becomes of the head dimensions
    spending = Spending(
        level,
        simulated,
        len(CONTROLS) if simulated and CONTROLLED in met else 0,
        bets=seen.has_known_mean,
        own=sum(TESTS_OF_THEIR_OWN.get(id_, 0) for id_ in tested),
    )
    settings = RunSettings(
        version=__version__,
        setting=seen.at(dims[0]),
        head_dims=dims,
        seed=seed,
        spending=spending,
        budget=seconds if replicates is None else None,
        replicates=planned,
        command=_command(seen.setting, dims, chosen, options, level, seconds, replicates, seed),
    )
    return Run(settings, chosen, skipped, workers, progress or (lambda done, doing: None)).report()


def _attention(n_keys: int | Setting, n_queries: int | None) -> Attention:
    if not isinstance(n_keys, Setting):
        n = check_n_keys(n_keys)
        return Attention(Setting(n_queries=check_n_queries(n_queries, n), n_keys=n, head_dim=1))
    if n_queries is not None:
        raise invalid("n_queries", n_queries, "None beside a setting", "give the number of queries in the setting")
    if n_keys.is_wide:
        remedy = "draw that limit with montecarlo.sample_variant_ranks"
        raise invalid("head_dim", n_keys.head_dim, "a finite one", remedy)
    return Attention.of(n_keys)


def _claims(claims: Iterable[str] | Sequence[Claim] | None, setting: Setting) -> tuple[Claim, ...]:
    """Return the claims meant: those of the registry in its order, then the caller's own."""
    if claims is None:
        return about(setting)
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
    seen: Attention, dims: tuple[int, ...], budget: float, replicates: int | None
) -> tuple[dict[int, int], dict[int, str]]:
    """Return the replicates per head_dim, and why those with none have none."""
    beyond = {d: reason for d in dims if (reason := seen.too_large(d))}
    planned = seen.plan(dims, budget)
    if replicates is not None:
        planned = {d: 0 if d in beyond else replicates for d in dims}
    skipped = {}
    for head_dim, count in planned.items():
        if head_dim in beyond:
            skipped[head_dim] = beyond[head_dim]
        elif count == 0:
            skipped[head_dim] = "its share of this --budget buys too few replicates (give more, or --replicates)"
    return planned, skipped


def _command(
    setting: Setting,
    dims: tuple[int, ...],
    claims: Sequence[Claim],
    options: Sequence[str] | None,
    level: float,
    budget: float,
    replicates: int | None,
    seed: int,
) -> str:
    """Return the command line that repeats the run, or why there is none."""
    if not all(_is_registered(claim) for claim in claims):
        return "(none: it judges claims that are not in the registry; call rankbound.judge again)"
    if options is None:
        fields = options_for(setting)
        if fields is None:
            return "(none: no options describe this setting; call rankbound.judge again)"
        n, m = setting.n_keys, setting.n_queries
        options = ["--n", str(n), *(["--queries", str(m)] if m != n else []), *fields]
    words = ["python", "-m", "rankbound.verify", *options]
    if dims != default_head_dims(setting.n_keys) or "--preset" in options:
        for head_dim in dims:
            words += ["--head-dim", str(head_dim)]
    if [claim.id for claim in claims] != [claim.id for claim in about(setting)]:
        for claim in claims:
            words += ["--claim", claim.id]
    words += ["--seed", str(seed), "--level", repr(level)]
    words += ["--budget", repr(budget)] if replicates is None else ["--replicates", str(replicates)]
    return shlex.join(words)
