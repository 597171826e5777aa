"""Mutation testing of the judge, of validation and of confidence sequences: the figures of docs/mutation_testing.md.

    pip install 'rankbound[test,mutation]'
    python benchmarks/mutation_testing.py [PART ...] [--report]

mutmut (its settings are in pyproject.toml) changes the functions of a module one place at a time, in a copy of the
sources under mutants/, and runs the tests that reach the function. It leaves out properties: those are changed here, by
the same rules, each in a copy of its module in another folder, and all tests of the part are run. With --report nothing
is run again, and what was found before is shown. Exits with 1 if fewer than 90% of a part's mutants are killed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
PACKAGES = ("rankbound", "proofs", "montecarlo")
FOUND = HOME / "mutants" / "properties.json"
WANTED = 0.9

# Part: its modules, and its tests (all of them are listed in pyproject.toml, where mutmut chooses from them).
PARTS = {
    "verdicts": (
        ["rankbound/verify/calculus.py", "rankbound/verify/judge.py", "rankbound/verify/spending.py",
         "rankbound/verify/controls.py"],
        ["test_spending", "test_calculus", "test_judge"],
    ),
    "validation": (
        ["rankbound/errors.py", "rankbound/arrays.py", "rankbound/frozen_array.py", "rankbound/inputs.py",
         "rankbound/latent_attention.py", "rankbound/setting.py"],
        ["test_setting", "test_setting_messages", "test_errors", "test_arrays", "test_frozen_array", "test_inputs"],
    ),
    "confidence": (
        ["montecarlo/confidence.py", "montecarlo/stopping.py", "montecarlo/blocks.py"],
        ["test_campaign_stopping", "test_confidence_rounding", "test_montecarlo_confidence", "test_blocks"],
    ),
}  # fmt: skip
WORDS = {1: "killed", 3: "killed", 0: "alive", 5: "out", 33: "out", 34: "out"}  # of exit codes; others are of time


def property_mutants(source: str) -> Iterator[tuple[str, str]]:
    """Yield the mutated module, and the changed line, for each mutant of a property's body."""
    import libcst as cst
    from mutmut.mutation.mutators import mutation_operators

    module = cst.parse_module(source)
    for whole in _properties(module):
        for node in _below(whole.body):
            for kind, operator in mutation_operators:
                for mutant in operator(node) if isinstance(node, kind) else ():
                    text = module.deep_replace(node, mutant).code
                    changed = [
                        new for old, new in zip(source.split("\n"), text.split("\n"), strict=False) if old != new
                    ]
                    if changed and '"""' not in changed[0]:
                        yield text, f"{whole.name.value}: {changed[0].strip()}"


def _properties(node):
    import libcst as cst

    if isinstance(node, cst.FunctionDef):
        names = [one.decorator.value for one in node.decorators if isinstance(one.decorator, cst.Name)]
        return [node] if names == ["property"] else []
    return [found for child in node.children for found in _properties(child)]


def _below(node):
    return [node, *(found for child in node.children for found in _below(child))]


def run_properties(part: str) -> dict[str, dict[str, float | int]]:
    """Return, for each mutant of the properties of a part, the exit code of its tests and the seconds they took."""
    modules, tests = PARTS[part]
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for package in (*PACKAGES, "tests/unit", "benchmarks"):
            shutil.copytree(HOME / package, Path(folder) / package)
        for name in ("pyproject.toml", "tests/conftest.py"):
            shutil.copy(HOME / name, Path(folder) / name)
        command = [sys.executable, "-m", "pytest", "-x", "-q", *(f"tests/unit/{name}.py" for name in tests)]
        environment = os.environ | {"CI": "1", "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}

        def outcome() -> dict[str, float | int]:
            start = time.perf_counter()
            try:
                code = subprocess.run(
                    command, cwd=folder, env=environment, capture_output=True, check=False, timeout=120
                ).returncode
            except subprocess.TimeoutExpired:
                code = 36
            return {"code": code, "seconds": time.perf_counter() - start}

        if outcome()["code"] != 0:
            raise SystemExit(f"the tests of {part} fail without any mutant")
        for name in modules:
            path, source = Path(folder) / name, (HOME / name).read_text("utf-8")
            for number, (text, changed) in enumerate(property_mutants(source)):
                path.write_text(text, "utf-8")
                found[f"{name} {number} {changed}"] = outcome()
            path.write_text(source, "utf-8")
    return found


def results(part: str) -> Iterator[tuple[str, str, int, float]]:
    """Yield module, name, exit code and seconds of every mutant that has been tested."""
    modules, _ = PARTS[part]
    for name in modules:
        meta = HOME / "mutants" / f"{name}.meta"
        told = json.loads(meta.read_text("utf-8")) if meta.exists() else {"exit_code_by_key": {}}
        for mutant, code in told["exit_code_by_key"].items():
            if code is not None:
                yield name, mutant, code, told["durations_by_key"].get(mutant, 0.0)
    known = json.loads(FOUND.read_text("utf-8")) if FOUND.exists() else {}
    for mutant, told in known.get(part, {}).items():
        yield mutant.split()[0], mutant, told["code"], told["seconds"]


def report(parts: list[str]) -> bool:
    """Print the table and the survivors; return whether enough were killed in every part."""
    print("| part | module | mutants | killed | by time | survived | not reached | killed, % | minutes |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    enough, alive = True, []
    for part in parts:
        rows: dict[str, Counter[str]] = {name: Counter() for name in PARTS[part][0]}
        for name, mutant, code, seconds in results(part):
            word = WORDS.get(code, "time")
            rows[name].update({word: 1, "seconds": seconds})
            alive += [mutant] if word in ("alive", "out") else []
        for name, row in [*rows.items(), ("**all**", sum(rows.values(), Counter()))]:
            count = sum(row[word] for word in ("killed", "time", "alive", "out"))
            share = (row["killed"] + row["time"]) / count if count else 0.0
            print(f"| {part} | {name} | {count} | {row['killed']} | {row['time']} | {row['alive']} | {row['out']} "
                  f"| {100 * share:.1f} | {row['seconds'] / 60:.1f} |")  # fmt: skip
            enough &= share >= WANTED or name != "**all**"
    print("\n" + "\n".join(alive))
    return enough


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all unless given")
    parser.add_argument("--report", action="store_true", help="show what was found before")
    given = parser.parse_args()
    parts = given.parts or list(PARTS)
    for part in [] if given.report else parts:
        names = [name.removesuffix(".py").replace("/", ".") + ".*" for name in PARTS[part][0]]
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *names]
        subprocess.run(command, cwd=HOME, env=os.environ | {"CI": "1"}, check=False)
        known = json.loads(FOUND.read_text("utf-8")) if FOUND.exists() else {}
        FOUND.write_text(json.dumps(known | {part: run_properties(part)}, indent=1), "utf-8")
    return 0 if report(parts) else 1


if __name__ == "__main__":
    sys.exit(main())
