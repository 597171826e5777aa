"""What the check of an appendix finds, of which it cannot tell, and how it says so; nothing is computed here."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from types import SimpleNamespace

import pytest

from rankbound.appendix import checking, formats
from rankbound.appendix.checking import check_appendix
from rankbound.appendix.digest import digest_of
from rankbound.appendix.document import Document, Figure, Paragraph, Picture, Section, Text
from rankbound.appendix.facts import facts_of
from rankbound.appendix.manifest import NAME, Manifest, digests
from rankbound.appendix.request import appendix_request
from rankbound.cli.appendix import _said
from rankbound.verify.calculus import ExitCode

HERE = ("rankbound 1", "matplotlib 3")


def document(words="Five keys.", drawn=b"M0 0"):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2" width="4" height="2"><path d="%s"/></svg>' % drawn
    content = (Paragraph((Text(words),)), Figure("fig:curve", (Text("A curve."),), "curve", "A curve."))
    section = Section("sec:numbers", (Text("Numbers"),), content)
    return Document("Title", (), (section,), pictures={"curve": Picture(svg, b"%PDF-\xff " + drawn)})


class Standing:
    """An appendix in a folder, and what comes of computing it anew."""

    def __init__(self, folder, monkeypatch):
        self.folder, self.now, self.derivations = folder, document(), {}
        monkeypatch.setattr(checking, "gather", lambda *_, **__: SimpleNamespace(derivations=self.derivations))
        monkeypatch.setattr(checking, "document_of", lambda *_, **__: self.now)
        monkeypatch.setattr(checking, "versions_here", lambda: HERE)
        self.write(document())

    def write(self, one, asked=("latex", "html", "markdown"), versions=HERE, extra=()):
        files = {**formats.files_of(one, asked), **dict(extra)}
        named = (*asked, "pdf") if "appendix.pdf" in files else asked
        manifest = Manifest(appendix_request(["barrier"]), named, versions, "", facts_of(one), digests(files))
        for name, content in {**files, NAME: manifest.to_bytes()}.items():
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_bytes(content)

    def manifest(self, **changes):
        data = json.loads((self.folder / NAME).read_bytes())
        (self.folder / NAME).write_text(json.dumps({**data, **changes}))

    def found(self):
        outcome = check_appendix(self.folder)
        assert all(line.isprintable() for line in (*outcome.differing, *outcome.undecided))
        return outcome


@pytest.fixture
def standing(tmp_path, monkeypatch):
    return Standing(tmp_path, monkeypatch)


def test_what_was_not_changed_holds(standing):
    outcome = standing.found()
    assert outcome.exit_code is ExitCode.AS_EXPECTED
    assert _said(outcome).endswith("files compared: all hold.\n")


def test_a_file_that_was_not_compared_does_not_hold(standing):
    standing.manifest(
        formats=["markdown"],
        files=digests(formats.files_of(standing.now, ["markdown"])),
    )
    (standing.folder / "paper.tex").write_text("mine")
    (standing.folder / "rankbound.bib").write_text("planted")
    lines = standing.found().differing
    stray = ("appendix.html", "appendix.tex", "figures/curve.pdf", "main.tex", "rankbound-preamble.tex")
    words = "stands there, but is not part of the appendix"
    assert set(lines) == {f"{name}: {words}" for name in (*stray, "rankbound.bib")}


def test_paths_of_the_manifest_are_those_of_the_appendix(standing):
    listed = digests({"paper.tex": b"", "appendix.tex": b""})
    standing.manifest(files=listed)
    lines = standing.found().differing
    assert "paper.tex: listed in the manifest, but no file of the appendix" in lines
    assert "appendix.md: not listed in the manifest" in lines


def test_one_thing_does_not_hold_and_two_do_not(standing):
    (standing.folder / "main.tex").write_text("mine")
    assert _said(standing.found()).endswith(": 1 does not hold.\n")
    (standing.folder / "appendix.md").unlink()
    assert _said(standing.found()).endswith(": 2 do not hold.\n")


def test_what_is_printed_cannot_move_the_cursor_or_start_a_line(standing):
    hostile = "\x1b[2J\nall hold.\u202e"
    standing.manifest(facts={**facts_of(standing.now), hostile: hostile, "title": hostile}, files={hostile: "0"})
    (standing.folder / "figures" / hostile).write_text("")
    said = _said(standing.found())
    assert all(line.isprintable() for line in said.split("\n"))
    assert said.count("\\x1b[2J\\nall hold.\\u202e") == 4
    assert "all hold." not in said.split("\n")


def test_pictures_of_another_library_are_undecided(standing):
    standing.write(document(drawn=b"M1 1"), versions=("rankbound 1", "matplotlib 2"))
    outcome = standing.found()
    assert outcome.exit_code is ExitCode.UNDECIDED
    named = {line.split(":")[0] for line in outcome.undecided}
    assert named == {"picture curve", "appendix.html", "figures/curve.pdf", "figures/curve.svg"}
    assert _said(outcome).endswith(": the rest holds; 4 things cannot be decided here.\n")
    standing.write(document(drawn=b"M1 1"))
    assert standing.found().exit_code is ExitCode.UNEXPECTED  # by the same versions


def test_words_are_certain_whatever_the_libraries(standing):
    standing.write(document(words="Six keys."), versions=("rankbound 1", "matplotlib 2"))
    lines = standing.found().differing
    assert {line.split(":")[0] for line in lines} == {"sec", "appendix.tex", "appendix.md"}


def test_a_changed_file_is_certain_whatever_the_libraries(standing):
    standing.manifest(versions=["rankbound 0"])
    path = standing.folder / "figures" / "curve.pdf"
    path.write_bytes(path.read_bytes()[:-1] + b"9")
    size = path.stat().st_size
    words = f"changed since it was written; byte {size - 1} differs, in {size} bytes where {size} were expected"
    assert standing.found().differing == (f"figures/curve.pdf: {words}",)


def test_the_digest_of_the_content_leaves_pictures_out():
    assert digest_of(document(drawn=b"M1 1")) == digest_of(document())
    assert digest_of(document(words="Six keys.")) != digest_of(document())


def test_a_derivation_without_time_is_undecided(standing):
    late = SimpleNamespace(status="undecided", detail="no sign was found within 60 s")
    standing.derivations = {"barrier": late}
    standing.now = document(words="Not proved.")
    outcome = standing.found()
    assert outcome.exit_code is ExitCode.UNDECIDED
    assert outcome.undecided[0].startswith("barrier could not be checked here: no sign was found within 60 s")
    (standing.folder / "appendix.md").write_text("changed")
    assert standing.found().exit_code is ExitCode.UNEXPECTED


def test_without_typst_a_pdf_is_undecided_unless_it_was_changed(standing, monkeypatch):
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    standing.write(standing.now, extra=[("appendix.pdf", b"%PDF-")])
    outcome = standing.found()
    assert outcome.exit_code is ExitCode.UNDECIDED
    assert len(outcome.undecided) == 1
    assert outcome.undecided[0].startswith("appendix.pdf: cannot be compared without the package typst: pip install")
    (standing.folder / "appendix.pdf").write_bytes(b"%PDF-2")
    assert standing.found().differing == ("appendix.pdf: changed since it was written",)


def test_a_file_whose_digest_was_changed_too_is_found(standing):
    path = standing.folder / "appendix.md"
    path.write_text(path.read_text().replace("Five", "Six"))
    files = {**digests(formats.files_of(standing.now, ["latex", "html", "markdown"]))}
    standing.manifest(files={**files, "appendix.md": hashlib.sha256(path.read_bytes()).hexdigest()})
    (line,) = standing.found().differing
    assert line.startswith("appendix.md: not what this program writes; line ")


def test_an_unknown_format_has_no_writer():
    with pytest.raises(ValueError, match="format = 'word': expected one of latex"):
        formats.files_of(dataclasses.replace(document(), pictures={}), ["word"])
