"""``rankbound simulate``: the expected rank by simulation, with its interval, quantiles and a histogram."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import click

from rankbound.cli import options
from rankbound.cli.simulate_report import BLOCKS, Found, Request, to_json, to_text
from rankbound.cli.streams import emit, is_terminal
from rankbound.cli.types import Between
from rankbound.errors import invalid
from rankbound.verify.calculus import ExitCode

LONGEST = 3600.0
"""Nominal seconds that a run may take if it is asked for: by the fixed table of costs, so the same everywhere."""

_UNASKED = 60.0
"""Nominal seconds that a run may take if the number of replicates was left open."""

_FEWEST, _MOST = 16, 20_000
"""Replicates that a budget buys at least and at most."""

_WORKERS = 2  # processors of the reference machine, whose seconds the budget counts

Advance = Callable[[int, int, tuple[float, float] | None], None]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@options.n_keys
@options.head_dim
@options.n_queries
@options.replicates("Number of attention matrices to draw.")
@click.option(
    "--half-width",
    type=Between(1e-12, 1.0, "give a share of n, for example --half-width 1e-3"),
    help="Draw until E[rank]/n is known to plus or minus this.",
)
@options.budget(
    "Without the two above: seconds", default=2.0, most=LONGEST, bought=f"replicates ({_FEWEST} to {_MOST})"
)
@options.seed()
@options.error("Probability that the interval misses E[rank].")
@options.workers()
@click.option(
    "--temperature",
    type=Between(1e-100, 1e100, "give 1 for standard attention, or omit it to have hardmax"),
    help="Softmax at this temperature instead of hardmax: the numerical rank at the --tolerance given with it.",
)
@click.option(
    "--tolerance",
    type=Between(0.0, 1.0, "give a share of the largest singular value, for example --tolerance 1e-6"),
    help="With --temperature: singular values above this share of the largest count.",
)
@options.table_or_json
def simulate(
    n_keys: int,
    head_dim: int,
    n_queries: int | None,
    replicates: int | None,
    half_width: float | None,
    budget: float,
    seed: int,
    error: float,
    workers: int | None,
    temperature: float | None,
    tolerance: float | None,
    format_: str,
) -> int:
    """Draw random attention matrices and print what their ranks say.

    The mean with an interval for E[rank] that holds at finite sample size, whenever a run is stopped; the variance,
    quantiles and a histogram. Ctrl-C prints the estimate so far. Exit code: 0, 2 usage, 3 the half-width asked for was
    not reached, 4 internal error, 130 interrupted.
    """
    from rankbound.witnesses import ensure_own

    ensure_own("montecarlo")
    request = Request(n_keys, n_queries or n_keys, head_dim, seed, error, temperature, tolerance)
    if replicates is not None and half_width is not None:
        raise _usage("--half-width", half_width, "one of --replicates and --half-width", "omit one of them")
    draw = _hardmax if temperature is None and tolerance is None else _softmax
    with _progress() as progress:
        found = draw(request, replicates, half_width, budget, workers, progress)
    if format_ == "json":
        emit(to_json(found))
    else:
        emit(to_text(found, colour=_wants_colour(), blocks=_takes_blocks()))
    if found.interrupted:
        click.echo("rankbound: interrupted; the estimate so far is above", err=True)
        return ExitCode.INTERRUPTED
    if not found.estimate.reached:
        click.echo("rankbound: the half-width asked for was not reached; ask for a wider one", err=True)
        return ExitCode.UNDECIDED
    return ExitCode.AS_EXPECTED


def _hardmax(
    request: Request,
    replicates: int | None,
    half_width: float | None,
    budget: float,
    workers: int | None,
    progress: Advance | None,
) -> Found:
    import montecarlo
    from montecarlo.blocks import horizon_for
    from montecarlo.estimation import MOST_REPLICATES

    n, m, d = request.n_keys, request.n_queries, request.head_dim
    _check_memory(request, montecarlo.simulation_memory(n, d, m), montecarlo.MEMORY_LIMIT)
    cost = montecarlo.simulation_cost(n, d, m)
    affordable = min(MOST_REPLICATES, int(LONGEST / cost))
    target: dict[str, Any]
    if half_width is None:
        planned = _affordable(request, replicates, budget, cost)
        target = {"replicates": planned}
    else:
        planned = horizon_for(half_width, n, d, m, request.error)
        if planned > affordable:
            expected = f"a target within {LONGEST:.0f} nominal seconds and {MOST_REPLICATES} replicates"
            remedy = (
                f"give a wider one: this needs about {planned:.2g} replicates, {planned * cost:.2g} nominal seconds"
            )
            raise _usage("--half-width", half_width, expected, remedy)
        target = {"half_width": half_width, "max_replicates": affordable}
    common: dict[str, Any] = {
        "n_queries": m,
        "rng": request.seed,
        "workers": workers,
        "error": request.error,
        "progress": progress,
    }
    try:
        return Found(request, montecarlo.estimate_rank(n, d, **target, **common), planned, interrupted=False)
    except montecarlo.EstimateInterrupted as interrupted:
        return Found(request, interrupted.estimate, planned, interrupted=True)


def _softmax(
    request: Request,
    replicates: int | None,
    half_width: float | None,
    budget: float,
    workers: int | None,
    progress: Advance | None,
) -> Found:
    import montecarlo
    from montecarlo.softmax import least_tolerance, softmax_cost, softmax_memory

    n, m, d = request.n_keys, request.n_queries, request.head_dim
    if half_width is not None:
        raise _usage("--half-width", half_width, "no --temperature beside it", "give --replicates instead")
    if request.temperature is None or request.tolerance is None:
        expected = "--temperature and --tolerance together"
        given = (
            ("--temperature", request.temperature) if request.tolerance is None else ("--tolerance", request.tolerance)
        )
        raise _usage(*given, expected, "give both for softmax, none for hardmax")
    least = least_tolerance(n, m)
    if not least <= request.tolerance < 1.0:
        expected = f"a number from {least:.3g}, which float64 can resolve, to below 1"
        raise _usage("--tolerance", request.tolerance, expected, "for example --tolerance 1e-6")
    _check_memory(request, softmax_memory(n, d, m), montecarlo.MEMORY_LIMIT)
    planned = _affordable(request, replicates, budget, softmax_cost(n, d, m) / _WORKERS)
    drawn = montecarlo.softmax_numerical_ranks(
        n,
        d,
        planned,
        n_queries=m,
        temperature=request.temperature,
        tolerance=request.tolerance,
        rng=request.seed,
        workers=workers,
        progress=None if progress is None else lambda done, total: progress(done, total, None),
    )
    estimate = montecarlo.summarise_ranks(drawn.ranks, n, d, n_queries=m, error=request.error, horizon=planned)
    return Found(request, estimate, planned, interrupted=False, softmax=drawn)


def _affordable(request: Request, replicates: int | None, budget: float, cost: float) -> int:
    """Return the number of replicates to draw, or fail with one line if it would take too long."""
    if replicates is None:
        planned = max(_FEWEST, min(_MOST, int(budget / cost)))
        if planned * cost > max(budget, _UNASKED):
            expected = f"sizes at which {_FEWEST} replicates take at most {_UNASKED:.0f} nominal seconds"
            remedy = (
                f"ask for --replicates {_FEWEST} if you have the time: that takes about {planned * cost:.2g} of them"
            )
            raise _usage("(--n, --queries, --head-dim)", _sizes(request), expected, remedy)
        return planned
    if replicates * cost > LONGEST:
        expected = f"a run of at most {LONGEST:.0f} nominal seconds"
        fewer = int(LONGEST / cost)
        remedy = f"give at most {fewer}" if fewer else "choose smaller sizes"
        raise _usage(
            "--replicates", replicates, expected, f"{remedy}: this takes about {replicates * cost:.2g} of them"
        )
    return replicates


def _check_memory(request: Request, needed: int, limit: int) -> None:
    if needed > limit:
        expected = f"sizes at which one replicate needs at most {limit >> 20} MiB"
        remedy = f"choose smaller sizes: this needs {needed / 2**20:.3g} MiB"
        raise _usage("(--n, --queries, --head-dim)", _sizes(request), expected, remedy)


def _sizes(request: Request) -> tuple[int, int, int]:
    return request.n_keys, request.n_queries, request.head_dim


def _usage(name: str, value: object, expected: str, remedy: str) -> click.UsageError:
    return click.UsageError(str(invalid(name, value, expected, remedy)), click.get_current_context())


def _wants_colour() -> bool:
    return is_terminal(sys.stdout) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _takes_blocks() -> bool:
    """Whether the encoding of standard output has the characters that bars are drawn with."""
    try:
        BLOCKS.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _progress() -> Any:
    """Return a context that yields a progress callback: a bar on a terminal, nothing elsewhere."""
    if not is_terminal(sys.stderr):
        return nullcontext(None)
    from rankbound.cli.progress import replicates_bar

    return replicates_bar()
