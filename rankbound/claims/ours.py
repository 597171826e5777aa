"""What our own claims have in common."""

from rankbound.claims.record import Source

OURS = Source("The rankbound authors", "rankbound, The theorems", "docs/theorems.md")

ASYMPTOTIC = "a statement about n -> infinity, which no finite sample can test"
