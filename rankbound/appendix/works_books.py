"""The books that proofs and claims cite, as entries of a bibliography.

A field that is not certain is left out.
"""

from __future__ import annotations

from rankbound.appendix.document import Work


def _book(key: str, author: str, title: str, publisher: str, year: int, **more: str) -> Work:
    fields = {"author": author, "title": title, **more, "publisher": publisher, "year": str(year)}
    return Work(key, "book", fields)


BOOKS: tuple[Work, ...] = (
    _book(
        "BLM2013",
        "Boucheron, Stéphane and Lugosi, Gábor and Massart, Pascal",
        "Concentration Inequalities: A Nonasymptotic Theory of Independence",
        "Oxford University Press",
        2013,
    ),
    _book(
        "DemboZeitouni1998",
        "Dembo, Amir and Zeitouni, Ofer",
        "Large Deviations Techniques and Applications",
        "Springer",
        1998,
        edition="Second",
    ),
    _book(
        "FangKotzNg1990",
        "Fang, Kai-Tai and Kotz, Samuel and Ng, Kai Wang",
        "Symmetric Multivariate and Related Distributions",
        "Chapman and Hall",
        1990,
    ),
    _book(
        "Feller1968",
        "Feller, William",
        "An Introduction to Probability Theory and Its Applications",
        "Wiley",
        1968,
        volume="I",
        edition="Third",
    ),
    _book(
        "Feller1971",
        "Feller, William",
        "An Introduction to Probability Theory and Its Applications",
        "Wiley",
        1971,
        volume="II",
        edition="Second",
    ),
    _book(
        "GrahamKnuthPatashnik1994",
        "Graham, Ronald L. and Knuth, Donald E. and Patashnik, Oren",
        "Concrete Mathematics: A Foundation for Computer Science",
        "Addison-Wesley",
        1994,
        edition="Second",
    ),
    _book(
        "Higham2002",
        "Higham, Nicholas J.",
        "Accuracy and Stability of Numerical Algorithms",
        "SIAM",
        2002,
        edition="Second",
    ),
    _book(
        "HornJohnson2013",
        "Horn, Roger A. and Johnson, Charles R.",
        "Matrix Analysis",
        "Cambridge University Press",
        2013,
        edition="Second",
    ),
    _book(
        "JohnsonKotzBalakrishnan1994",
        "Johnson, Norman L. and Kotz, Samuel and Balakrishnan, N.",
        "Continuous Univariate Distributions",
        "Wiley",
        1994,
        volume="1",
        edition="Second",
    ),
    _book(
        "MarshallOlkinArnold2011",
        "Marshall, Albert W. and Olkin, Ingram and Arnold, Barry C.",
        "Inequalities: Theory of Majorization and Its Applications",
        "Springer",
        2011,
        edition="Second",
    ),
    _book("Muirhead1982", "Muirhead, Robb J.", "Aspects of Multivariate Statistical Theory", "Wiley", 1982),
    _book("ODonnell2014", "O'Donnell, Ryan", "Analysis of Boolean Functions", "Cambridge University Press", 2014),
    _book(
        "Stanley2012",
        "Stanley, Richard P.",
        "Enumerative Combinatorics",
        "Cambridge University Press",
        2012,
        volume="1",
        edition="Second",
    ),
    _book("Trefethen2013", "Trefethen, Lloyd N.", "Approximation Theory and Approximation Practice", "SIAM", 2013),
    _book("VanDerVaart1998", "van der Vaart, A. W.", "Asymptotic Statistics", "Cambridge University Press", 1998),
    _book(
        "Vershynin2018",
        "Vershynin, Roman",
        "High-Dimensional Probability: An Introduction with Applications in Data Science",
        "Cambridge University Press",
        2018,
    ),
    _book(
        "Ziegler1995",
        "Ziegler, Günter M.",
        "Lectures on Polytopes",
        "Springer",
        1995,
        series="Graduate Texts in Mathematics",
        volume="152",
    ),
)
