"""What is written comes back as it was, for every format that is read again; and what was damaged is noticed.

LaTeX, Markdown, HTML, SVG and DOT are written for people and other programs, and not read here.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import math
import pickle
import tempfile
from pathlib import Path

import numpy as np
import pytest
from amount import amount
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from proofs import cache as proof_cache
from proofs.mutation import stored
from proofs.mutation.run import Verdict as MutantVerdict
from proofs.records import Derivation, LedgerItem, StepReport
from rankbound import MLA, Inputs, Setting
from rankbound.arrays import load_array
from rankbound.bounds import cache as number_cache
from rankbound.cli.represent import _found, _write
from rankbound.enclosure import Enclosure
from rankbound.testing import attention_settings, stochastic_matrices
from rankbound.verdict import Rigour


@contextlib.contextmanager
def folder():
    """Yield an empty folder; a fixture would be shared by all examples."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


# Arrays that somebody made elsewhere

SHAPES = array_shapes(min_dims=2, max_dims=2, max_side=6)
NUMBERS = st.one_of(
    arrays(np.float64, SHAPES, elements=st.floats(width=64)),
    arrays(np.float32, SHAPES, elements=st.floats(width=32)),
    arrays(np.int64, SHAPES),
    arrays(np.uint8, SHAPES),
)
NAMES = st.text("abcXYZ019_.-", min_size=1, max_size=8)


def same(found, wanted):
    assert found.dtype == wanted.dtype
    assert found.shape == wanted.shape
    assert found.tobytes() == wanted.tobytes() or np.array_equal(found, wanted, equal_nan=True)


@amount(40)
@given(NUMBERS, st.booleans())
def test_npy(array, fortran):
    with folder() as place:
        np.save(place / "one.npy", np.asfortranarray(array) if fortran else array)
        same(load_array(place / "one.npy", name="P"), array)


@amount(40)
@given(st.dictionaries(NAMES, NUMBERS, min_size=1, max_size=3), st.booleans())
def test_npz(members, compressed):
    with folder() as place:
        with (place / "some.npz").open("wb") as stream:
            (np.savez_compressed if compressed else np.savez)(
                stream, **{f"a{name}": one for name, one in members.items()}
            )
        for name, one in members.items():
            same(load_array(f"{place}/some.npz::a{name}", name="P"), one)
        if len(members) == 1:
            same(load_array(place / "some.npz", name="P"), one)


@amount(40)
@given(st.dictionaries(NAMES, NUMBERS, min_size=1, max_size=3))
def test_safetensors(members):
    safetensors = pytest.importorskip("safetensors.numpy")
    with folder() as place:
        safetensors.save_file(members, place / "some.safetensors")
        for name, one in members.items():
            same(load_array(f"{place}/some.safetensors::{name}", name="P"), one)


@amount(60)
@given(arrays(np.float64, SHAPES, elements=st.floats(width=64)), st.sampled_from([".txt", ".dat", ".csv", ".tsv"]))
def test_text(array, ending):
    between = {".csv": ",", ".tsv": "\t"}.get(ending, " ")
    with folder() as place:
        lines = [between.join(map(repr, row)) for row in array.tolist()]
        (place / f"one{ending}").write_text("\n".join(lines) + "\n", encoding="utf-8")
        same(load_array(place / f"one{ending}", name="P"), array)  # seventeen digits are the number itself


@amount(40)
@given(NUMBERS, st.sampled_from([".npy", ".npz", ".safetensors"]), st.data())
def test_a_file_that_is_cut_off_is_one_clear_line(array, ending, data):
    with folder() as place:
        path = place / f"one{ending}"
        if ending == ".safetensors":
            pytest.importorskip("safetensors.numpy").save_file({"a": array}, path)
        else:
            (np.save if ending == ".npy" else np.savez)(path, array)
        whole = path.read_bytes()
        path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
        with pytest.raises(ValueError, match=r"^P = .*: expected ") as caught:
            load_array(path, name="P")
        assert "\n" not in str(caught.value)


@amount(20)
@given(stochastic_matrices(positive=True), st.integers(1, 9))
def test_weights_written_by_represent(matrix, head_dim):
    with folder() as place:
        np.save(place / "P.npy", matrix.array)
        found, _ = _found(str(place / "P.npy"), head_dim, None, "columns")
        _write(place / "weights.npz", found)
        with np.load(place / "weights.npz", allow_pickle=False) as read:
            assert {"W_q", "W_k", "P_hat"} < set(read.files)
            for name in read.files:
                same(read[name], np.asarray(getattr(found, name)))


# Settings


