"""The generator: published vectors, an independent twin, and numbers that are the twin's to the last bits."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from montecarlo import _jit, elementary, generator
from montecarlo.generator import LANES
from montecarlo.plain import plain_blocks, plain_chi, plain_normals, plain_words

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
    assert plain_blocks(np.array(key, np.uint64), (first, *counter[1:])).tolist() == [expected]


SIZES = [0, 1, LANES, 4 * LANES - 1, 4 * LANES, 4 * LANES + 1, 1000]


@pytest.mark.parametrize("size", SIZES)
def test_words_are_the_function_of_the_counter(size):
    key = np.array([3, MASK, 2**63, 12345], np.uint64)
    out = np.full((3, size), 7, np.uint64)
    generator.fill_words(key, 6, 2**40, out)
    for row in range(3):
        places = np.arange(size)
        blocks = LANES * (places // (4 * LANES)) + places % LANES
        words = places // LANES % 4
        output = {
            block: threefry_by_definition([block, 2**40 + row, 6, 0], key.tolist()) for block in set(blocks.tolist())
        }
        expected = [output[block][word] for block, word in zip(blocks.tolist(), words.tolist(), strict=True)]
        assert out[row].tolist() == expected
        assert plain_words(key, 6, 2**40 + row, size).tolist() == expected


@pytest.mark.parametrize("size", [*SIZES, 100_003])
def test_normals_are_those_of_the_plain_twin(size):
    key = np.array([1, 2, 3, 4], np.uint64)
    out = np.empty((3, size))
    generator.fill_normals(key, 1, 5, out)
    for row in range(3):
        # Each is within a few units in the last place of its radius, which is at most 8.57.
        np.testing.assert_allclose(out[row], plain_normals(key, 1, 5 + row, size), rtol=0, atol=16 * 2.0**-52 * 8.57)


@pytest.mark.parametrize(("largest", "columns"), [(1, 1), (7, 7), (40, 40), (1000, 30), (10**10, 5)])
def test_chi_is_that_of_the_plain_twin(largest, columns):
    key = np.array([1, 2, 3, 4], np.uint64)
    out = np.empty((40, columns))
    generator.fill_chi(key, 2, 5, largest, out)
    for row in range(40):
        # The logarithm in the acceptance test is multiplied by the degrees of freedom, but a decision is far from it.
        np.testing.assert_allclose(out[row], plain_chi(key, 2, 5 + row, largest, columns), rtol=1e-13, atol=0)


def test_chi_needs_several_attempts_now_and_then():
    # Else the twins would agree although one had the counter of attempts wrong.
    key = np.array([1, 2, 3, 4], np.uint64)
    out, accepted = np.empty((4000, 1)), np.empty(4000)
    generator.fill_chi(key, 2, 0, 2, out)
    for row in range(4000):
        words = plain_blocks(key, (np.zeros(1, np.uint64), row, 2, 0))[0]
        z = generator._box_muller(words[0], words[1])[0]
        v = (1.0 + z / np.sqrt(6.0)) ** 3  # with 2 degrees of freedom: d = 2/3
        accepted[row] = v > 0.0 and np.isclose(out[row, 0], np.sqrt(4.0 / 3.0 * v), rtol=1e-9)
    assert 0.94 < accepted.mean() < 0.97  # 0.952 for alpha = 1


@pytest.mark.parametrize("filled", ["words", "normals", "chi"])
def test_rows_are_the_beginning_of_longer_ones_and_replicates_can_be_split(filled):
    key = np.array([1, 2, 3, 4], np.uint64)

    def fill(first, rows, columns):
        out = np.empty((rows, columns), np.uint64 if filled == "words" else np.float64)
        if filled == "chi":
            generator.fill_chi(key, 0, first, 2000, out)
        else:
            getattr(generator, f"fill_{filled}")(key, 0, first, out)
        return out

    whole = fill(10, 6, 1500)
    assert (fill(10, 6, 333) == whole[:, :333]).all()
    assert (fill(13, 3, 1500) == whole[3:]).all()
    last = 2**63 - 7
    assert (fill(last + 3, 3, 5) == fill(last, 6, 5)[3:]).all()


def test_every_part_of_the_counter_and_key_matters():
    def beginning(key, stream, replicate):
        out = np.empty((1, 8))
        generator.fill_normals(np.array(key, np.uint64), stream, replicate, out)
        return tuple(out[0])

    keys = [[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    seen = {beginning(key, stream, replicate) for key in keys for stream in (0, 1) for replicate in (0, 1, 2**33)}
    assert len(seen) == 30


EXTREMES = [0, 1, 2**11 - 1, 2**11, 2**62, 2**63 - 1, 2**63, 2**64 - 2**11, 2**64 - 2**11 - 1, MASK]


@pytest.mark.parametrize("first", EXTREMES)
@pytest.mark.parametrize("quarter", range(4))
@pytest.mark.parametrize("place", [0, 511, 512, 2**61 - 1, 2**61, 2**62 - 1])
def test_box_muller_at_the_ends_of_its_range(first, quarter, place):
    z = generator._box_muller(np.uint64(first), np.uint64((quarter << 62) + place))
    with mp.workdps(50):
        radius = mp.sqrt(-2 * mp.log(mp.mpf((first >> 11) + 1) / 2**53))
        angle = mp.mpf(place >> 9) / 2**53 * mp.pi / 2
        expected = (1 - 2 * (quarter >> 1)) * radius * mp.cos(angle), (1 - 2 * (quarter & 1)) * radius * mp.sin(angle)
        for got, wanted in zip(z, expected, strict=True):
            # Cosine and sine of an eighth turn are added: what is lost is relative to the radius.
            assert abs(got - wanted) <= 4 * 2.0**-53 * radius
    assert max(map(abs, z)) <= 8.572


def test_logarithms_keep_relative_accuracy_near_one():
    for u in (
        1.0,
        1 - 2.0**-53,
        1 - 2.0**-30,
        0.75,
        2**-0.5,
        0.7,
        0.5,
        0.1,
        2.0**-52,
        2.0**-53,
        1 + 2.0**-52,
        1.4,
        7.0,
    ):
        assert elementary.log(u) == pytest.approx(float(mp.log(u)), rel=4e-16, abs=0)
    with mp.workdps(50):
        for w in (1e-9, -1e-9, 1e-5, -1e-3, 0.1, 0.3, -0.28, 0.42, 0.5, -0.9, 20.0):
            v = 1.0 + w
            expected = float(mp.log(v) - (mp.mpf(v) - 1))
            # What is lost is a few units in the last place of v - 1, not of 1.
            assert generator._log_minus(v) == pytest.approx(expected, rel=1e-15, abs=4 * 2.0**-53 * abs(w))


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
    failures = [OSError("No space left on device")] * _jit._KERNELS

    def writes_kernels(x: int) -> int:
        if failures:
            raise failures.pop()
        return 2 * x

    assert _jit.call_compiling(writes_kernels, 21) == 42
    failures[:] = [OSError("once more is something else")] * (_jit._KERNELS + 1)
    with pytest.raises(OSError, match="something else"):
        _jit.call_compiling(writes_kernels, 21)
