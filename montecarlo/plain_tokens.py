"""The tokens of :mod:`montecarlo.tokens` once more, as a factor times a frame: what they are tested against."""

from __future__ import annotations

from typing import Any

import numpy as np

from montecarlo.layout import Floats
from montecarlo.plain import plain_chi, plain_normals, plain_words
from montecarlo.streams import Part, Words, stream_of
from rankbound.setting import Setting

__all__ = ["PlainDraws", "plain_tokens"]


class PlainDraws:
    """The numbers of a replicate, and others (from NumPy) for what the fast way leaves out."""

    def __init__(self, key: Words, replicate: int) -> None:
        self._key, self._replicate = key, replicate
        self.other = np.random.default_rng([replicate, *(int(word) for word in key)])

    def normals(self, part: int, head: int, rows: int, columns: int) -> Floats:
        """Return the normals of a part."""
        flat = plain_normals(self._key, stream_of(part, head), self._replicate, rows * columns)
        return flat.reshape(rows, columns)

    def units(self, part: int, head: int, count: int) -> Floats:
        """Return the uniform numbers of a part."""
        words = plain_words(self._key, stream_of(part, head), self._replicate, count)
        return np.array([(int(word) >> 11) / 2**53 for word in words])

    def factor(self, part: int, head: int, rows: int, columns: int) -> Floats:
        """Return a Gaussian matrix, or if it has more columns than rows its Bartlett factor."""
        if columns <= rows:
            return self.normals(part, head, rows, columns)
        factor, below = np.zeros((rows, rows)), self.normals(part, head, rows, rows)
        diagonal = plain_chi(self._key, stream_of(part + 1, head), self._replicate, columns, rows)
        for i in range(rows):
            factor[i, :i], factor[i, i] = below[i, :i], diagonal[i]
        return factor

    def frame(self, rows: int, columns: int) -> Floats:
        """Return orthonormal rows, by numbers of its own."""
        return np.linalg.qr(self.other.standard_normal((columns, rows)))[0].T

    def drawn_frame(self, rows: int, columns: int) -> Floats:
        """Return the orthonormal rows that the fast way draws."""
        q, r = np.linalg.qr(self.normals(Part.FRAME, 0, columns, rows))
        frame: Floats = (q * np.sign(np.diagonal(r))).T
        return frame


def plain_tokens(setting: Setting, draws: PlainDraws, *, gram_only: bool) -> tuple[Floats, Floats]:
    """Return F and O, of which F O are the tokens: any frame O if ``gram_only``, else the one that is drawn."""
    inputs: Any = setting.input_law
    n, width, law = setting.n_tokens, setting.width, inputs.law
    if law == "array":
        tokens = np.array(inputs.array.array)
        distinct = sorted({tuple(row) for row in tokens.tolist()})
        if len(distinct) == n:
            distinct = [tuple(row) for row in tokens.tolist()]
        if gram_only and width > len(distinct):
            frame = np.linalg.qr(np.array(distinct).T)[0].T
            return tokens @ frame.T, frame
        return tokens, np.eye(width)
    if law in ("gaussian", "ar1"):
        factor = draws.factor(Part.TOKENS, 0, n, width)
        for i in range(1, n if law == "ar1" else 0):
            share = inputs.correlation
            factor[i] = share * factor[i - 1] + np.sqrt(1.0 - share * share) * factor[i]
    elif law == "clustered":
        both = draws.factor(Part.TOKENS, 0, inputs.clusters + n, width)
        rows = [both[i % inputs.clusters] + inputs.spread * both[inputs.clusters + i] for i in range(n)]
        factor = np.array(rows)
    elif law == "zipf":
        weights = np.array([1.0 / rank**inputs.exponent for rank in range(1, inputs.vocabulary + 1)])
        edges = np.cumsum(weights) / weights.sum()
        ids = [int((edges <= unit).sum()) for unit in draws.units(Part.IDS, 0, n)]
        known = sorted(set(ids))
        embedding = draws.factor(Part.TOKENS, 0, len(known), width)
        factor = np.array([embedding[known.index(i)] for i in ids])
    elif law == "low-rank":
        right = draws.factor(Part.TOKENS, 0, inputs.rank, width)
        factor = draws.normals(Part.NOISE, 0, n, inputs.rank) @ right
    else:
        factor = _rigid(law, n, inputs.distinct)
    components = factor.shape[1]
    if components == width and (gram_only or law in ("gaussian", "ar1", "clustered", "zipf")):
        return factor, np.eye(width)
    return factor, draws.frame(components, width) if gram_only else draws.drawn_frame(components, width)


def _rigid(law: str, n: int, distinct: int) -> Floats:
    """Return tokens that are fixed up to a rotation."""
    if law == "orthonormal":
        return np.eye(n)
    if law == "duplicated":
        return np.eye(distinct)[[i % distinct for i in range(n)]]
    if law == "antipodal":
        return np.array([np.eye(n // 2)[i // 2] * (1 - 2 * (i % 2)) for i in range(n)])
    corners = np.zeros((n, n - 1))
    for j in range(n - 1):
        corners[: j + 1, j] = 1.0 / np.sqrt((j + 1.0) * (j + 2.0))
        corners[j + 1, j] = -np.sqrt((j + 1.0) / (j + 2.0))
    return corners
