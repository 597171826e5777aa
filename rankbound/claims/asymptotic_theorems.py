"""How the rank saturates along n -> infinity (T8 to T10). Finite evidence beside these claims is an illustration."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise

from rankbound.claims.assumptions import SQUARE_HEADS
from rankbound.claims.ours import ASYMPTOTIC, OURS
from rankbound.claims.record import Claim, Findings, by_enclosure
from rankbound.rounding import ceiling_share, ceiling_text, floor_share, floor_text
from rankbound.verdict import Evidence, Outcome, Verdict, Witness


def _exponent_enclosure(_: Findings) -> Evidence:
    from rankbound import bounds

    exponent = bounds.rank_exponent(1.0)
    shares = ", ".join(f"{share:.2g}" for share in shares_along_log_n(1.0))
    return by_enclosure(
        Outcome.ILLUSTRATES,
        f"e(1) = {exponent.lower:.6f}; at head_dim ceil(log n), E[rank]/n is below about {shares} for n = 1e3, 1e6, "
        "1e9",
    )


@lru_cache  # the same in every run, and a few claims ask
def shares_along_log_n(c: float) -> tuple[float, ...]:
    """Return upper bounds on ``E[rank]/n`` at ``head_dim = ceil(c ln n)``, for n = 10^3, 10^6, 10^9."""
    from rankbound import bounds

    lengths = (10**3, 10**6, 10**9)
    return tuple(bounds.norm_conditioned_barrier(n, math.ceil(c * math.log(n))) / n for n in lengths)


def _slopes_along_log_n(c: float) -> list[float]:
    """Return by what power of ``n`` the upper bound grows, from n = 10^3 to 10^6 and from there to 10^9."""
    logs = [math.log(share * n) for share, n in zip(shares_along_log_n(c), (10**3, 10**6, 10**9), strict=True)]
    return [(high - low) / math.log(1000) for low, high in pairwise(logs)]


def _limit_enclosure(_: Findings) -> Evidence:
    from rankbound import bounds

    first, second = _slopes_along_log_n(1.0)
    return by_enclosure(
        Outcome.ILLUSTRATES,
        f"at head_dim ceil(log n), the upper bound grows like n^{first:.3f} from n = 1e3 to 1e6 and n^{second:.3f} "
        f"from there to 1e9; e(1) = {bounds.rank_exponent(1.0).lower:.6f}",
    )


def _window_enclosure(findings: Findings) -> Evidence:
    from rankbound import bounds

    n = findings.n_keys
    if n < 2:
        return by_enclosure(Outcome.UNDECIDED, "log n = 0 at this n")
    head_dim = min(findings.certified, key=lambda d: abs(math.log(d / math.log(n) ** 2)))
    value = findings.certified[head_dim].expected_rank
    limit = bounds.window(math.log(n) ** 2 / head_dim)
    corrected = bounds.quick_rank(n, head_dim).value
    return by_enclosure(
        Outcome.ILLUSTRATES,
        f"at head_dim {head_dim}, E[rank]/n lies in [{floor_share(value.lower, n)}, {ceiling_share(value.upper, n)}]; "
        f"F is {limit.lower:.4f} there, and {corrected:.4f} with the corrections for finite n",
    )


def _deficit_enclosure(findings: Findings) -> Evidence:
    n = findings.n_keys
    if n < 2:
        return by_enclosure(Outcome.UNDECIDED, "log n = 0 at this n")
    widest = max(findings.certified)
    value, scale = findings.certified[widest].expected_rank, math.log(n) ** 2 / (math.e * widest) * n
    low = max(0.0, (findings.barrier.lower - value.upper) / scale)
    high = (findings.barrier.upper - value.lower) / scale
    return by_enclosure(
        Outcome.ILLUSTRATES,
        f"at head_dim {widest}, b(n) - E[rank] is {floor_text(low, 3)} to {ceiling_text(high, 3)} times n log^2 n/(e "
        "head_dim)",
    )


ASYMPTOTIC_THEOREMS = (
    Claim(
        id="log-n-exponent",
        statement="upper half: with head_dim = ceil(c log n), c > 0 fixed, E[rank(A)] <= n^(e(c) + o(1)), where "
        "e(c) = 1-(c/2)(y-1-log y) < 1, y = (2/c)/(1-exp(-2/c))",
        brief="at head_dim = c log n, E[rank] is at most a power of n below 1, n^(e(c) + o(1))",
        source=OURS,
        assumptions=SQUARE_HEADS,
        expected=Verdict.PROVED,
        enclosure=_exponent_enclosure,
        silence={Witness.EXPERIMENT: ASYMPTOTIC},
    ),
    Claim(
        id="log-n-exponent-limit",
        statement="with head_dim = ceil(c log n), c > 0 fixed, E[rank(A)] = n^(e(c) + o(1)): that power is attained",
        brief="at head_dim = c log n, E[rank] = n^(e(c) + o(1))",
        source=OURS,
        assumptions=SQUARE_HEADS,
        expected=Verdict.PROVED,
        enclosure=_limit_enclosure,
        silence={Witness.EXPERIMENT: ASYMPTOTIC},
    ),
    Claim(
        id="saturation-window",
        statement="with head_dim = ceil(log^2 n / lambda), lambda > 0 fixed, E[rank(A)]/n -> F(lambda) = "
        "E[1-exp(-exp(sqrt(2 lambda) Z - lambda))], Z ~ N(0, 1), so that E[rank(A)] ~ (1-1/e)n exactly if "
        "head_dim/log^2 n -> infinity",
        brief="the rank saturates exactly when head_dim/log^2 n -> infinity",
        source=OURS,
        assumptions=SQUARE_HEADS,
        expected=Verdict.PROVED,
        enclosure=_window_enclosure,
        silence={Witness.EXPERIMENT: ASYMPTOTIC},
    ),
    Claim(
        id="rank-deficit",
        statement="when head_dim/log^2 n -> infinity, b(n) - E[rank(A)] = (1 + o(1)) n log^2 n/(e head_dim)",
        brief="beyond log^2 n, E[rank] falls short of b(n) by about n log^2 n/(e head_dim)",
        source=OURS,
        assumptions=SQUARE_HEADS,
        expected=Verdict.PROVED,
        enclosure=_deficit_enclosure,
        silence={Witness.EXPERIMENT: ASYMPTOTIC},
    ),
)
