"""Softmax at a temperature: when its large singular values are as many as the rank of hardmax (V5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rankbound.claims.assumptions import WARM
from rankbound.claims.ours import OURS
from rankbound.claims.record import Claim, Findings, by_experiment
from rankbound.claims.tests_of_bounds import reason_for_skipping
from rankbound.verdict import Evidence, Outcome, Verdict, Witness

if TYPE_CHECKING:
    from rankbound.setting import Setting


def _experiment(findings: Findings) -> Evidence:
    if not findings.softmax:
        return by_experiment(Outcome.SKIPPED, reason_for_skipping(findings))
    drawn = sum(check.drawn for check in findings.softmax.values())
    certified = sum(check.certified for check in findings.softmax.values())
    wrong = sum(check.disagreeing for check in findings.softmax.values())
    if wrong:
        return by_experiment(
            Outcome.REFUTES,
            f"{wrong} of {certified} softmax matrices that are certified to have as many singular values above the "
            "tolerance as the hardmax rank have another number (floats)",
        )
    if not certified:
        return by_experiment(
            Outcome.UNDECIDED,
            f"none of {drawn} softmax matrices is close enough to hardmax for the tolerance: the certificate is silent",
        )
    return by_experiment(
        Outcome.AGREES,
        f"{certified} of {drawn} softmax matrices are close enough to hardmax; each has as many singular values above "
        "the tolerance as the hardmax rank (floats)",
    )


def _is_warm(setting: Setting) -> bool:
    return setting.temperature > 0.0


TEMPERATURE = (
    Claim(
        id="temperature-certificate",
        statement="let P be a matrix of softmax rows, A the hardmax matrix of the same scores, D its rank, and e_i = "
        "1 - max_j P_ij; with c^2 = 2 sum_i e_i^2, the singular values of P beyond the D-th are at most c and the "
        "first D at least 1 - c, so that for c < 1/2 exactly D exceed any threshold from c to below 1 - c",
        brief="softmax close to hardmax has as many large singular values as the hardmax rank",
        source=OURS,
        assumptions=(WARM,),
        expected=Verdict.PROVED,
        scope="every matrix of softmax rows",
        experiment=_experiment,
        silence={Witness.ENCLOSURE: "a statement about every matrix: there is no number to enclose"},
        subject=_is_warm,
    ),
)
