"""``rankbound appendix`` as a user runs it: what it writes, what it refuses, and what it finds changed."""

from __future__ import annotations

import json
import shutil

import pytest

from rankbound import exact_barrier
from rankbound.cli import run

SMALL = ["appendix", "--theorem", "barrier", "--n", "16", "--head-dim", "2", "--head-dim", "16", "--replicates", "20"]
TEXTS = ["--format", "latex", "--format", "html", "--format", "markdown"]


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "appendix"
    assert run([*SMALL, "--output", str(folder)]) == 0
    return folder


@pytest.fixture
def appendix(made, tmp_path):
    return shutil.copytree(made, tmp_path / "appendix")


def test_every_format_is_written(made):
    names = set(contents(made))
    assert {"appendix.tex", "main.tex", "rankbound.bib", "appendix.pdf", "appendix.html", "appendix.md"} <= names
    assert {"appendix.json", "figures/saturation.pdf", "figures/saturation.svg"} <= names
    assert (made / "appendix.pdf").read_bytes().startswith(b"%PDF-")


def test_the_same_bytes_come_again(made, tmp_path):
    assert run([*SMALL, "--output", str(tmp_path / "again")]) == 0
    assert contents(tmp_path / "again") == contents(made)


def test_the_date_is_that_of_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert run([*SMALL, "--format", "markdown", "--output", str(tmp_path / "dated")]) == 0
    assert "1970-01-02" in (tmp_path / "dated" / "appendix.md").read_text()
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert run(["appendix", "--check", str(tmp_path / "dated")]) == 0  # whatever day it is


def test_one_format_alone(tmp_path):
    assert run([*SMALL, "--format", "markdown", "--output", str(tmp_path)]) == 0
    assert set(contents(tmp_path)) >= {"appendix.md", "appendix.json"}
    assert not (tmp_path / "appendix.tex").exists()


