"""Ids of the theorems and the files they are in: light enough to list them without SymPy."""

from __future__ import annotations

import difflib

from rankbound.errors import invalid

IDS = (
    "ideal-setting",
    "compression",
    "rank-is-occupancy",
    "barrier",
    "occupancy-dominance",
    "barrier-constants",
    "barrier-series",
    "occupancy-moments",
    "rank-deviation",
    "wide-head-limit",
    "masked-rank-is-occupancy",
    "causal-occupancy",
    "causal-variance",
    "causal-law",
    "causal-rank",
    "window-occupancy",
    "window-rank",
    "temperature-certificate",
    "representation-threshold",
    "best-approximation",
    "fixed-head-size",
    "fixed-head-size-strict",
    "latent-setting",
    "mla-barrier",
    "cross-attention",
    "antipodal-tokens-exceed",
    "tied-setting",
    "normal-against-chi-square",
    "tied-weights-exceed",
    "norm-conditioned-barrier",
    "occupancy-from-below",
    "aligned-lower-bound",
    "alignment-integral",
    "chance-grows-with-length",
    "occupancy-tangent",
    "one-dimensional-rank",
    "planar-rank",
    "gaussian-facets",
    "attainable-rank",
    "agreement-bound",
    "second-moment-bound",
    "truncation-bound",
    "chernoff-rate",
    "chi-square-tails",
    "chi-square-window",
    "cosine-tail",
    "gaussian-maximum",
    "gaussian-maximum-above",
    "balance-equation",
    "log-n-exponent",
    "log-n-exponent-attained",
    "log-n-exponent-limit",
    "log-n-exponent-expansion",
    "log-n-necessary",
    "variance-gap",
    "pair-gap",
    "normal-shift",
    "winner-weight",
    "winner-tilt",
    "window-upper",
    "window-lower",
    "window-limit",
    "window-expansion",
    "maximum-above",
    "window-error",
    "window-rate",
    "window-scores",
    "window-necessary",
    "saturation-window",
    "window-deficit",
    "missed-expansion",
    "tilt-moments",
    "mixed-tilt",
    "deficit-above",
    "deficit-below",
    "maximum-moments",
    "deficit-numbers",
    "deficit-rate-above",
    "deficit-rate-below",
    "rank-deficit",
    "paper-barrier-about-063n",
    "paper-barrier-literal",
    "paper-log-n-necessary",
    "paper-log-n-sufficient",
    "paper-model-reduction",
    "paper-marginal-at-log-n",
    "paper-representation",
    "paper-representation-narrow",
    "paper-representation-full-rank",
    "paper-fixed-head-size",
)
QUESTIONS = ("rank-grows-with-head-dim", "causal-rank-at-most-half")
"""Ids of the open questions (:mod:`proofs.open_questions`)."""
MODULES = tuple((name, name.replace("-", "_")) for name in IDS)


def known_id(name: object) -> str:
    """Return ``name`` if it is the id of a theorem, or raise the ``ValueError`` that names the nearest one."""
    if isinstance(name, str) and name in QUESTIONS:
        raise invalid("theorem", name, "the id of a theorem", "that is an open question: proofs.open_question(...)")
    return _known(name, IDS, "theorem", "the id of a theorem")


def known_question(name: object) -> str:
    """Return ``name`` if it is the id of an open question, or raise the ``ValueError`` that names the nearest one."""
    return _known(name, QUESTIONS, "question", "the id of an open question")


def known_theorem_or_question(name: object) -> str:
    """Return ``name`` if it is the id of a theorem or of an open question, or raise the ``ValueError`` that helps."""
    return _known(name, IDS + QUESTIONS, "theorem", "the id of a theorem or of an open question")


def _known(name: object, ids: tuple[str, ...], what: str, expected: str) -> str:
    if isinstance(name, str) and name in ids:
        return name
    near = difflib.get_close_matches(name, ids, 1, 0.5) if isinstance(name, str) else []
    remedy = f"did you mean {near[0]!r}?" if near else "choose one of " + ", ".join(ids)
    raise invalid(what, name, expected, remedy)
