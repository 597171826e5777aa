"""Change every step of every theorem in one place and count what the kernel says: the figures of docs/mutants.md.

    python benchmarks/proof_mutation.py [--workers 2] [--every 1] [--theorem ID ...] [--json FILE]
                                        [--merge FILE ...] [--write]

A long run can be done in parts: with --merge the verdicts of earlier runs (their --json) are put together, of each
theorem those of the last file, and nothing is run but the theorems that --theorem names.

Exits with 1 if an accepted mutant is false somewhere, and only then: accepted ones without a reason to be true are
listed and counted in a column of their own.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from proofs.mutation.report import figures, is_false, reasons, sampling, table, unneeded, without_reason
from proofs.mutation.run import Unit, Verdict, run, units
from proofs.mutation.stored import merged, read, write
from proofs.theorems import library

PAGE = Path(__file__).parent.parent / "docs" / "mutants.md"
HEAD = """# How well the kernel rejects

A proof checker is worth what it refuses. Every step of every theorem is therefore changed in one place, and the
changed step alone is put to the kernel, with the steps before it as they are: a constant moved by 1%, an exponent by
one, a relation weakened, strengthened or turned round, a term or factor dropped, a sign changed, a condition dropped,
loosened or moved, a variable's type widened, a premise left out, exchanged or replaced, the end of a range or a
parameter moved by one, an index exchanged, the knowledge of a conditional expectation changed, a limit or quantifier
replaced. And every theorem is checked without each of its steps and of its assumptions. Mutants with the normal form
of the original are not counted.

(Mutants of proofs, put to the kernel, not of programs, put to tests: those are in {{doc}}`mutation_testing`.)

A mutant is *killed* if it is rejected, *undecided* if the kernel cannot tell (or not within 2 seconds of processor
time), which does not count as killed. For accepted ones a reason why they are true is looked for that does not lean on
the rule that accepted them: the claim is unchanged, weaker, or stands under stronger conditions; a side moved to the
safe side by something of certain sign (interval arithmetic); the premises, each times its weight, leave something to
spare (interval arithmetic); the claim is about numbers (ball arithmetic) or about finitely many points; a polynomial
has no root; the terms under a limit have negative exponents; it is another proved claim at special values; a few are
explained in words in `proofs/mutation/hand.py`. Those without a reason are tried at points of their domain, in small
worlds where the random quantities have exact laws, as far as they have values there; those not found false are
*accepted, no reason found*. They may be true or false: they count like undecided ones, as not killed. {false} The last
column is the share of killed ones among the mutants that are not shown to be true.

"""
TAIL = """
The table comes from `python benchmarks/proof_mutation.py --write`. Of each step's mutants those were looked at that
the second column says, one in so many in the order in which they are made; every theorem was checked without each of
its steps and assumptions. The test suite runs a slice.
"""


def page(verdicts: list[Verdict]) -> str:
    """Return docs/mutants.md."""
    number = figures(verdicts).false
    false = "No accepted mutant was found false." if not number else f"Accepted and found false: {number}."
    return HEAD.format(false=f"**{false}**") + table(verdicts) + "\n" + TAIL


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="of each step only every so manieth mutant")
    parser.add_argument("--theorem", action="append", default=[], help="only this one; may be given again")
    parser.add_argument("--json", type=Path, help="write the verdicts there")
    parser.add_argument("--merge", type=Path, nargs="+", default=[], help="verdicts of earlier runs")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}, which needs every theorem")
    return parser.parse_args()


def judged(chosen: list[Unit], *, workers: int, every: int) -> list[Verdict]:
    """Judge the mutants of the units, of theorems all."""
    started, done = time.monotonic(), []

    def report(unit: Unit, _: list[Verdict], seconds: float) -> None:
        done.append(unit)
        if seconds > 20 or len(done) % 50 == 0:
            print(f"{len(done)} of {len(chosen)}: {' / '.join(unit)} took {seconds:.0f} s", file=sys.stderr)

    verdicts = run([one for one in chosen if one[1]], workers=workers, every=every, report=report)
    verdicts += run([one for one in chosen if not one[1]], workers=workers, report=report)
    print(f"{len(verdicts)} in {time.monotonic() - started:.0f} s with {workers} processes\n")
    return verdicts


def main() -> int:
    given, theorems = arguments(), library()
    earlier = [read(path) for path in given.merge]
    names = set(given.theorem) if given.theorem or given.merge else set(theorems)
    missing = set(theorems) - names - {one.theorem for verdicts in earlier for one in verdicts}
    if not names <= set(theorems) or (given.write and missing):
        print(f"no theorem, or nothing about it: {', '.join(sorted((names - set(theorems)) | missing))}")
        return 2
    chosen = [unit for unit in units(theorems) if unit[0] in names]
    new = judged(chosen, workers=given.workers, every=given.every) if chosen else []
    verdicts = merged([*earlier, new], theorems)
    if given.json:
        write(given.json, verdicts)
    print(table(verdicts) + "\n")
    for words, number in reasons(verdicts):
        print(f"{number:6d} accepted: {words}")
    wrong = [one for one in verdicts if is_false(one)]
    for title, group in (("FALSE AND ACCEPTED", wrong), ("without a reason", without_reason(verdicts))):
        for one in group:
            print(f"{title}: {one.theorem} / {one.step} / {one.kind} / {one.what}\n    {one.claim}\n    {one.failure}")
    for entry in unneeded(verdicts) if sampling(verdicts) == "all" and not missing else ():
        print(f"no mutant needs the reason in words for {entry.theorem} / {entry.step} / {entry.what}")
    if given.write:
        PAGE.write_text(page(verdicts))
    print(f"killed share of what is not shown to be true: {100 * figures(verdicts).killed_share:.3f}%")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
