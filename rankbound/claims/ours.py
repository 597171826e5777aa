"""What our own claims have in common."""

from rankbound.claims.record import Source

OURS = Source("The rankbound authors", "rankbound, The theorems", "docs/theorems.md")

GAUSSIAN_HEADS = (
    "X X^T = I",
    "W_q and W_k independent, with iid N(0, 1) entries",
    "hardmax: each query attends to the key of largest score (temperature 0)",
    "as many queries as keys (n = sequence length)",
)

ASYMPTOTIC = "a statement about n -> infinity, which no finite sample can test"
