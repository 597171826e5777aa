"""``rankbound.arrays``: each kind of file, and each way in which one cannot be used."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from rankbound.arrays import ENDINGS, load_array

DATA = np.array([[0.25, 1.5], [-2.0, 3.0]])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_kind_is_read(folder):
    np.save("a.npy", DATA)
    np.savez("a.npz", only=DATA)
    np.savetxt("a.txt", DATA)
    np.savetxt("a.dat", DATA)
    np.savetxt("a.csv", DATA, delimiter=",")
    np.savetxt("a.tsv", DATA, delimiter="\t")
    for ending in set(ENDINGS) - {".safetensors"}:
        found = load_array(f"a{ending}", name="P")
        assert np.array_equal(found, DATA)
        assert np.array_equal(load_array(Path(f"a{ending}"), name="P"), DATA)
    assert load_array("a.npz::only", name="P").dtype == np.float64


def test_the_dtype_is_the_files(folder):
    for dtype in (np.float32, np.float16, np.int64, np.uint8):
        np.save("a.npy", np.abs(DATA).astype(dtype))
        assert load_array("a.npy", name="P").dtype == dtype


def test_fortran_order_one_row_and_other_axes(folder):
    np.save("a.npy", np.asfortranarray(DATA))
    assert np.array_equal(load_array("a.npy", name="P"), DATA)
    Path("row.txt").write_text("1 2 3\n")
    assert load_array("row.txt", name="P").shape == (1, 3)
    np.save("v.npy", DATA[0])
    assert load_array("v.npy", name="P", ndim=1).shape == (2,)


def test_safetensors(folder):
    numpy = pytest.importorskip("safetensors.numpy")
    numpy.save_file({"tokens": DATA, "other": DATA[0].copy()}, "a.safetensors")
    assert np.array_equal(load_array("a.safetensors::tokens", name="P"), DATA)
    with pytest.raises(ValueError, match=r"^P = 'a.safetensors': expected a file with one array; name one as .*::NAME"):
        load_array("a.safetensors", name="P")
    Path("b.safetensors").write_bytes(b"nonsense")
    with pytest.raises(ValueError, match=r"^P = 'b.safetensors': expected an array in .safetensors format; it cannot"):
        load_array("b.safetensors", name="P")


def test_without_safetensors_one_line_says_how_to_install_it(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    Path("a.safetensors").write_bytes(b"")
    with pytest.raises(ValueError, match=r"expected safetensors installed, .*; pip install 'rankbound\[models\]', or"):
        load_array("a.safetensors", name="P")


def write(name, content):
    if isinstance(content, bytes):
        Path(name).write_bytes(content)
    elif name.split("::")[0].endswith(".npz"):
        np.savez(name.split("::")[0], **content)
    else:
        np.save(name, content)


NPY = b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (%s), }"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "a.npy",
            np.array([[1, None]], dtype=object),
            r"expected an array in .npy format; it has pickled objects, which",
        ),
        ("a.npz", {"a": np.array([[1, None]], dtype=object)}, r"expected an array in .npz format; it has pickled obj"),
        ("a.npy", b"", r"expected an array in .npy format; it cannot be read \("),
        ("a.npy", b"nonsense", r"expected an array in .npy format; it cannot be read \("),
        ("a.npy", NPY % b"3, 3" + b" " * 60 + b"\n" + b"1" * 7, r"expected an array in .npy format; it cannot be read"),
        ("a.npy", NPY % b"10**9" + b"\n", r"expected an array in .npy format; it cannot be read"),
        ("a.npy", NPY % b"99999999, 99999999" + b" " * 48 + b"\n", r"expected an array in .npy format; it cannot be"),
        ("a.npz", b"nonsense", r"expected an array in .npz format; it cannot be read \("),
        ("a.npz", {"a": DATA, "b": DATA}, r"expected a file with one array; name one as a.npz::NAME; there is a, b$"),
        ("a.npz::c", {"a": DATA, "b": DATA}, r"expected the name of an array in the file; .* there is a, b$"),
        ("a.npz", {}, r"expected a file with one array; .* there is none$"),
        ("a.txt", b"1 2\n3\n", r"expected an array in .txt format; it cannot be read \("),
        ("a.txt", b"1 x\n", r"expected an array in .txt format; it cannot be read \("),
        ("a.txt", b"\xff\xfe\x00", r"expected an array in .txt format; it cannot be read \("),
        ("a.csv", b"1;2\n", r"expected an array in .csv format; it cannot be read \("),
        (
            "a.txt",
            b"",
            r"expected integers or floats; it has float64 of shape .*: give an array of numbers that is not",
        ),
        ("a.npy", DATA[0], r"expected an array with 2 axes; its shape is \(2,\): take one part"),
        ("a.npy", DATA[None], r"expected an array with 2 axes; its shape is \(1, 2, 2\): take one part"),
        ("a.npy", DATA + 0j, r"expected integers or floats; it has complex128 of shape \(2, 2\): convert"),
        ("a.npy", DATA > 0, r"expected integers or floats; it has bool of shape"),
        ("a.npy", np.array([["a"]]), r"expected integers or floats; it has <U1 of shape"),
        ("a.npy", np.empty((0, 2)), r"expected integers or floats; .* not empty"),
        ("a.npy::x", b"", r"expected a file name; a .npy file has one array only: leave ::x out"),
    ],
)
def test_files_that_are_refused(folder, name, content, said):
    write(name.removesuffix("::x"), content)
    with pytest.raises(ValueError, match=r"^--inputs = '" + name + "': " + said) as caught:
        load_array(name, name="--inputs")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.npy", r"^P = 'none.npy': expected a file that can be read; there is no such file: check the path$"),
        ("dir.npy", r"^P = 'dir.npy': expected a file that can be read; it is a folder: check the path$"),
        ("a.pt", r"^P = 'a.pt': expected a file name that ends in .npy, .npz, .* or .tsv; save the array as .npy"),
        ("", r"^P = '': expected a file name that ends in"),
        ("::x", r"^P = '::x': expected a file name that ends in"),
    ],
)
def test_places_where_there_is_nothing(folder, name, said):
    Path("dir.npy").mkdir()
    with pytest.raises(ValueError, match=said):
        load_array(name, name="P")


def test_nothing_pickled_is_ever_run(folder):
    """An .npy file whose content would create a file when unpickled."""

    class Trap:
        def __reduce__(self):
            return Path.touch, (folder / "sprung",)

    np.save("a.npy", np.array([Trap()], dtype=object))
    with pytest.raises(ValueError, match="never loaded"):
        load_array("a.npy", name="P")
    assert not (folder / "sprung").exists()
    np.load("a.npy", allow_pickle=True)  # the trap does work
    assert (folder / "sprung").exists()
