"""Assumptions on latent attention."""

from __future__ import annotations

import sympy as sp

from proofs.language import Claim, E, eq
from proofs.model.symbols import a, b, d, e, f, i, j, key_rank, query_rank, w
from proofs.model.vectors import (
    AbsorbedKey,
    KeyDownWeight,
    KeyLatent,
    LatentScore,
    QueryDownWeight,
    QueryLatent,
    QueryUpWeight,
    Token,
    latent_key,
)
from proofs.records import Assumption

LATENT = Assumption(
    "gaussian-latents",
    "Latent attention: queries are X W_DQ W_UQ, keys X W_DKV W_UK. The entries of W_DQ are independent standard "
    "normals, and so are those of W_DKV. Each row of the attention matrix has a single 1, in the column of its largest "
    "score.",
    {
        "queries": Claim(eq(QueryLatent(i, e, w), sp.Sum(Token(i, a, w) * QueryDownWeight(a, e), (a, 0, w - 1)))),
        "keys": Claim(eq(KeyLatent(i, e, w), sp.Sum(Token(i, a, w) * KeyDownWeight(a, e), (a, 0, w - 1)))),
        "query-mean": Claim(eq(E(QueryDownWeight(a, e)), 0)),
        "query-moments": Claim(
            eq(E(QueryDownWeight(a, e) * QueryDownWeight(b, f)), sp.KroneckerDelta(a, b) * sp.KroneckerDelta(e, f))
        ),
        "key-moments": Claim(
            eq(E(KeyDownWeight(a, e) * KeyDownWeight(b, f)), sp.KroneckerDelta(a, b) * sp.KroneckerDelta(e, f))
        ),
        "score": Claim(
            eq(
                LatentScore(i, j, query_rank, key_rank, d, w),
                sp.Sum(
                    sp.Sum(QueryLatent(i, e, w) * QueryUpWeight(e, f), (e, 0, query_rank - 1)) * latent_key(j, f),
                    (f, 0, d - 1),
                ),
            )
        ),
        "absorbed": Claim(
            eq(AbsorbedKey(j, e, key_rank, d, w), sp.Sum(QueryUpWeight(e, f) * latent_key(j, f), (f, 0, d - 1)))
        ),
    },
    implies=("one-pick-per-row",),
)


INDEPENDENT_LATENTS = Assumption(
    "independent-latents",
    "W_DQ is independent of all the other weights: of W_DKV, W_UQ and W_UK.",
    {
        "product": Claim(
            eq(
                E(QueryDownWeight(a, e) * KeyDownWeight(b, f)),
                E(QueryDownWeight(a, e)) * E(KeyDownWeight(b, f)),
            )
        )
    },
)


LATENT_QUERIES = Assumption(
    "latent-queries",
    "The latents of the queries are independent standard normal vectors, independent of the absorbed keys, and a query "
    "picks the absorbed key of largest inner product with its latent. What is given as the keys are the absorbed ones.",
    implies=("independent-queries", "identical-queries", "one-pick-per-row"),
    follows_from=("orthonormal-tokens", "gaussian-latents", "independent-latents"),
    by="latent-setting",
)