def test_what_is_written_is_listed(tmp_path, capsys):
    assert run([*SMALL, "--format", "markdown", "--output", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert f"{tmp_path / 'appendix.md'}  " in said
    assert f"{tmp_path / 'appendix.json'}  " in said


def test_an_untouched_appendix_holds(appendix, capsys):
    assert run(["appendix", "--check", str(appendix)]) == 0
    said = capsys.readouterr().out
    assert said.endswith("files compared: all hold.\n")
    assert int(said.split()[0]) > 50


def tampered(appendix, what):
    """Change one thing of an appendix, and return what the check has to name."""
    if what == "digit in LaTeX":
        path = appendix / "appendix.tex"
        text, shown = path.read_text(), f"{float(exact_barrier(16)):.8f}"[:-2]
        assert shown in text
        path.write_text(text.replace(shown, f"{shown[:-1]}{(int(shown[-1]) + 1) % 10}", 1))
        return "appendix.tex: changed since it was written; line "
    if what == "step in HTML":
        path = appendix / "appendix.html"
        start = path.read_text().index('id="step:barrier:3"')
        text = path.read_text()
        end = text.index("</li>", start)
        path.write_text(text[: text.rindex("<li", 0, start)] + text[end + 5 :])
        return "appendix.html: changed since it was written"
    if what == "figure":
        shutil.copy(appendix / "figures" / "occupancy.pdf", appendix / "figures" / "saturation.pdf")
        return "figures/saturation.pdf: changed since it was written"
    if what == "PDF":
        with (appendix / "appendix.pdf").open("ab") as stream:
            stream.write(b"%")
        return "appendix.pdf: changed since it was written"
    if what == "file":
        (appendix / "appendix.md").unlink()
        return "appendix.md: no such file or directory"
    data = json.loads((appendix / "appendix.json").read_text())
    if what == "number in the manifest":
        name = next(
            name for name in data["facts"] if name.startswith("tab:saturation, 16, E") or "16, \\mathbb" in name
        )
        data["facts"][name] = "[0.1, 0.2]"
        expected = f"{name}: has '[0.1, 0.2]', should have "
    elif what == "step in the manifest":
        del data["facts"]["proof thm:barrier, step 3"]
        expected = "proof thm:barrier, step 3: is missing from the manifest"
    else:
        import hashlib

        path = appendix / "appendix.md"
        path.write_text(path.read_text().replace("E", "F", 1))
        data["files"]["appendix.md"] = hashlib.sha256(path.read_bytes()).hexdigest()
        expected = "appendix.md: not what this program writes; line "
    (appendix / "appendix.json").write_text(json.dumps(data))
    return expected


@pytest.mark.parametrize(
    "what",
    [
        "digit in LaTeX",
        "step in HTML",
        "figure",
        pytest.param("PDF", marks=pytest.mark.thorough),
        pytest.param("file", marks=pytest.mark.thorough),
        "number in the manifest",
        pytest.param("step in the manifest", marks=pytest.mark.thorough),
        "digest in the manifest",
    ],
)
def test_tampering_is_found_and_named(appendix, capsys, what):
    expected = tampered(appendix, what)
    assert run(["appendix", "--check", str(appendix)]) == 1
    said = capsys.readouterr().out
    assert expected in said
    assert said.splitlines()[-1].endswith(": 1 does not hold.")


def test_a_version_changed_in_the_manifest_is_not_what_the_files_say(appendix, capsys):
    data = json.loads((appendix / "appendix.json").read_text())
    data["versions"][0] = "rankbound 0.0.0"
    (appendix / "appendix.json").write_text(json.dumps(data))
    assert run(["appendix", "--check", str(appendix)]) == 1  # the provenance in the files says otherwise
    assert "sec:provenance" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--theorem", "barier", "--output", "a"], "did you mean 'barrier'?"),
        (["--claim", "paper-barier-literal", "--output", "a"], "did you mean paper-barrier-literal?"),
        ([], "--output is missing"),
        (["--output", ""], "name a folder"),
        (["--output", "file"], "it is a file: name a folder"),
        (["--output", "taken"], "expected a folder without appendix.tex in it; choose another folder, or replace"),
        (["--check", "nowhere"], "a folder with appendix.json in it"),
        (["--check", "taken", "--n", "16"], "--n cannot be given with --check"),
        (["--check", "taken", "--output", "a"], "--output cannot be given with --check"),
        (["--n", "0", "--output", "a"], "--n = '0': expected"),
        (["--output", "taken", "--force"], "appendix.tex is not a file of an earlier appendix, or was changed since"),
        (["--format", "docx", "--output", "a"], "'docx' is not one of"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(tmp_path, monkeypatch, capsys, arguments, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("mine")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "appendix.tex").write_text("mine")
    before = contents(tmp_path)
    assert run(["appendix", *arguments]) == 2
    caught = capsys.readouterr()
    assert caught.out == ""
    assert message in caught.err
    assert len(caught.err.splitlines()) == 1
    assert contents(tmp_path) == before


@pytest.mark.parametrize("seconds", ["yesterday", "-1"])
def test_a_wrong_epoch_is_said_before_anything_is_computed(tmp_path, monkeypatch, capsys, seconds):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
    assert run([*SMALL, "--output", str(tmp_path / "a")]) == 2
    assert f"SOURCE_DATE_EPOCH = '{seconds}': expected a whole number of seconds" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(("name", "value"), [("theorems", ["barier"]), ("claims", ["\x1b[2J"]), ("theorems", "all")])
def test_a_request_that_cannot_be_is_bad_input(appendix, capsys, name, value):
    data = json.loads((appendix / "appendix.json").read_text())
    data["request"][name] = value
    (appendix / "appendix.json").write_text(json.dumps(data))
    assert run(["appendix", "--check", str(appendix)]) == 2
    said = capsys.readouterr().err.removesuffix("\n")
    assert "expected appendix.json as rankbound writes it" in said
    assert said.isprintable()


def test_without_the_extra_pdf_is_refused_before_any_work(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("rankbound.appendix.formats.find_spec", lambda name: None)
    monkeypatch.setattr("rankbound.appendix.making.gather", None)
    assert run([*SMALL, "--format", "pdf", "--output", str(tmp_path / "a")]) == 2
    said = capsys.readouterr().err
    assert "--format = 'pdf': expected the package typst, which is not installed; install it: pip install" in said
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "a").exists()


@pytest.mark.thorough
def test_without_the_extra_pdf_is_left_out_and_the_others_are_compared(appendix, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("rankbound.appendix.formats.find_spec", lambda name: None)
    assert run([*SMALL, "--output", str(tmp_path / "a")]) == 0
    said = capsys.readouterr().err.splitlines()
    assert said == ['rankbound: PDF is left out, because typst is not installed: pip install "rankbound[report]"']
    assert not (tmp_path / "a" / "appendix.pdf").exists()
    assert (tmp_path / "a" / "appendix.html").exists()
    assert run(["appendix", "--check", str(appendix)]) == 3
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("appendix.pdf: cannot be compared without the package typst")
    assert said[1].endswith(": the rest holds; 1 thing cannot be decided here.")
    assert len(said) == 2


@pytest.mark.thorough
def test_force_replaces_an_earlier_appendix(appendix):
    assert run([*SMALL, "--format", "markdown", "--seed", "1", "--output", str(appendix), "--force"]) == 0
    assert set(contents(appendix)) == {
        "appendix.json",
        "appendix.md",
        *(f"figures/{path.name}" for path in (appendix / "figures").glob("*.svg")),
    }
    assert run(["appendix", "--no-cache", "--check", str(appendix)]) == 0


@pytest.fixture
def undecided(monkeypatch):
    """Let the check of one theorem run out of time."""
    import dataclasses

    from rankbound.appendix import material

    def some_undecided(names, **options):
        found = checked(names, **options)
        late = dataclasses.replace(found["barrier"], status="undecided", detail="no sign was found within 30 s")
        return {**found, "barrier": late}

    checked = material.checked
    monkeypatch.setattr(material, "checked", some_undecided)


def test_what_is_undecided_stands_in_a_box_and_is_exit_code_3(undecided, tmp_path, capsys):
    assert run([*SMALL, *TEXTS, "--output", str(tmp_path)]) == 3
    assert "rankbound: barrier is undecided" in capsys.readouterr().err
    for name in ("appendix.tex", "appendix.html", "appendix.md"):
        text = (tmp_path / name).read_text()
        assert "the derivation is undecided" in text
        assert "no sign was found within 30 s" in text
    assert "[!WARNING]" in (tmp_path / "appendix.md").read_text()


def test_an_open_question_is_printed_as_open(tmp_path):
    arguments = [*SMALL[:1], "--theorem", "causal-rank-at-most-half", *SMALL[3:], "--format", "markdown"]
    assert run([*arguments, "--output", str(tmp_path)]) == 0
    assert "Open: neither proved nor refuted" in (tmp_path / "appendix.md").read_text()


def test_a_derivation_that_runs_out_of_time_leaves_the_check_undecided(appendix, undecided, capsys):
    assert run(["appendix", "--check", str(appendix)]) == 3
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("barrier could not be checked here: no sign was found within 30 s")
    assert "the rest holds; " in said[-1]
