"""The folder of an appendix: all of it or nothing, and nothing of anybody else's is lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from rankbound.appendix import folder as folders
from rankbound.appendix.folder import refuse_to_replace, why_not_writable, write_folder
from rankbound.appendix.manifest import NAME, Manifest, digests, read_manifest
from rankbound.appendix.request import appendix_request

FILES = {"appendix.tex": b"first", "figures/curve.pdf": b"drawn"}


def with_manifest(files):
    manifest = Manifest(appendix_request(["barrier"]), ("latex",), ("rankbound 0",), "", {"title": "T"}, digests(files))
    return {**files, NAME: manifest.to_bytes()}


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_is_made_with_those_above_it(tmp_path):
    target = tmp_path / "paper" / "appendix"
    write_folder(target, with_manifest(FILES), force=False)
    assert contents(target) == with_manifest(FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["paper"]


def test_files_of_others_stay(tmp_path):
    (tmp_path / "paper.tex").write_text("mine")
    write_folder(tmp_path, with_manifest(FILES), force=False)
    assert contents(tmp_path) == {**with_manifest(FILES), "paper.tex": b"mine"}


def test_existing_files_are_replaced_by_force_only(tmp_path):
    (tmp_path / "appendix.tex").write_text("mine")
    with pytest.raises(ValueError, match=r"expected a folder without appendix\.tex in it; .*--force") as caught:
        write_folder(tmp_path, with_manifest(FILES), force=False)
    assert "\n" not in str(caught.value)
    assert contents(tmp_path) == {"appendix.tex": b"mine"}
    (tmp_path / "appendix.tex").unlink()
    write_folder(tmp_path, with_manifest(FILES), force=False)
    newer = with_manifest({"appendix.tex": b"second", "figures/curve.pdf": b"drawn again"})
    write_folder(tmp_path, newer, force=True)
    assert contents(tmp_path) == newer


@pytest.mark.parametrize("earlier", [False, True])
def test_force_does_not_replace_what_somebody_wrote(tmp_path, earlier):
    if earlier:
        write_folder(tmp_path, with_manifest(FILES), force=False)
    (tmp_path / "appendix.tex").write_text("mine")
    before = contents(tmp_path)
    with pytest.raises(
        ValueError, match=r"appendix\.tex is not a file of an earlier appendix, or was changed"
    ) as caught:
        write_folder(tmp_path, with_manifest(FILES), force=True)
    assert "\n" not in str(caught.value)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_of_figures_that_is_none_is_refused(tmp_path, force):
    target, elsewhere = tmp_path / "appendix", tmp_path / "elsewhere"
    target.mkdir()
    elsewhere.mkdir()
    (target / "figures").write_text("mine")
    with pytest.raises(ValueError, match="figures is not a folder: move it away"):
        write_folder(target, with_manifest(FILES), force=force)
    (target / "figures").unlink()
    (target / "figures").symlink_to(elsewhere)
    with pytest.raises(ValueError, match="figures leads elsewhere: move it away"):
        write_folder(target, with_manifest(FILES), force=force)
    assert contents(tmp_path) == {}
    assert [path.name for path in target.iterdir()] == ["figures"]


@pytest.mark.parametrize("problem", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("last", [1, 2, 3, 4, 5, 6])
def test_what_stood_there_stands_again_where_replacing_fails(tmp_path, monkeypatch, problem, last):
    earlier = with_manifest({"appendix.tex": b"old", "figures/old.svg": b"old"})
    write_folder(tmp_path, earlier, force=False)
    moved = []

    def interrupted(self, target):
        moved.append(target)
        done = replace(self, target)
        if len(moved) == last:  # as late as can be: it is moved, and nobody was told
            raise problem
        return done

    replace = Path.replace
    monkeypatch.setattr(folders.Path, "replace", interrupted)
    with pytest.raises(type(problem)):
        write_folder(tmp_path, with_manifest({"appendix.tex": b"new", "more/new.svg": b"new"}), force=True)
    monkeypatch.undo()
    assert contents(tmp_path) == earlier
    assert sorted(path.name for path in tmp_path.iterdir()) == ["appendix.json", "appendix.tex", "figures"]


@pytest.mark.parametrize("name", ["paper.tex", "figures/../paper.tex"])
def test_a_manifest_cannot_have_files_of_others_removed(tmp_path, name):
    (tmp_path / "figures").mkdir()
    (tmp_path / "paper.tex").write_bytes(b"mine")
    (tmp_path / NAME).write_bytes(with_manifest({name: b"mine"})[NAME])
    write_folder(tmp_path, with_manifest(FILES), force=True)
    assert (tmp_path / "paper.tex").read_bytes() == b"mine"


def test_force_removes_what_an_earlier_appendix_had_unless_somebody_changed_it(tmp_path):
    earlier = {"appendix.md": b"old", "figures/old.svg": b"old", "appendix.html": b"old"}
    write_folder(tmp_path, with_manifest(earlier), force=False)
    (tmp_path / "appendix.html").write_text("edited")
    write_folder(tmp_path, with_manifest(FILES), force=True)
    assert contents(tmp_path) == {**with_manifest(FILES), "appendix.html": b"edited"}


def test_a_manifest_cannot_have_files_elsewhere_removed(tmp_path):
    outside = tmp_path / "precious"
    outside.write_bytes(b"old")
    target = tmp_path / "appendix"
    target.mkdir()
    listed = with_manifest({"../precious": b"old"})
    (target / NAME).write_bytes(listed[NAME])
    write_folder(target, with_manifest(FILES), force=True)
    assert outside.read_bytes() == b"old"


def test_nothing_is_left_where_writing_fails(tmp_path, monkeypatch):
    def full(self, data):
        if self.name == "curve.pdf":
            raise OSError(28, "No space left on device")
        return written(self, data)

    written = Path.write_bytes
    monkeypatch.setattr(folders.Path, "write_bytes", full)
    (tmp_path / "mine").write_text("mine")
    for target in (tmp_path, tmp_path / "new"):
        with pytest.raises(OSError, match="No space left"):
            write_folder(target, with_manifest(FILES), force=False)
    monkeypatch.undo()
    assert contents(tmp_path) == {"mine": b"mine"}
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_what_stands_in_the_way_is_named(tmp_path):
    refuse_to_replace(tmp_path, FILES, force=False)
    (tmp_path / NAME).symlink_to(tmp_path / "nowhere")
    with pytest.raises(ValueError, match=rf"a folder without {NAME} in it"):
        refuse_to_replace(tmp_path, FILES, force=False)


def test_why_a_folder_cannot_be_written(tmp_path):
    assert why_not_writable(tmp_path / "a" / "b") == ""
    assert why_not_writable(tmp_path) == ""
    file = tmp_path / "file"
    file.write_text("")
    assert "it is a file" in why_not_writable(file)
    assert "is a file" in why_not_writable(file / "inside")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="permission bits do not bind a superuser")
def test_a_read_only_folder_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    assert "permission denied" in why_not_writable(tmp_path / "new")


def test_a_manifest_survives_the_folder(tmp_path):
    write_folder(tmp_path, with_manifest(FILES), force=False)
    found = read_manifest(tmp_path)
    assert found.files == digests(FILES)
    assert found.request == appendix_request(["barrier"])
    assert (found.formats, found.versions, found.facts) == (("latex",), ("rankbound 0",), {"title": "T"})


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "[" * 100_000, '{"schema": "other"}', '{"schema": "rankbound.appendix/1"}']
)
def test_what_is_no_manifest_is_refused_in_one_line(tmp_path, text):
    (tmp_path / NAME).write_text(text)
    with pytest.raises(ValueError, match="make the appendix anew") as caught:
        read_manifest(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *((key, 3) for key in ("request", "formats", "versions", "date", "facts", "files")),
        ("formats", []),
        ("formats", ["bogus"]),
        ("formats", ["latex", "latex"]),
        ("formats", "latex"),
        ("versions", ["rankbound 0\x1b[2J"]),
        ("versions", [0]),
        ("date", "today\nall hold."),
        ("facts", {"title": 3}),
        ("files", {"appendix.tex": None}),
        ("request", {**appendix_request(["barrier"]).to_json(), "theorems": ["\x1b[2J\n"]}),
    ],
)
def test_a_damaged_manifest_is_refused_in_one_printable_line(tmp_path, key, value):
    data = json.loads(with_manifest(FILES)[NAME])
    data[key] = value
    (tmp_path / NAME).write_text(json.dumps(data))
    with pytest.raises(ValueError, match=r"^--check = .*: expected appendix\.json as rankbound writes it") as caught:
        read_manifest(tmp_path)
    assert str(caught.value).isprintable()


def test_a_manifest_that_lacks_something_is_refused(tmp_path):
    data = json.loads(with_manifest(FILES)[NAME])
    del data["facts"]
    (tmp_path / NAME).write_text(json.dumps(data))
    with pytest.raises(ValueError, match="no 'facts'"):
        read_manifest(tmp_path)


def test_a_folder_without_a_manifest_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"a folder with appendix\.json in it \(no such file or directory\)"):
        read_manifest(tmp_path)
