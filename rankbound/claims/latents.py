"""Latent attention: the barrier holds where queries are independent given the keys (V4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rankbound.claims.assumptions import HARDMAX, LATENT_QUERIES, ORTHONORMAL, UNMASKED
from rankbound.claims.ours import OURS
from rankbound.claims.record import Claim, Findings
from rankbound.claims.tests_of_bounds import intervals_against
from rankbound.verdict import Evidence, Verdict, Witness

if TYPE_CHECKING:
    from rankbound.setting import Setting


def _experiment(findings: Findings) -> Evidence:
    return intervals_against(findings, lambda _: findings.barrier.upper, findings.barrier_name)


def _has_latents(setting: Setting) -> bool:
    return setting.mla is not None


LATENTS = (
    Claim(
        id="mla-barrier",
        statement="latent attention of n keys and m queries: E[rank(A)] <= b(n, m) = n(1-(1-1/n)^m), for every "
        "head_dim and latents of any length, also given all weights but W_DQ",
        brief="latents without positions and norms do not lift E[rank] above the barrier",
        source=OURS,
        assumptions=(ORTHONORMAL, LATENT_QUERIES, HARDMAX, UNMASKED),
        expected=Verdict.PROVED,
        scope="latent attention without position parts and norms, of any sizes",
        experiment=_experiment,
        silence={Witness.ENCLOSURE: "no enclosure of E[rank] for latent attention is known"},
        subject=_has_latents,
    ),
)
