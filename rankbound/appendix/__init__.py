"""Derivation appendices: documents made from checked proofs, certified numbers and an experiment, in any format."""
