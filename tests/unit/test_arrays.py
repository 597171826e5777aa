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
    with pytest.raises(ValueError, match=": expected ") as caught:
        load_array("a.safetensors", name="P")
    said = "expected a file with one array; name one as a.safetensors::NAME; there is "
    assert str(caught.value) in {f"P = 'a.safetensors': {said}{names}" for names in ("tokens, other", "other, tokens")}
    Path("b.safetensors").write_bytes(b"nonsense")
    with pytest.raises(
        ValueError,
        match=r"^P = 'b.safetensors': expected an array in .safetensors format; it ca.* \(.*header.*\): save it anew$",
    ):
        load_array("b.safetensors", name="P")


def test_without_safetensors_one_line_says_how_to_install_it(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    Path("a.safetensors").write_bytes(b"")
    with pytest.raises(ValueError, match=": expected ") as caught:
        load_array("a.safetensors", name="P")
    assert str(caught.value) == (
        "P = 'a.safetensors': expected safetensors installed, to read this file; "
        "pip install 'rankbound[models]', or save the array as .npy"
    )


def write(name, content):
    if isinstance(content, bytes):
        Path(name).write_bytes(content)
    elif name.split("::")[0].endswith(".npz"):
        np.savez(name.split("::")[0], **content)
    else:
        np.save(name, content)


NPY = b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (%s), }"


PICKLED = "it has pickled objects, which could run code and are never loaded: save plain numbers"
UNREADABLE = r"it cannot be read \((?!None).{1,100}\): save it anew"
SEVERAL = {f"k{i}": DATA for i in range(9)}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.npy", np.array([[1, None]], dtype=object), f"an array in .npy format; {PICKLED}"),
        ("a.npz", {"a": np.array([[1, None]], dtype=object)}, f"an array in .npz format; {PICKLED}"),
        ("a.npy", b"", f"an array in .npy format; {UNREADABLE}"),
        ("a.npy", b"nonsense", f"an array in .npy format; {UNREADABLE}"),
        (
            "a.npy",
            NPY % b"3, 3" + b" " * 60 + b"\n" + b"1" * 7,
            r"an array in .npy format; it cannot be read \(Failed to read .{85}\): save it anew",  # cut at 100 letters
        ),
        ("a.npy", NPY % b"10**9" + b"\n", f"an array in .npy format; {UNREADABLE}"),
        ("a.npy", NPY % b"99999999, 99999999" + b" " * 48 + b"\n", f"an array in .npy format; {UNREADABLE}"),
        ("a.npz", b"nonsense", f"an array in .npz format; {UNREADABLE}"),
        ("a.npz", {"a": DATA, "b": DATA}, "a file with one array; name one as a.npz::NAME; there is a, b"),
        (
            "a.npz::c",
            {"a": DATA, "b": DATA},
            "the name of an array in the file; name one as a.npz::NAME; there is a, b",
        ),
        ("a.npz", {}, "a file with one array; name one as a.npz::NAME; there is none"),
        (
            "a.npz",
            SEVERAL,
            r"a file with one array; name one as a.npz::NAME; there is k0, k1, k2, k3, k4, k5, k6, k7, \.\.\.",
        ),
        (
            "a.npz",
            dict.fromkeys(list(SEVERAL)[:8], DATA),
            "a file with one array; name one as a.npz::NAME; there is k0, k1, k2, k3, k4, k5, k6, k7",
        ),
        ("a.txt", b"1 2\n3\n", f"an array in .txt format; {UNREADABLE}"),
        ("a.txt", b"1 x\n", f"an array in .txt format; {UNREADABLE}"),
        ("a.txt", b"\xff\xfe\x00", f"an array in .txt format; {UNREADABLE}"),
        ("a.csv", b"1;2\n", f"an array in .csv format; {UNREADABLE}"),
        ("a.TXT", b"1 x\n", f"an array in .txt format; {UNREADABLE}"),
        (
            "a.txt",
            b"",
            r"integers or floats; it has float64 of shape \(0, 1\): give an array of numbers that is not empty",
        ),
        ("a.npy", DATA[0], r"an array with 2 axes; its shape is \(2,\): take one part of it, or reshape it"),
        ("a.npy", DATA[None], r"an array with 2 axes; its shape is \(1, 2, 2\): take one part of it, or reshape it"),
        (
            "a.npy",
            DATA + 0j,
            r"integers or floats; it has complex128 of shape \(2, 2\): convert it to float64 first",
        ),
        ("a.npy", DATA > 0, r"integers or floats; it has bool of shape \(2, 2\): convert it to float64 first"),
        ("a.npy", np.array([["a"]]), r"integers or floats; it has <U1 of shape \(1, 1\): convert it to float64 first"),
        (
            "a.npy",
            np.empty((0, 2)),
            r"integers or floats; it has float64 of shape \(0, 2\): give an array of numbers that is not empty",
        ),
        ("a.npy::x", b"", "a file name; a .npy file has one array only: leave ::x out"),
        ("a.txt::x", b"1", "a file name; a .txt file has one array only: leave ::x out"),
    ],
)
def test_files_that_are_refused(folder, name, content, said):
    write(name.removesuffix("::x"), content)
    with pytest.raises(ValueError, match=f"^--inputs = '{name}': expected {said}$") as caught:
        load_array(name, name="--inputs")
    assert "\n" not in str(caught.value)


