"""Whether ranks that somebody drew agree with what is certified of their mean."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from montecarlo import confidence_interval
from rankbound.errors import check_integer, check_real, invalid
from rankbound.rounding import ceiling_text, floor_text
from rankbound.setting import Setting
from rankbound.testing.any_array import read_array
from rankbound.testing.bets_on_the_mean import TOO_HIGH, TOO_LOW, UNDOMINATED, Bets, Ranks, interval_error, placed
from rankbound.testing.certified_ranks import CertifiedRank, certified_rank_of
from rankbound.testing.failures import Lines, failed
from rankbound.testing.hardmax_rows import check_hardmax
from rankbound.testing.rank_of_matrix import hardmax_ranks

__all__ = ["assert_mean_rank"]

_NAME = "assert_mean_rank"
_QUICK = 5000  # keys and queries up to which other settings are tried, for a hint

_WORDS = {
    TOO_LOW: "too low",
    TOO_HIGH: "too high",
    UNDOMINATED: "above the barrier too often",
}
_CAUSES = {
    TOO_LOW: "fewer queries or keys or a smaller head_dim than the setting has, tokens that repeat, a mask, or a rank "
    "that misses small singular values",
    TOO_HIGH: "more queries or a larger head_dim than the setting has, or queries that depend on the keys",
    UNDOMINATED: "queries that depend on the keys (W_q shared with W_k, or one made of the other), tokens that are not "
    "orthonormal, or a mask: independent queries do not get there at any head_dim",
}

_OTHER_MASK = (
    "another mask (one key more or less, say), queries that depend on the keys (W_q shared with W_k, or one made of "
    "the other), or tokens that repeat"
)


def assert_mean_rank(
    samples: object,
    setting: Setting,
    *,
    level: float = 1e-6,
    horizon: int | None = None,
    seed: object = None,
) -> None:
    """Assert that independent ranks have the mean that is certified at a setting; there is no tolerance to pick.

    If they are drawn from the law of the setting, the assertion fails with a probability of at most ``level``: at
    finite sample size, whatever the law of the rank. It bets that ranks lie below the certified interval for E[rank],
    above it, and above the barrier more often than the occupancy number, and divides the level evenly among the bets.

    Parameters
    ----------
    samples : array
        Of any framework: ranks (replicates,), integers; or hardmax matrices (replicates, n_queries, n_keys), or with
        several heads (replicates, n_heads, n_queries, n_keys), where no heads share keys or latents. In the order in
        which they were drawn, each from weights of its own: matrices of the same weights are not independent.
    setting : Setting
        What they should be drawn from. Something is certified wherever the law is the ideal one (RoPE keeps it, and the
        limit of wide heads has a mean of its own), for latent attention without position parts (the barrier), and in
        the limit of wide heads under a causal mask and through a window.
    level : float
        Probability of a false alarm, from 1e-300 to 1.
    horizon : int, optional
        Omitted, the number of samples must have been fixed before the first was drawn. If not, because somebody looked
        at them and then stopped, the number that was planned: the level holds at every other number too.
    seed : object, optional
        What the samples were drawn with: a failure shows it, and the command to compare with has it.

    Raises
    ------
    AssertionError
        If ranks are not from 1 to ``min(n_queries, n_keys)``, or too low or too high on average. The message says what
        was measured with a confidence interval, what is certified, p-value, level, the likely cause, which settings
        nearby the ranks agree with, and a command for comparison.
    ValueError
        If nothing is certified at the setting (the message names the assumption that breaks), there are too few samples
        to refute anything at this level, or an argument is not what is said above.
    """
    __tracebackhide__ = True
    if not isinstance(setting, Setting):
        raise invalid("setting", setting, "a Setting", "build it with rankbound.Setting, from sizes and departures")
    remedy = "give a probability, for example 1e-6"
    level = check_real("level", level, above=1e-300, below=1.0, inclusive=(True, False), remedy=remedy)
    certified = certified_rank_of(setting)
    ranks = _ranks_of(samples, setting, seed)
    if horizon is not None:
        horizon = check_integer("horizon", horizon, minimum=1, remedy="give the planned number of samples, or omit it")
    planned = ranks.size if horizon is None else horizon
    most = min(setting.n_queries, setting.n_keys)
    _check_range(ranks, most, seed)
    bets = placed(ranks, certified, most, level=level, horizon=planned)
    if bets.refutes:
        lines = _lines(ranks, certified, setting, bets, planned, seed)
        raise failed(_NAME, f"ranks are {_WORDS[bets.best]} for {_shown(setting)}", lines, seed=seed)
    _check_enough(ranks.size, certified, most, level, planned)


def _ranks_of(samples: object, setting: Setting, seed: object) -> Ranks:
    __tracebackhide__ = True
    array = read_array("samples", samples).array
    if array.ndim == 1:
        if array.dtype.kind not in "iu":
            raise invalid("samples.dtype", str(array.dtype), "integers", "ranks are whole numbers")
        wide: Ranks = np.minimum(array, np.iinfo(np.int64).max).astype(np.int64)  # uint64 would wrap around
        return wide
    _check_shape(array, setting)
    check_hardmax(array, _NAME, name="samples", seed=seed)
    return hardmax_ranks(array).reshape(-1)


def _check_shape(array: npt.NDArray[Any], setting: Setting) -> None:
    matrix = setting.n_queries, setting.n_keys
    heads = (setting.n_heads,) if array.ndim == 4 else ()
    if array.ndim not in (3, 4) or array.shape[1:] != (*heads, *matrix):
        expected = f"(replicates,) for ranks, or (replicates, {', '.join(map(str, (*heads, *matrix)))}) for matrices"
        raise invalid("samples.shape", array.shape, expected, "give what the setting says, or correct the setting")
    if heads and setting.mla is not None and setting.n_heads > 1:
        expected = "matrices of one head of each draw, as samples of three axes"
        raise invalid("samples.shape", array.shape, expected, "ranks of heads that share latents are not independent")
    if heads and setting.n_kv_heads != setting.n_heads:
        expected = f"matrices of one head for each of the {setting.n_kv_heads} of keys, as samples of three axes"
        raise invalid("samples.shape", array.shape, expected, "ranks of heads that share keys are not independent")


def _check_range(ranks: Ranks, most: int, seed: object) -> None:
    __tracebackhide__ = True
    wrong = np.flatnonzero((ranks < 1) | (ranks > most))
    if not wrong.size:
        return
    where = int(wrong[0])
    lines = {
        "measured": f"samples[{where}] = {int(ranks[where])}",
        "bound": f"from 1 to min(n_queries, n_keys) = {most}",
        "wrong ranks": f"{wrong.size} of {ranks.size}",
        "likely cause": "other sizes than the setting has, or not the rank of attention",
        "inspect": f"print(samples[{where}])",
    }
    raise failed(_NAME, "not the ranks of attention matrices of this shape", lines, seed=seed)


def _check_enough(replicates: int, certified: CertifiedRank, most: int, level: float, horizon: int) -> None:
    """Refuse a test that nothing can fail: one that neither all the least nor all the largest ranks would fail."""
    extremes = (np.full(replicates, rank, dtype=np.int64) for rank in (1, most))
    if most > 1 and not any(placed(r, certified, most, level=level, horizon=horizon).refutes for r in extremes):
        expected = f"enough to refute something at level {level:g}"
        remedy = "draw more, or give a larger level: neither all the least nor all the largest ranks would fail"
        raise invalid("len(samples)", replicates, expected, remedy)


def _lines(ranks: Ranks, certified: CertifiedRank, setting: Setting, bets: Bets, horizon: int, seed: object) -> Lines:
    most, error = min(setting.n_queries, setting.n_keys), interval_error(certified, bets.level)
    ends = confidence_interval(ranks, lower=1, upper=most, error=error, horizon=horizon)
    mean, times = float(ranks.mean()), len(bets.evidence)
    lines = {
        "measured": f"mean {mean:.7g} of {ranks.size} ranks; E[rank] in [{floor_text(ends[0], 6)}, "
        f"{ceiling_text(ends[1], 6)}] with error {ceiling_text(error, 2)}",
        "bound": _bound(certified, bets.best),
        "p-value": f"{_p_text(bets.log_p)}, of {times} bets together",
        "level": f"{bets.level:g}",
        "likely cause": _CAUSES[bets.best] if setting.mask == "none" else _OTHER_MASK,
    }
    nearby = _agreeing(setting, ends) if bets.best != UNDOMINATED else []
    if nearby:
        lines["agrees with"] = " or ".join(nearby) + ", the rest as it is"
    lines["inspect"] = certified.inspect
    if certified.simulate:
        whole = int(seed) if isinstance(seed, (int, np.integer)) and not isinstance(seed, bool) else -1
        number = f" --seed {whole}" if 0 <= whole < 2**64 else ""
        lines["compare"] = f"rankbound simulate {certified.simulate} --replicates {ranks.size}{number}"
    return lines


def _bound(certified: CertifiedRank, bet: str) -> str:
    parts = []
    if certified.mean is not None:
        known = certified.mean
        ends = f"[{floor_text(known.lower, 9)}, {ceiling_text(known.upper, 9)}]"
        parts.append(f"E[rank] in {ends} ({known.rigour}: {known.method})")
    if certified.barrier is not None and (certified.mean is None or bet == UNDOMINATED):
        parts.append(f"the barrier, E[rank] <= {ceiling_text(certified.barrier.upper, 9)} at every head_dim")
    return "; ".join(parts)


def _agreeing(setting: Setting, ends: tuple[float, float]) -> list[str]:
    """Return which changes of one size, by one or a factor of two, or of the mask the interval is compatible with."""
    if max(setting.n_keys, setting.n_queries) > _QUICK or setting.mla is not None:
        return []
    found = []
    for change in _changes(setting):
        try:
            known = certified_rank_of(replace(setting, **change)).mean
        except ValueError:  # a size of 0, or of more queries than there are tokens
            continue
        if known is not None and ends[0] <= known.upper and known.lower <= ends[1]:
            found.append(" and ".join(f"{name} = {value}" for name, value in change.items() if value is not None))
    return found


def _changes(setting: Setting) -> list[dict[str, Any]]:
    n, m, window = setting.n_keys, setting.n_queries, setting.window
    if setting.mask == "causal":
        return [{"mask": "none"}, {"n_queries": n - 1, "n_keys": n - 1}, {"n_queries": n + 1, "n_keys": n + 1}]
    if window is not None:
        others: list[dict[str, Any]] = [{"mask": mask, "window": None} for mask in ("none", "causal")]
        return [{"window": window - 1}, {"window": window + 1}, *others]
    sizes = [{"n_queries": m - 1}, {"n_queries": m + 1}, {"n_keys": n - 1}]
    if setting.is_wide:
        return sizes
    return [*sizes, {"head_dim": int(setting.head_dim) // 2}, {"head_dim": 2 * int(setting.head_dim)}]


def _p_text(log_p: float) -> str:
    """Show a p-value, given its logarithm, rounded up."""
    if log_p == -math.inf:
        return "0"
    if log_p > -600.0:
        return f"at most {ceiling_text(math.exp(log_p), 2)}"
    return f"at most 1e{math.ceil(log_p / math.log(10.0))}"


def _shown(setting: Setting) -> str:
    names = ["n_keys", "n_queries", "head_dim", *(name for name in setting.departures if name != "head_dim")]
    shown = ((name, getattr(setting, name)) for name in names)
    return ", ".join(f"{name} {value}" if isinstance(value, (int, float, str)) else name for name, value in shown)
