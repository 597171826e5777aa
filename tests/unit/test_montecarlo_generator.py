"""The generator: published vectors, an independent twin, and normals that are the twin's to the last bits."""

from __future__ import annotations

import numpy as np
import pytest

from montecarlo import _jit, generator
from montecarlo.plain import plain_normals, plain_words

MASK = 2**64 - 1
DIGITS_OF_PI = (
    "243f6a8885a308d3 13198a2e03707344 a4093822299f31d0 082efa98ec4e6c89 "
    "452821e638d01377 be5466cf34e90c6c be5466cf34e90c6c c0ac29b7c97c50dd"
)
PI = [int(word, 16) for word in DIGITS_OF_PI.split(" ")]

# Random123, examples/kat_vectors: threefry4x64 with 20 rounds (counter, key, output).
PUBLISHED = [
    ([0] * 4, [0] * 4, "09218ebde6c85537 55941f5266d86105 4bd25e16282434dc ee29ec846bd2e40b"),
    ([MASK] * 4, [MASK] * 4, "29c24097942bba1b 0371bbfb0f6f4e11 3c231ffa33f83a1c cd29113fde32d168"),
    (PI[:4], PI[4:], "a7e8fde591651bd9 baafd0c30138319b 84a5c1a729e685b9 901d406ccebc1ba4"),
    # randomgen 2.5.1, ThreeFry(key=0, counter=0, number=4, width=64).random_raw(8)
    ([1, 0, 0, 0], [0] * 4, "affbae48c21f4d17 69d9911959a2be5d 648fac0e8d1d2f63 a90aace949ad6863"),
    ([2, 0, 0, 0], [0] * 4, "e8f345b312f38049 28856b49716568af ec49ecf409752a5a 8e9842537fa6a73e"),
]


def threefry_by_definition(counter: list[int], key: list[int]) -> list[int]:
    """Threefry4x64-20 over Python integers, after the description in the paper."""
    rotations = [(14, 16), (52, 57), (23, 40), (5, 37), (25, 33), (46, 12), (58, 22), (32, 32)]
    extended = [*key, 0x1BD11BDAA9FC1A22 ^ key[0] ^ key[1] ^ key[2] ^ key[3]]
    v = [(c + k) & MASK for c, k in zip(counter, key, strict=True)]
    for round_ in range(20):
        left, right = ((0, 1), (2, 3)) if round_ % 2 == 0 else ((0, 3), (2, 1))
        for (i, j), bits in zip((left, right), rotations[round_ % 8], strict=True):
            v[i] = (v[i] + v[j]) & MASK
            v[j] = (((v[j] << bits) | (v[j] >> (64 - bits))) & MASK) ^ v[i]
        if round_ % 4 == 3:
            s = round_ // 4 + 1
            v = [(v[i] + extended[(s + i) % 5] + (s if i == 3 else 0)) & MASK for i in range(4)]
    return v


@pytest.mark.parametrize(("counter", "key", "output"), PUBLISHED)
def test_published_vectors(counter, key, output):
    expected = [int(word, 16) for word in output.split()]
    assert threefry_by_definition(counter, key) == expected
    words = [np.uint64(word) for word in (*counter, *key)]
    assert [int(word) for word in generator._threefry(*words)] == expected
    first = np.array(counter[:1], np.uint64)
    assert plain_words(np.array(key, np.uint64), (first, *counter[1:])).tolist() == [expected]


@pytest.mark.parametrize("size", [0, 1, 3, 4, 5, 41])
def test_words_are_the_function_of_the_counter(size):
    key = np.array([3, MASK, 2**63, 12345], np.uint64)
    out = np.full(size + 1, 7, np.uint64)
    generator.fill_words(key, 6, 2**40, out[:size])
    expected = [word for b in range(11) for word in threefry_by_definition([b, 2**40, 6, 0], key.tolist())]
    assert out[:size].tolist() == expected[:size]
    assert out[size] == 7


@pytest.mark.parametrize("size", [1, 255, 256, 257, 100_003])
def test_normals_are_those_of_the_plain_twin(size):
    key = np.array([1, 2, 3, 4], np.uint64)
    out = np.full(size + 1, np.nan)
    generator.fill_normals(key, 1, 5, out[:size])
    twin = plain_normals(key, 1, 5, size)
    # Each is within a few units in the last place of its radius, which is at most 8.57.
    assert np.abs(out[:size] - twin).max() <= 16 * 2.0**-52 * 8.57
    assert np.isnan(out[size])


def test_a_shorter_array_is_the_beginning_of_a_longer_one():
    key = np.array([1, 2, 3, 4], np.uint64)
    longer, shorter = np.empty(5000), np.empty(1234)
    generator.fill_normals(key, 0, 0, longer)
    generator.fill_normals(key, 0, 0, shorter)
    assert (longer[:1234] == shorter).all()


def test_every_part_of_the_counter_and_key_matters():
    def beginning(key, stream, replicate):
        out = np.empty(8)
        generator.fill_normals(np.array(key, np.uint64), stream, replicate, out)
        return tuple(out)

    keys = [[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    seen = {beginning(key, stream, replicate) for key in keys for stream in (0, 1) for replicate in (0, 1, 2**33)}
    assert len(seen) == 30


EXTREMES = [0, 1, 2**11 - 1, 2**11, 2**62, 2**63 - 1, 2**63, 2**64 - 2**11, 2**64 - 2**11 - 1, MASK]


@pytest.mark.parametrize("first", EXTREMES)
@pytest.mark.parametrize("second", [0, 2**61, 2**62 - 1, 2**62, 2**63, 3 * 2**62, MASK])
def test_box_muller_at_the_ends_of_its_range(first, second):
    got = generator._box_muller(np.uint64(first), np.uint64(second))
    u = ((first >> 11) + 1) / 2**53
    angle = ((second >> 62) + (((second << 2) & MASK) >> 11) / 2**53 - 0.5) * (np.pi / 2)
    radius = np.sqrt(-2 * np.log(u))
    assert got == pytest.approx((radius * np.cos(angle), radius * np.sin(angle)), rel=1e-12, abs=4e-15)
    assert max(map(abs, got)) <= 8.572


def test_minus_log_keeps_relative_accuracy_near_one():
    for u in (1.0, 1 - 2.0**-53, 1 - 2.0**-30, 0.75, 2**-0.5, 0.7, 0.5, 0.1, 2.0**-52, 2.0**-53):
        assert generator._minus_log(u) == pytest.approx(-np.log(u), rel=1e-15, abs=0)


def test_kernels_compile_without_a_cache_folder(monkeypatch):
    njit = _jit.numba.njit

    def without_folder(*, cache, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return njit(**options)

    monkeypatch.setattr(_jit.numba, "njit", without_folder)

    @_jit.kernel
    def doubled(x: int) -> int:
        return 2 * x

    assert doubled(21) == 42


def test_a_kernel_that_cannot_be_written_to_the_cache_is_used_all_the_same():
    failures = [OSError("No space left on device"), OSError("No space left on device")]

    def writes_two_kernels(x: int) -> int:
        if failures:
            raise failures.pop()
        return 2 * x

    assert _jit.call_compiling(writes_two_kernels, 21) == 42
    failures[:] = [OSError("three times is something else")] * 3
    with pytest.raises(OSError, match="something else"):
        _jit.call_compiling(writes_two_kernels, 21)