def test_where_booleans_are_welcome_the_message_says_so(folder):
    np.save("a.npy", DATA > 0)
    assert load_array("a.npy", name="mask", booleans=True).dtype == bool
    np.save("a.npy", DATA + 0j)
    with pytest.raises(ValueError, match=r"^mask = 'a.npy': expected booleans or numbers; it has complex128 of shape"):
        load_array("a.npy", name="mask", booleans=True)


def test_an_error_without_words_is_called_by_its_name(folder, monkeypatch):
    def exhausted(*_, **__):
        raise MemoryError

    np.save("a.npy", DATA)
    monkeypatch.setattr(np.lib.format, "read_array", exhausted)
    with pytest.raises(ValueError, match=r"^P = 'a.npy': .*; it cannot be read \(MemoryError\): save it anew$"):
        load_array("a.npy", name="P")


def test_the_words_of_an_error_become_one_line(folder, monkeypatch):
    def failing(*_, **__):
        raise ValueError("two\n  lines")

    np.savez("a.npz", DATA)
    monkeypatch.setattr(np.lib.format, "read_array", failing)
    with pytest.raises(ValueError, match=r"^P = 'a.npz': .*; it cannot be read \(two lines\): save it anew$"):
        load_array("a.npz", name="P")


@pytest.mark.parametrize(
    ("error", "said"), [(PermissionError(13, "Permission denied"), "permission denied"), (OSError("Gone"), "gone")]
)
def test_what_the_system_says_is_passed_on(folder, monkeypatch, error, said):
    def failing(*_, **__):
        raise error

    np.savez("a.npz", DATA)
    monkeypatch.setattr(np.lib.format, "read_array", failing)
    with pytest.raises(ValueError, match=f"^P = 'a.npz': expected a file that can be read; {said}: check the path$"):
        load_array("a.npz", name="P")


ENDS = (
    "a file name that ends in .npy, .npz, .safetensors, .txt, .dat, .csv or .tsv; "
    "save the array as .npy, with numpy.save"
)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.npy", "a file that can be read; there is no such file: check the path"),
        ("dir.npy", "a file that can be read; it is a folder: check the path"),
        ("a.pt", ENDS),
        ("", ENDS),
        ("::x", ENDS),
    ],
)
def test_places_where_there_is_nothing(folder, name, said):
    Path("dir.npy").mkdir()
    with pytest.raises(ValueError, match=": expected ") as caught:
        load_array(name, name="P")
    assert str(caught.value) == f"P = '{name}': expected {said}"


def test_an_array_of_that_name_is_read_and_no_other(folder):
    np.savez("a.npz", first=DATA, second=2 * DATA)
    assert np.array_equal(load_array("a.npz::second", name="P"), 2 * DATA)
    np.savez("b.npz", only=DATA)
    with pytest.raises(ValueError, match=r"^P = 'b.npz::other': expected the name of an array in the file; "):
        load_array("b.npz::other", name="P")


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
