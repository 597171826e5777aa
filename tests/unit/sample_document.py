"""A document in which everything occurs that a document may consist of, for the tests of the formats."""

from __future__ import annotations

from rankbound.appendix.document import (
    Carrier,
    Citation,
    Code,
    Column,
    Definitions,
    Display,
    Document,
    Emphasis,
    Figure,
    Fold,
    Items,
    Listing,
    Math,
    Notice,
    Paragraph,
    Picture,
    Proof,
    Reference,
    Section,
    Statement,
    Step,
    Strong,
    Table,
    Text,
    Work,
)

BARRIER = r"\mathbb{E}\left[D\right] \leq n \left(1 - \left(1 - \frac{1}{n}\right)^{m}\right)"
LONG = (
    r"\frac{n}{2} \left(1 - \frac{1}{n}\right)^{n - 1} + \sum_{j=0}^{n - 1} \left(1 - \left(1 - p_{j}\right)^{m}\right)"
    r" + \int_{-\infty}^{\infty} \mathrm{e}^{-\frac{x^{2}}{2}} \, \mathrm{d} x \leq \sqrt{\pi} \left(n + m + d\right)"
    r" + \frac{n \left(n - 1\right)}{2} \left(\mathbb{E}\left[D^{2}\right] - \mathbb{E}\left[D\right]^{2}\right)"
)
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="40" height="20"><path d="M0 20L40 0" '
    b'stroke="#0072B2"/></svg>'
)


def drawn_picture() -> Picture:
    """Draw a real picture in both kinds."""
    import io

    from matplotlib.figure import Figure as Drawing

    drawing, data = Drawing(figsize=(3.4, 2.0)), io.BytesIO()
    drawing.subplots().plot([0, 1], [0, 1])
    drawing.savefig(data, format="pdf", metadata={"CreationDate": None})
    return Picture(svg=SVG, pdf=data.getvalue())


def sample() -> Document:
    """Return the document."""
    steps = (
        Step(
            "step:barrier:1",
            "mean of the chances",
            (Display(r"\sum_{j=0}^{n - 1} p_{j} = 1"),),
            (Text("by the rule "), Code("add-up"), Text(", from the assumption "), Code("iid-queries")),
            Carrier.EXACT,
        ),
        Step(
            "step:barrier:2",
            "a sign, by ball arithmetic",
            (Display(LONG), Paragraph((Text("Here "), Math(r"m \in \{1, 2, \ldots\}"), Text(".")))),
            (Text("from "), Reference("step:barrier:1"), Text(" & "), Reference("thm:occupancy")),
            Carrier.BALLS,
        ),
        Step(
            "step:barrier:3", "a law", (Display(r"D \leq n"),), (Text("from "), Citation("Salmon2011")), Carrier.CITED
        ),
        Step("step:barrier:4", "a doubt", (Display(r"D \leq m"),), (Text("no rule gives it"),), Carrier.UNCHECKED),
    )
    return Document(
        "A sample: 100% of {everything} & more_than_that",
        (Paragraph((Text("Before the first section, with 2 ≤ 3 → ∞ and a “quotation” — so to say."),)),),
        (
            Section(
                "sec:frame",
                (Text("Notation"),),
                (
                    Definitions(
                        (
                            ((Math(r"n \in \{1, 2, \ldots\}"),), (Text("number of keys"),)),
                            ((Math(r"D = D^{(n, m, d)}"),), (Text("the rank, "), Emphasis((Text("as drawn"),)))),
                        )
                    ),
                    Items(((Paragraph((Text("one"),)),), (Paragraph((Strong((Text("two"),)),)),))),
                    Section("sec:inner", (Text("Inside of a section"),), (Paragraph((Text("Words."),)),)),
                ),
            ),
            Section(
                "sec:proofs",
                (Text("Theorems about "), Math(r"\mathbb{E}\left[D\right]")),
                (
                    Statement("thm:occupancy", "Theorem", (Text("Rank is occupancy"),), "rank-is-occupancy", ()),
                    Statement(
                        "thm:barrier",
                        "Theorem",
                        (Text("The barrier"),),
                        "barrier",
                        (
                            Paragraph((Text("For every head dimension, by "), Reference("thm:occupancy"), Text(":"))),
                            Display(BARRIER),
                            Items(((Display(r"D \leq n"),), (Display(r"D \leq m"),)), numbered=True),
                        ),
                    ),
                    Proof("thm:barrier", (Paragraph((Text("In the proof, "), Math("j"), Text(" is a key."))),), steps),
                    Statement(
                        "thm:reading",
                        "Refutation",
                        (Text("A reading"),),
                        "paper-reading",
                        (
                            Notice(
                                "Not proved: the derivation is undecided",
                                (Paragraph((Text("A sign was not settled within the limit of time."),)),),
                            ),
                        ),
                    ),
                    Fold("fold:barrier", (Code("barrier"), Text(" is PROVED")), (Paragraph((Text("The evidence."),)),)),
                ),
            ),
            Section(
                "sec:numbers",
                (Text("Numbers"),),
                (
                    Table(
                        "tab:rank",
                        (Text("Enclosures of "), Math(r"\frac{1}{n} \mathbb{E}\left[D\right]")),
                        (
                            Column((Text("head_dim"),), "right"),
                            Column((Math(r"\mathbb{E}\left[D\right]"),)),
                            Column((Text("what it says"),), wide=True),
                        ),
                        (
                            (
                                (Text("16"),),
                                (Text("[0.36620, 0.37547]"),),
                                (Text("enclosed, with a longer remark that fills more than one line of the page"),),
                            ),
                            ((Text("64"),), (Text("[0.54390, 0.54512]"),), (Code("sandwich"),)),
                        ),
                        ((Text("Rounded outward."),),),
                    ),
                    Figure("fig:curve", (Text("The curve, as in "), Reference("tab:rank")), "curve", "A line rises."),
                    Listing("rankbound appendix --output DIR\nrankbound appendix --check DIR"),
                    Paragraph(
                        (
                            Text("Its digest is "),
                            Code("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
                            Text("; see "),
                            Reference("sec:frame"),
                            Text(", "),
                            Reference("fig:curve"),
                            Text(" and "),
                            Citation("BLM2013"),
                            Text("."),
                        )
                    ),
                ),
            ),
        ),
        (
            Work(
                "Salmon2011",
                "inproceedings",
                {
                    "author": "Salmon, John K. and Moraes, Mark A.",
                    "title": "Parallel random numbers: as easy as 1, 2, 3",
                    "booktitle": "High Performance Computing & Storage",
                    "year": "2011",
                },
            ),
            Work(
                "BLM2013",
                "book",
                {
                    "author": "Boucheron, Stéphane and Lugosi, Gábor",
                    "title": "Concentration Inequalities",
                    "publisher": "Oxford University Press",
                    "year": "2013",
                },
            ),
        ),
        {"curve": drawn_picture()},
    )
