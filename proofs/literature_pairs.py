"""More of the one list of citations: pairs of scores and of queries, the normal and chi-square laws in other forms."""

from __future__ import annotations

import sympy as sp

from proofs.language import NORM, All, Below, BivariateBelow, Claim, E, NormalTail, eq, le, lt
from proofs.model import ChiSquare, Cosine, NormalMax, QueryCosine, Radius, SecondCosine, d, k, n, t, x
from proofs.records import Citation

_along, _second = Radius(d) * Cosine(d), Radius(d) * SecondCosine(d)
correlation = sp.Symbol("r", real=True)
share = sp.Symbol("q", nonnegative=True)
_correlated = (le(-1, correlation), le(correlation, 1))
narrow = sp.Symbol("D", integer=True, positive=True)
"""A head dimension that is no larger than ``d``."""
theta = sp.Symbol("theta", nonnegative=True)
_dependence = d * (
    E(BivariateBelow(_along, _second, QueryCosine(d)) ** (n - 1)) - E(E((1 - NormalTail(_along)) ** (n - 1), NORM) ** 2)
)
_chi_square_at = E(Below(ChiSquare(k), k + t * sp.sqrt(2 * k)))

ITEMS = (
    Citation(
        "standard-normal",
        All(
            (
                Claim(eq(E(Below(NormalMax(1), t)), 1 - NormalTail(t))),
                Claim(eq(E(sp.exp(t * NormalMax(1))), sp.exp(t**2 / 2))),
                Claim(eq(E(NormalMax(1) ** 2), 1)),
            )
        ),
        "Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (2nd ed., 1994), chapter 13: the normal "
        "distribution function, moment generating function and variance.",
        "The largest of one standard normal variable is a standard normal variable; holds for every real t.",
    ),
    Citation(
        "chi-square-by-freedom",
        All(
            (
                Claim(eq(E(Below(ChiSquare(2), x)), 1 - sp.exp(-x / 2)), (le(0, x),)),
                Claim(le(E(Below(ChiSquare(d), x)), E(Below(ChiSquare(narrow), x))), (le(narrow, d),)),
                Claim(eq(E(Below(ChiSquare(1), NormalMax(1) ** 2)), sp.Rational(1, 2))),
            )
        ),
        "Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (2nd ed., 1994), chapter 18: with two "
        "degrees of freedom chi-square is exponential with mean 2; sums of independent chi-square variables are "
        "chi-square, and their degrees of freedom add; the square of a standard normal is chi-square with one.",
        "The first holds for every x >= 0; the second for every real x, as chi-square with d >= D degrees of freedom "
        "has the law of one with D plus an independent variable that is not negative. In the third the two sides are "
        "independent, as the largest normal is of chi-square, and have one law, which has no atoms.",
    ),
    Citation(
        "bivariate-normal",
        All(
            (
                Claim(le(BivariateBelow(x, t, correlation), 1 - NormalTail(x)), _correlated),
                Claim(le(BivariateBelow(x, t, correlation), 1 - NormalTail(t)), _correlated),
                Claim(
                    le(
                        BivariateBelow(x, t, correlation),
                        1 - NormalTail(x) - NormalTail(t) + sp.exp(-((x + t) ** 2) / (4 * (1 + share))),
                    ),
                    (*_correlated, le(0, x + t), le(correlation, share)),
                ),
            )
        ),
        "Muirhead, Aspects of Multivariate Statistical Theory (1982), section 1.2: linear functions of a normal vector "
        "are normal; Boucheron, Lugosi and Massart, Concentration Inequalities (2013), section 2.2: a normal variable "
        "of variance v is at least y >= 0 with chance at most exp(-y^2/(2v)).",
        "P(X < x, Y < t) is at most either marginal, and it is 1 - P(X >= x) - P(Y >= t) + P(X >= x, Y >= t); the last "
        "is at most P(X + Y >= x + t), where X + Y is normal with variance 2 + 2 r <= 2 + 2 q (if that is 0, X + Y is "
        "0, and the bound holds as long as x + t > 0; at x + t = 0 it is 1).",
    ),
    Citation(
        "key-along-two-queries",
        All(
            (
                Claim(
                    le(
                        E((1 - Below(_along, t)) * (1 - Below(_second, t)) * Below(QueryCosine(d), share)),
                        sp.exp(-(t**2) / (1 + share)),
                    ),
                    (le(0, t),),
                ),
                Claim(
                    eq(
                        E((1 - NormalTail(_along)) ** k * (1 - NormalTail(_second)) ** k, NORM),
                        E((1 - NormalTail(_along)) ** k, NORM) ** 2,
                    )
                ),
                Claim(le(-1, QueryCosine(d))),
                Claim(le(QueryCosine(d), 1)),
            )
        ),
        "Muirhead, Aspects of Multivariate Statistical Theory (1982), section 1.2: linear functions of a normal vector "
        "are normal; Boucheron, Lugosi and Massart, Concentration Inequalities (2013), section 2.2: a normal variable "
        "of variance v is at least y >= 0 with chance at most exp(-y^2/(2v)).",
        "Given the directions of queries 0 and 1, which are independent of key 0, the sum of that key's scores along "
        "them is normal with variance 2 + 2 r, r their cosine; where both scores are at least t it is at least 2 t. "
        "Given key 0, its cosines with the two queries are independent and have one law, so the mean of a product of "
        "one function of each is the square of its mean. A cosine is between -1 and 1.",
        ("gaussian-queries-and-keys",),
    ),
    Citation(
        "spherical-cap",
        Claim(le(E(1 - Below(QueryCosine(d), share)), sp.exp(-d * share**2 / 2))),
        "Ball, An elementary introduction to modern convex geometry, in: Flavors of Geometry (1997), Lemma 2.2: a cap "
        "of the unit sphere in d dimensions at distance q from the centre has a share of at most exp(-d q^2/2).",
        "The directions of queries 0 and 1 are independent and uniform, so given one the other is in such a cap with "
        "that chance. Ball's q is below 1; for larger q the chance is 0, but for q = d = 1, where it is 1/2 <= "
        "exp(-1/2).",
        ("gaussian-queries-and-keys",),
    ),
    Citation(
        "noise-stability",
        Claim(le(_dependence, _dependence.xreplace({d: narrow})), (le(narrow, d),)),
        "O'Donnell, Analysis of Boolean Functions (2014), sections 11.1 and 11.2: for f in L^2 of the normal law on "
        "R^n and standard normal vectors X, Y whose coordinates are pairwise independent but for E(X_i Y_i) = r, "
        "E(f(X) f(Y)) is the sum over k of r^k W_k(f), where W_k(f) >= 0 is the sum of the squares of the "
        "coefficients of f at the Hermite polynomials of degree k.",
        "Given the cosine r of two queries, the scores of the n keys are such X, Y, and both queries pick key 0 with "
        "the chance E(f(X) f(Y)), f the indicator that the first coordinate is the largest. With f_0 = E(f | first "
        "coordinate), E(f_0(X) f_0(Y)) is the chance if other keys are drawn anew for the second query. f_0 has the "
        "coefficients of f at the polynomials of the first coordinate, 0 at the others, so the difference is the sum "
        "of r^k W_k(f - f_0), and W_0(f - f_0) = 0. The law of r in dimension d is symmetric with E(r^(2k)) = 1 3 ... "
        "(2k - 1) / (d (d + 2) ... (d + 2k - 2)), and d times that does not increase with d for k >= 1.",
        ("gaussian-queries-and-keys",),
    ),
    Citation(
        "maximum-of-squares",
        Claim(
            le(
                E(sp.exp(theta * NormalMax(n) ** 2)),
                n * sp.exp(-sp.log(1 - 2 * theta) / 2),
            ),
            (lt(2 * theta, 1),),
        ),
        "Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (2nd ed., 1994), chapter 18: chi-square "
        "with one degree of freedom has the moment generating function (1 - 2 theta)^(-1/2).",
        "The square of the largest of n normals is one of their squares, so exp(theta M^2) is at most the sum of "
        "exp(theta Z_i^2), each of which has that mean; holds for 0 <= theta < 1/2.",
    ),
    Citation(
        "chi-square-berry-esseen",
        All(
            (
                Claim(le(_chi_square_at, 1 - NormalTail(t) + 2 / sp.sqrt(k)), (le(1, k),)),
                Claim(le(1 - NormalTail(t) - 2 / sp.sqrt(k), _chi_square_at), (le(1, k),)),
            )
        ),
        "Shevtsova, On the absolute constants in the Berry-Esseen type inequalities for identically distributed "
        "summands (2011): the Berry-Esseen inequality with the constant 0.4748.",
        "Chi-square is a sum of k independent copies of Z^2, Z standard normal, of mean 1 and variance 2; E|Z^2 - 1|^3 "
        "< 8.7, and 0.4748 times 8.7 over 2^(3/2) is below 2. Holds for every real t; chi-square has no atoms.",
    ),
)
