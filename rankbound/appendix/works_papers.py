"""The papers on mathematics that proofs and claims cite, as entries of a bibliography.

A field that is not certain is left out.
"""

from __future__ import annotations

from rankbound.appendix.document import Work


def _range(pages: str) -> str:
    """Return a range of pages as it is set, with a dash."""
    return pages.replace("-", "\N{EN DASH}")


def _article(key: str, author: str, title: str, journal: str, volume: int, pages: str, year: int, **more: str) -> Work:
    fields = {"author": author, "title": title, "journal": journal, "volume": str(volume)}
    return Work(key, "article", {**fields, "pages": _range(pages), "year": str(year), **more})


def _chapter(key: str, author: str, title: str, book: str, publisher: str, pages: str, year: int, **more: str) -> Work:
    fields = {"author": author, "title": title, "booktitle": book, **more, "publisher": publisher}
    return Work(key, "incollection", {**fields, "pages": _range(pages), "year": str(year)})


PAPERS: tuple[Work, ...] = (
    _article(
        "AffentrangerSchneider1992",
        "Affentranger, Fernando and Schneider, Rolf",
        "Random projections of regular simplices",
        "Discrete and Computational Geometry",
        7,
        "219-226",
        1992,
    ),
    _chapter(
        "Ball1997",
        "Ball, Keith",
        "An elementary introduction to modern convex geometry",
        "Flavors of Geometry",
        "Cambridge University Press",
        "1-58",
        1997,
        editor="Levy, Silvio",
        series="Mathematical Sciences Research Institute Publications",
        volume="31",
    ),
    _article(
        "Bartlett1933",
        "Bartlett, M. S.",
        "On the theory of statistical regression",
        "Proceedings of the Royal Society of Edinburgh",
        53,
        "260-283",
        1933,
    ),
    _article(
        "BaryshnikovVitale1994",
        "Baryshnikov, Yuliy M. and Vitale, Richard A.",
        "Regular simplices and Gaussian samples",
        "Discrete and Computational Geometry",
        11,
        "141-147",
        1994,
    ),
    _article(
        "Dumont1974",
        "Dumont, Dominique",
        "Interprétations combinatoires des nombres de Genocchi",
        "Duke Mathematical Journal",
        41,
        "305-318",
        1974,
    ),
    _article(
        "EckartYoung1936",
        "Eckart, Carl and Young, Gale",
        "The approximation of one matrix by another of lower rank",
        "Psychometrika",
        1,
        "211-218",
        1936,
        number="3",
        doi="10.1007/BF02288367",
    ),
    _chapter(
        "Foata1977",
        "Foata, Dominique",
        "Distributions eulériennes et mahoniennes sur le groupe des permutations",
        "Higher Combinatorics",
        "Reidel",
        "27-49",
        1977,
        editor="Aigner, Martin",
    ),
    _article(
        "Gordon1941",
        "Gordon, Robert D.",
        "Values of Mills' ratio of area to bounding ordinate and of the normal probability integral for large values "
        "of the argument",
        "Annals of Mathematical Statistics",
        12,
        "364-366",
        1941,
        number="3",
        doi="10.1214/aoms/1177731721",
    ),
    _article(
        "Jensen1906",
        "Jensen, J. L. W. V.",
        "Sur les fonctions convexes et les inégalités entre les valeurs moyennes",
        "Acta Mathematica",
        30,
        "175-193",
        1906,
        doi="10.1007/BF02418571",
    ),
    _article(
        "KabluchkoZaporozhets2020",
        "Kabluchko, Zakhar and Zaporozhets, Dmitry",
        "Absorption probabilities for Gaussian polytopes and regular spherical simplices",
        "Advances in Applied Probability",
        52,
        "588-616",
        2020,
    ),
    _article(
        "LaurentMassart2000",
        "Laurent, Béatrice and Massart, Pascal",
        "Adaptive estimation of a quadratic functional by model selection",
        "Annals of Statistics",
        28,
        "1302-1338",
        2000,
    ),
    _chapter(
        "McDiarmid1989",
        "McDiarmid, Colin",
        "On the method of bounded differences",
        "Surveys in Combinatorics, 1989",
        "Cambridge University Press",
        "148-188",
        1989,
        editor="Siemons, J.",
        series="London Mathematical Society Lecture Note Series",
        volume="141",
    ),
    _article(
        "Owen1956",
        "Owen, Donald B.",
        "Tables for computing bivariate normal probabilities",
        "Annals of Mathematical Statistics",
        27,
        "1075-1090",
        1956,
    ),
    _article(
        "RenyiSulanke1963",
        "Rényi, Alfréd and Sulanke, Rolf",
        "Über die konvexe Hülle von n zufällig gewählten Punkten",
        "Zeitschrift für Wahrscheinlichkeitstheorie und verwandte Gebiete",
        2,
        "75-84",
        1963,
    ),
    Work(
        "Shevtsova2011",
        "misc",
        {
            "author": "Shevtsova, Irina",
            "title": "On the absolute constants in the Berry\N{EN DASH}Esseen type inequalities for identically "
            "distributed summands",
            "year": "2011",
            "note": "arXiv:1111.6554",
        },
    ),
    _article(
        "Slepian1962",
        "Slepian, David",
        "The one-sided barrier problem for Gaussian noise",
        "Bell System Technical Journal",
        41,
        "463-501",
        1962,
    ),
    _article(
        "TrefethenWeideman2014",
        "Trefethen, Lloyd N. and Weideman, J. A. C.",
        "The exponentially convergent trapezoidal rule",
        "SIAM Review",
        56,
        "385-458",
        2014,
    ),
    _article(
        "VatutinMikhailov1982",
        "Vatutin, Vladimir A. and Mikhailov, Valentin G.",
        "Limit theorems for the number of empty cells in an equiprobable scheme for group allocation of particles",
        "Theory of Probability and Its Applications",
        27,
        "734-743",
        1982,
    ),
    _article(
        "WaudbySmithRamdas2024",
        "Waudby-Smith, Ian and Ramdas, Aaditya",
        "Estimating means of bounded random variables by betting",
        "Journal of the Royal Statistical Society, Series B",
        86,
        "1-27",
        2024,
    ),
)
