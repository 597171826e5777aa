"""Change every step of every theorem in one place and count what the kernel says: the figures of docs/mutants.md.

    python benchmarks/proof_mutation.py [--workers 2] [--every 1] [--theorem ID ...] [--json FILE] [--write]

Exits with 1 if a mutant that is false, or that has no reason to be true, was accepted.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import time
from pathlib import Path

from proofs.mutation.report import explained, figures, is_false, reasons, table, unneeded
from proofs.mutation.run import PASSED, run, units
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

A mutant is *killed* if it is rejected, *undecided* if the kernel cannot tell (or not within 2 seconds of processor
time), which does not count as killed. For accepted ones a reason why they are true is looked for that does not lean on
the rule that accepted them: the claim is unchanged, weaker, or stands under stronger conditions; a side moved to the
safe side by something of certain sign (interval arithmetic); the claim is about numbers (ball arithmetic) or about
finitely many points; it is another proved claim at special values; a few are explained in words in
`proofs/mutation/hand.py`. Those without a reason are tried at points of their domain, in small worlds where the random
quantities have exact laws, and are in no column but the first. **No accepted mutant was found false.** The last column
is the share of killed ones among the mutants that are not shown to be true.

"""
TAIL = """
The table comes from `python benchmarks/proof_mutation.py{option} --write`, which looks at {part} mutants of every step,
and at every theorem without each of its steps and assumptions. The test suite runs a slice.
"""


def _extent(every: int) -> dict[str, str]:
    """Say of how many of the mutants the table is."""
    return (
        {"option": f" --every {every}", "part": f"one in {every} of the"}
        if every > 1
        else {"option": "", "part": "all"}
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="of each step only every so manieth mutant")
    parser.add_argument("--theorem", action="append", default=[])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    given = parser.parse_args()
    theorems = library()
    chosen = [unit for unit in units(theorems) if not given.theorem or unit[0] in given.theorem]
    started, done = time.monotonic(), []

    def report(unit, verdicts, seconds):
        done.append(unit)
        if seconds > 20 or len(done) % 50 == 0:
            print(f"{len(done)} of {len(chosen)}: {' / '.join(unit)} took {seconds:.0f} s", file=sys.stderr)

    verdicts = run([one for one in chosen if one[1]], workers=given.workers, every=given.every, report=report)
    verdicts += run([one for one in chosen if not one[1]], workers=given.workers, report=report)
    print(table(verdicts))
    print(f"\n{len(verdicts)} in {time.monotonic() - started:.0f} s with {given.workers} processes\n")
    for words, number in reasons(verdicts):
        print(f"{number:6d} accepted: {words}")
    wrong = [one for one in verdicts if is_false(one)]
    without = [one for one in verdicts if one.outcome == PASSED and not explained(one) and not is_false(one)]
    for title, group in (("FALSE AND ACCEPTED", wrong), ("without a reason", without)):
        for one in group:
            print(f"{title}: {one.theorem} / {one.step} / {one.kind} / {one.what}\n    {one.claim}\n    {one.failure}")
    for entry in unneeded(verdicts) if given.every == 1 and not given.theorem else ():
        print(f"no mutant needs the reason in words for {entry.theorem} / {entry.step} / {entry.what}")
    if given.json:
        given.json.write_text("".join(json.dumps(dataclasses.asdict(one)) + "\n" for one in verdicts))
    if given.write:
        PAGE.write_text(HEAD + table(verdicts) + "\n" + TAIL.format(**_extent(given.every)))
    print(f"killed share of what is not shown to be true: {100 * figures(verdicts).killed_share:.3f}%")
    return 1 if wrong or without else 0


if __name__ == "__main__":
    sys.exit(main())
