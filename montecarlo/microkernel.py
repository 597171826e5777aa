"""The inner loop of the scan: a panel of queries against a tile of keys, and what is kept of the scores.

Twelve queries meet thirty-two keys. Their 384 scores are accumulated in registers over the whole depth, one component
of the twelve queries and of the thirty-two keys at a time, and go from there into the running best of each query: no
score is ever written to memory. It is emitted as LLVM instructions because no compiler finds this shape in plain loops.

*What is kept.* Each query has sixteen slots, and each slot sees the scores of a fixed part of the columns of a tile (a
sixteenth). It keeps the largest score so far, the second largest, and the place of the largest. So after the last tile
a second key whose score comes close to the best one is seen, be it in another slot or in the same one.

*Processors.* With vectors of 512 bits the twelve by thirty-two scores fill 24 of 32 registers. Elsewhere the same tile
is done in parts of six rows by sixteen columns (256 bits) or eight (128 bits), which fill twelve of sixteen. Scores and
slots may differ between processors in the last bits and in their assignment; what :mod:`montecarlo.scan` makes of them
does not.
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding
import llvmlite.ir as ir
from numba.core import cgutils, config, types
from numba.extending import intrinsic

from montecarlo.tiling import COLUMNS, ROWS, SLOTS, STATE

__all__ = ["COLUMNS_AT_ONCE", "LANES", "ROWS_AT_ONCE", "close", "largest", "score_part", "score_part_masked"]


def _lanes() -> int:
    """Return the single-precision numbers in a vector of the processor that kernels are compiled for."""
    if config.CPU_FEATURES is not None:
        features = set(config.CPU_FEATURES.split(","))
    else:
        features = {f"+{name}" for name, present in llvmlite.binding.get_host_cpu_features().items() if present}
    return 16 if "+avx512f" in features else 8 if "+avx" in features else 4


LANES = _lanes()
ROWS_AT_ONCE = ROWS if LANES == 16 else ROWS // 2
COLUMNS_AT_ONCE = 2 * LANES
"""The part of a tile that one call of :func:`score_part` does."""

_FLOAT, _INT32, _INT64 = ir.FloatType(), ir.IntType(32), ir.IntType(64)


class _Writer:
    """Writes loads, stores and arithmetic on vectors of ``LANES`` floats."""

    def __init__(self, builder: Any, lanes: int = LANES) -> None:
        self.builder = builder
        self.lanes = lanes
        self.vector = ir.VectorType(_FLOAT, lanes)

    def offset(self, index: Any, by: int) -> Any:
        return self.builder.add(index, ir.Constant(_INT64, by))

    def load(self, data: Any, index: Any) -> Any:
        place = self.builder.gep(data, [index], inbounds=True)
        return self.builder.load(self.builder.bitcast(place, self.vector.as_pointer()), align=4)

    def store(self, value: Any, data: Any, index: Any) -> None:
        place = self.builder.gep(data, [index], inbounds=True)
        self.builder.store(value, self.builder.bitcast(place, self.vector.as_pointer()), align=4)

    def load_one(self, data: Any, index: Any) -> Any:
        return self.builder.load(self.builder.gep(data, [index], inbounds=True), align=4)

    def splat(self, number: Any) -> Any:
        """Return a vector of copies of ``number``."""
        undefined = ir.Constant(self.vector, ir.Undefined)
        first = self.builder.insert_element(undefined, number, ir.Constant(_INT32, 0))
        zeros = ir.Constant(ir.VectorType(_INT32, self.lanes), [0] * self.lanes)
        return self.builder.shuffle_vector(first, undefined, zeros)

    def half(self, vector: Any, width: int, first: int) -> Any:
        """Return ``width`` entries of ``vector`` from ``first`` on."""
        mask = ir.Constant(ir.VectorType(_INT32, width), list(range(first, first + width)))
        return self.builder.shuffle_vector(vector, vector, mask)

    def maximum(self, a: Any, b: Any) -> Any:
        return self.builder.select(self.builder.fcmp_ordered(">", a, b), a, b)


def _data(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    return context.make_array(kind)(context, builder, value).data


@intrinsic  # type: ignore[untyped-decorator]
def score_part(
    typing_context: Any,
    queries: Any,
    q: Any,
    keys: Any,
    k: Any,
    depth: Any,
    first: Any,
    f: Any,
    state: Any,
    s: Any,
    place: Any,
) -> Any:
    """Score ``ROWS_AT_ONCE`` queries against ``COLUMNS_AT_ONCE`` keys, and keep what ``STATE`` says.

    Parameters
    ----------
    queries, keys : float32 arrays
        Component ``c`` of query ``r`` is ``queries[q + ROWS c + r]``, that of key ``j`` is ``keys[k + COLUMNS c + j]``.
    depth : int
        Components.
    first : float32 array
        ``first[f + j]`` is added to every score of key ``j``: zero, or minus infinity for a key that does not count.
    state : float32 array
        What is kept of query ``r`` is at ``s + STATE r``, and there ``LANES`` slots of each of its three parts.
    place : float32
        What marks the first ``LANES`` of these keys; one more marks the others.
    """
    return _scoring((queries, q, keys, k, depth, first, f, state, s, place), 0)


@intrinsic  # type: ignore[untyped-decorator]
def score_part_masked(
    typing_context: Any,
    queries: Any,
    q: Any,
    keys: Any,
    k: Any,
    depth: Any,
    first: Any,
    f: Any,
    state: Any,
    s: Any,
    place: Any,
) -> Any:
    """Do what :func:`score_part` does, with ``first[f + COLUMNS r + j]`` for the score of query ``r`` and key ``j``."""
    return _scoring((queries, q, keys, k, depth, first, f, state, s, place), COLUMNS)


def _scoring(given: tuple[Any, ...], step: int) -> Any:
    """Return signature and code of both: ``step`` is how far apart the rows of ``first`` are."""
    queries, _, keys, _, _, first, _, state, _, _ = given
    signature = types.void(
        queries,
        types.int64,
        keys,
        types.int64,
        types.int64,
        first,
        types.int64,
        state,
        types.int64,
        types.float32,
    )

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        write = _Writer(builder)
        query_data, key_data, first_data, state_data = (
            _data(context, builder, signature.args[i], arguments[i]) for i in (0, 2, 5, 7)
        )
        q0, k0, depth, f0, s0, place = (arguments[i] for i in (1, 3, 4, 6, 8, 9))
        multiply_add = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(write.vector, [write.vector] * 3), f"llvm.fma.v{LANES}f32"
        )
        pairs = [(row, half) for row in range(ROWS_AT_ONCE) for half in range(2)]
        starts = {
            (row, half): write.load(first_data, write.offset(f0, row * step + half * LANES))
            for row in range(ROWS_AT_ONCE if step else 1)
            for half in range(2)
        }
        start = {(row, half): starts[row if step else 0, half] for row, half in pairs}
        before, loop, after = builder.block, builder.append_basic_block(), builder.append_basic_block()
        builder.cbranch(builder.icmp_signed(">", depth, ir.Constant(_INT64, 0)), loop, after)

        builder.position_at_end(loop)
        component = builder.phi(_INT64)
        component.add_incoming(ir.Constant(_INT64, 0), before)
        sums = {pair: builder.phi(write.vector) for pair in pairs}
        for pair, phi in sums.items():
            phi.add_incoming(start[pair], before)
        k_now = builder.add(k0, builder.mul(component, ir.Constant(_INT64, COLUMNS)))
        q_now = builder.add(q0, builder.mul(component, ir.Constant(_INT64, ROWS)))
        columns = [write.load(key_data, write.offset(k_now, half * LANES)) for half in range(2)]
        rows = [write.splat(write.load_one(query_data, write.offset(q_now, row))) for row in range(ROWS_AT_ONCE)]
        more = {
            (row, half): builder.call(multiply_add, [rows[row], columns[half], sums[row, half]]) for row, half in pairs
        }
        following = write.offset(component, 1)
        component.add_incoming(following, loop)
        for pair, phi in sums.items():
            phi.add_incoming(more[pair], loop)
        builder.cbranch(builder.icmp_signed("<", following, depth), loop, after)

        builder.position_at_end(after)
        scores = {}
        for row, half in pairs:
            scores[row, half] = builder.phi(write.vector)
            scores[row, half].add_incoming(start[row, half], before)
            scores[row, half].add_incoming(more[row, half], loop)
        marks = [write.splat(place), write.splat(builder.fadd(place, ir.Constant(_FLOAT, 1.0)))]
        for row in range(ROWS_AT_ONCE):
            at = [write.offset(s0, row * STATE + part * SLOTS) for part in range(3)]
            best, second, where = (write.load(state_data, index) for index in at)
            for half in range(2):
                score = scores[row, half]
                better = builder.fcmp_ordered(">", score, best)
                second = write.maximum(builder.select(better, best, score), second)
                where = builder.select(better, marks[half], where)
                best = builder.select(better, score, best)
            for value, index in zip((best, second, where), at, strict=True):
                write.store(value, state_data, index)
        return context.get_dummy_value()

    return signature, generate


@intrinsic  # type: ignore[untyped-decorator]
def largest(typing_context: Any, state: Any, s: Any) -> Any:
    """Return the largest of the ``SLOTS`` numbers of the float32 array ``state`` from ``s`` on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        write = _Writer(builder, SLOTS)
        vector = write.load(_data(context, builder, signature.args[0], arguments[0]), arguments[1])
        width = SLOTS
        while width > 1:
            width //= 2
            vector = write.maximum(write.half(vector, width, 0), write.half(vector, width, width))
        return builder.extract_element(vector, ir.Constant(_INT32, 0))

    return types.float32(state, types.int64), generate


@intrinsic  # type: ignore[untyped-decorator]
def close(typing_context: Any, state: Any, s: Any, limit: Any) -> Any:
    """Return how many of the numbers kept of a query are at least ``limit``, and a slot whose largest is.

    Of the float32 array ``state``, the largest and the second largest scores from ``s`` on are compared. The answer is
    ``SLOTS`` times their number plus the first such slot; nothing but the number means anything if it is not one.
    """
    if limit != types.float32:
        return None
    mask_type = ir.IntType(SLOTS)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        write = _Writer(builder, SLOTS)
        data, at = _data(context, builder, signature.args[0], arguments[0]), arguments[1]
        limits = write.splat(arguments[2])
        masks = [
            builder.bitcast(builder.fcmp_ordered(">=", write.load(data, index), limits), mask_type)
            for index in (at, write.offset(at, SLOTS))
        ]
        counts = [builder.zext(builder.ctpop(mask), _INT64) for mask in masks]
        slot = builder.zext(builder.cttz(masks[0], ir.Constant(ir.IntType(1), 0)), _INT64)
        number = builder.add(*counts)
        return builder.add(builder.mul(number, ir.Constant(_INT64, SLOTS)), slot)

    return types.int64(state, types.int64, types.float32), generate