@amount(60)
@given(attention_settings())
def test_settings(setting):
    written = json.loads(setting.to_json())
    assert pickle.loads(pickle.dumps(setting)) == setting
    assert written == setting.to_dict()
    fields = written | {"head_dim": math.inf if written["head_dim"] == "inf" else written["head_dim"]}
    if isinstance(fields["inputs"], dict):
        fields["inputs"] = Inputs(
            **fields["inputs"] | ({"array": setting.inputs.array} if "array" in fields["inputs"] else {})
        )
    if fields["mla"] is not None:
        fields["mla"] = MLA(**fields["mla"])
    if not isinstance(setting.mask, str):  # of arrays a document has the digest only
        assert fields["mask"]["sha256"] == setting.mask.sha256
        fields["mask"] = setting.mask.array
    again = Setting(**fields)
    assert again == setting
    assert again.to_json() == setting.to_json()


# What is kept between runs

FLOATS = st.floats(allow_nan=False, allow_infinity=False, width=64)
TEXT = st.text(max_size=12)
PROGRAM = "program-" + "0" * 32


@pytest.fixture(scope="module")
def kept_here(tmp_path_factory):
    """Return a folder in which entries of both caches are looked for, whatever the program."""
    place = tmp_path_factory.mktemp("kept") / PROGRAM
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(number_cache, "_place", lambda: place)
        patch.setattr(proof_cache, "program", lambda: "0" * 32)
        yield place


@amount(40)
@given(
    st.lists(FLOATS, min_size=2, max_size=2).map(sorted),
    st.sampled_from([Rigour.EXACT, Rigour.ENCLOSED]),
    FLOATS,
    st.data(),
)
def test_numbers_kept_on_disk(kept_here, ends, rigour, conditioned, data):
    sizes = tuple(data.draw(st.tuples(*[st.integers(1, 10**18)] * 3)))
    method = data.draw(st.text(min_size=1, max_size=60))
    for path in kept_here.glob("n*.json"):  # of an example that failed
        path.unlink()
    number_cache.keep(*sizes, Enclosure(*ends, rigour, method), conditioned)
    assert number_cache.recall(*sizes) == (Enclosure(*ends, rigour, method), conditioned)
    [path] = kept_here.glob("n*.json")
    spoil(path, data)
    assert number_cache.recall(*sizes) is None


def spoil(path, data):
    """Change one byte of a file, or cut it off."""
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        content[at] ^= data.draw(st.integers(1, 255))
    else:
        del content[at:]
    path.write_bytes(content)


STEPS = st.builds(
    StepReport,
    name=TEXT,
    claim=TEXT,
    rule=TEXT,
    premises=st.lists(TEXT, max_size=2).map(tuple),
    status=st.just("accepted"),
    method=TEXT,
    detail=TEXT,
    carrier=TEXT,
)
DERIVATIONS = st.builds(
    Derivation,
    theorem=st.just("barrier"),
    title=TEXT,
    statement=TEXT,
    formal=TEXT,
    establishes=st.sampled_from(["claim", "negation"]),
    status=st.sampled_from(["checked", "partial", "rejected"]),
    detail=TEXT,
    steps=st.lists(STEPS, min_size=1, max_size=3).map(tuple),
    ledger=st.lists(st.builds(LedgerItem, TEXT, TEXT, TEXT, TEXT), max_size=2).map(tuple),
)


@amount(40)
@given(DERIVATIONS, st.data())
def test_derivations_kept_on_disk(kept_here, derivation, data):
    assert Derivation.from_json(json.loads(json.dumps(derivation.to_json()))) == derivation
    proof_cache.keep(kept_here, derivation, "0" * 32)
    assert proof_cache.recall(kept_here, "barrier") == derivation
    path = kept_here / "barrier.json"
    spoil(path, data)
    assert proof_cache.recall(kept_here, "barrier") is None


VERDICTS = st.builds(
    MutantVerdict,
    **dict.fromkeys(("theorem", "step", "kind", "what", "outcome", "detail", "reason", "failure", "claim"), TEXT),
    points=st.integers(0, 99),
    seconds=st.floats(0, 9),
    every=st.integers(1, 9),
)


@amount(40)
@given(st.lists(VERDICTS, max_size=4))
def test_verdicts_on_mutants(verdicts):
    with folder() as place:
        stored.write(place / "verdicts.jsonl", verdicts)
        assert stored.read(place / "verdicts.jsonl") == verdicts
        assert {field.name for field in dataclasses.fields(MutantVerdict)} == stored._FIELDS


def test_the_formats_above_are_all_that_are_read():
    """A new ending needs a test here."""
    from rankbound.arrays import ENDINGS

    assert set(ENDINGS) == {".npy", ".npz", ".safetensors", ".txt", ".dat", ".csv", ".tsv"}
