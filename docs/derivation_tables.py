"""The tables of the pages on derivations and rigour, written from the records whenever the documentation is built."""

from __future__ import annotations

from pathlib import Path

import proofs
from proofs.literature import LITERATURE
from proofs.model import ASSUMPTIONS
from proofs.records import BY_BALLS, BY_CITATION, BY_RULE
from proofs.rules import RULES
from proofs.theorems import library

TRUSTED = (
    ("what counts as checked", ("kernel.py", "records.py")),
    ("what may be said", ("language.py", "grammar.py", "integrability.py", "model")),
    ("normal forms, signs, derivatives, balls", ("normal.py", "signs.py", "calculus.py", "constants.py")),
    ("rules", ("rules",)),
    ("citations", ("literature.py", "literature_pairs.py", "literature_matrices.py")),
)
"""What a wrong theorem could hide in, by what it is for; everything else of the package may be wrong without harm."""


ARGUED = (
    (
        "barrier-series",
        "the sign of the remainder after another number of terms than five",
        "`barrier_series(n, terms=...)`",
    ),
    (
        "norm-conditioned-barrier",
        "in bins of the norm, the probability that key 1 wins as a trapezoidal sum with its error",
        "the upper end of `expected_rank`",
    ),
    (
        "second-moment-bound",
        "the upper bound on the second moment in a bin: half wedges, interpolation, and the rounding of float64 sums",
        "the lower end of `expected_rank`",
    ),
    (
        "agreement-bound",
        "the bound on the chance that two queries agree, by hypercontractivity and Slepian's inequality",
        "the lower end of `expected_rank` at wide heads",
    ),
    (
        "planar-rank",
        "the mean as an integral over one angle, the density of corners, and the errors of the quadrature",
        "`expected_rank` at head_dim 2",
    ),
    ("attainable-rank", "that the bound is attained as the number of queries grows", "nothing"),
    ("mla-barrier", "that an RMSNorm on the latents leaves the bound as it is", "nothing"),
    ("representation-threshold", "that rank(C log P) is n - 1 for almost every P", "nothing"),
    (
        "best-approximation",
        "that the distance of P itself is at most half of that of the logarithms: softmax is 1/2-Lipschitz",
        "the bound on the matrix error of `represent`",
    ),
    (
        "fixed-head-size-strict",
        "the same in any dimension, for any number of heads from 2 on and any larger head size",
        "`separation_from_standard`",
    ),
    ("-", "E[rank] under a causal mask is at most (n + 1)/2 for n <= 4, at every head_dim", "nothing"),
    ("-", "the self-query barrier", "the upper end of `expected_rank` at narrow heads"),
    ("-", "the best two keys: how far the barrier given the norm can lie above the truth", "the lower end, wide heads"),
    ("-", "NumPy's exp, log, log1p, expm1, sin and cos are within 2^-48 (granted, and tested)", "sums in float64"),
)
"""What is argued in prose: the theorem that it goes beyond, if any; the statement; what rests on it."""


def write(folder: Path) -> None:
    """Write one file a table into ``folder``."""
    folder.mkdir(exist_ok=True)
    for name, make in (
        ("theorems", theorems),
        ("assumptions", assumptions),
        ("rules", rules),
        ("citations", citations),
        ("trusted", trusted),
        ("rigour", rigour),
        ("argued", argued),
    ):
        text = make()
        path = folder / f"{name}.md"
        if not path.exists() or path.read_text(encoding="utf-8") != text:  # else Sphinx would build the page again
            path.write_text(text, encoding="utf-8")


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def _ids(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "-"


def theorems() -> str:
    """Return the table of theorems; the status of each is what came of checking it now."""
    found = proofs.check_all(proofs.theorem_ids(), time_limit=300.0)
    rows = []
    for record in library().values():
        derivation = found[record.id]
        cited = [item.name for item in derivation.ledger if item.kind == "citation" and not item.through]
        rows.append(
            (
                f"`{record.id}`",
                record.title,
                _ids(record.depends_on),
                _ids(cited),
                str(len(record.steps)),
                derivation.status,
            )
        )
    return _table(("theorem", "title", "rests on", "cites itself", "steps", "status"), rows)


def assumptions() -> str:
    """Return the table of assumptions, with what each implies or follows from."""
    rows = []
    for item in ASSUMPTIONS.values():
        origin = f"follows from {_ids(item.follows_from)} by `{item.by}`" if item.follows_from else "-"
        rows.append((f"`{item.id}`", item.text, origin))
    return _table(("assumption", "says", "origin"), rows)


def rules() -> str:
    """Return the table of rules, each with the reason why it is sound."""
    return _table(("rule", "why it is sound"), [(f"`{rule.name}`", rule.why) for rule in RULES.values()])


def citations() -> str:
    """Return the table of what is cited instead of derived."""
    rows = [(f"`{item.id}`", item.reference, item.why) for item in LITERATURE.values()]
    return _table(("citation", "reference", "why it applies"), rows)


def rigour() -> str:
    """Return, for each theorem, how many steps are carried by what; each step is in one column."""
    found = proofs.check_all(proofs.theorem_ids(), time_limit=300.0)
    beyond = [theorem for theorem, *_ in ARGUED]
    rows, totals = [], [0, 0, 0, 0]
    for name, derivation in found.items():
        carriers = [step.carrier for step in derivation.steps if step.status == "accepted"]
        counts = [len(carriers), *(carriers.count(kind) for kind in (BY_RULE, BY_BALLS, BY_CITATION))]
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        cited = sorted({item.name for item in derivation.ledger if item.kind == "citation" and not item.through})
        cells = [str(count) if count else "-" for count in counts]
        cells[3] += f" ({_ids(cited)})" if cited else ""
        gaps = [item.text for item in derivation.ledger if item.kind == "gap"]
        rows.append((f"`{name}`", *cells, "; ".join(gaps) or ("below" if name in beyond else "-")))
    rows.append(("all", *map(str, totals), "-"))
    return _table(("theorem", "steps", "by rule", "by ball arithmetic", "by citation", "argued"), rows)


def argued() -> str:
    """Return the table of what is argued in prose and no step of a derivation."""
    rows = [(f"`{theorem}`" if theorem != "-" else "-", what, carries) for theorem, what, carries in ARGUED]
    return _table(("goes beyond", "what is argued", "what rests on it"), rows)


def trusted() -> str:
    """Return the table of the trusted base and its size."""
    package = Path(proofs.__file__).parent
    rows = []
    for purpose, names in TRUSTED:
        files = [file for name in names for file in _python(package / name)]
        lines = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)
        rows.append((purpose, ", ".join(f"`proofs/{name}`" for name in names), str(lines)))
    return _table(("what for", "where", "lines"), rows)


def _python(path: Path) -> list[Path]:
    return sorted(path.glob("*.py")) if path.is_dir() else [path]
