"""Which head dimensions a run looks at when nobody says."""

from __future__ import annotations

import itertools
import math

from rankbound.setting import check_n_keys

_ABOUT = 12


def default_head_dims(n_keys: int) -> tuple[int, ...]:
    """Return 8 to 12 head dimensions from 1, past log^2 n, to max(128, min(2n, 10^6)), in ascending order.

    Always among them: 1, log n and log^2 n (rounded up), the common 16, 32, 64 and 128, and n and 2n where they are at
    most 10^6. The widest gaps, on a logarithmic scale, are filled with powers of two.
    """
    n = check_n_keys(n_keys)
    log_n = math.log(n)
    chosen = {
        1,
        16,
        32,
        64,
        128,
        max(1, math.ceil(log_n)),
        max(1, math.ceil(log_n**2)),
        min(n, 10**6),
        min(2 * n, 10**6),
    }
    while len(chosen) < _ABOUT:
        low, high = max(itertools.pairwise(sorted(chosen)), key=lambda gap: gap[1] / gap[0])
        power = 2 ** round(math.log2(low * high) / 2)
        if power in chosen:
            break
        chosen.add(power)
    return tuple(sorted(chosen))
