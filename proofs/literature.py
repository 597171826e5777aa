"""The one list of results that a proof may cite instead of deriving."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.symbol import Str

from proofs import literature_matrices, literature_pairs
from proofs.calculus import normal_density
from proofs.language import (
    ALIGNED,
    KEYS,
    PAIR,
    PLANE,
    TRIVIAL,
    All,
    Below,
    BivariateBelow,
    Claim,
    Density,
    E,
    Independent,
    Integral,
    NormalTail,
    PoissonBinomial,
    eq,
    le,
    lt,
)
from proofs.model import (
    ChiSquare,
    Cosine,
    Eulerian,
    Facets,
    Height,
    NormalMax,
    Occupied,
    OuterAngle,
    PickChance,
    PlaneDistance,
    QueryAcross2,
    QueryAlong,
    QueryCosine,
    QueryTurn,
    Radius,
    Score,
    SecondCosine,
    SecondScore,
    SimplexAngle,
    Stirling,
    Vertices,
    WindowOccupied,
    WinnerNorm2,
    both_pick,
    d,
    j,
    k,
    m,
    n,
    t,
    x,
)
from proofs.records import Citation

q, r, faces = (sp.Symbol(name, integer=True, positive=True) for name in ("q", "r", "s"))
theta = sp.Symbol("theta", nonnegative=True)
scale = sp.Symbol("s", positive=True)
_along, _second = Radius(d) * Cosine(d), Radius(d) * SecondCosine(d)
_plane = PlaneDistance(d) / sp.sqrt(d)
_scores = (Score(j, n, d), SecondScore(j, n, d))
_holds: Any = Claim(sp.true)


def alignment_density(value: Any, dim: Any) -> Any:
    """Return the density, at ``value``, of one coordinate of a uniform unit vector in ``dim`` dimensions."""
    constant = sp.gamma(dim / 2) / (sp.sqrt(sp.pi) * sp.gamma((dim - 1) / 2))
    return constant * (1 - value**2) ** ((dim - 3) / 2)


def outer_angle(vertices: Any, of: Any) -> Any:
    """Return the external angle of a regular simplex with ``of`` vertices at a face with some of them."""
    return Integral(normal_density(x) * (1 - NormalTail(x / sp.sqrt(vertices))) ** (of - vertices), x)


def mean_vertices(vertices: Any, most: Any) -> Any:
    """Return twice the sum, over the numbers of vertices of a face, of faces times vertices times the two angles."""
    return 2 * sp.Sum(sp.binomial(n, vertices) * vertices * SimplexAngle(vertices) * OuterAngle(vertices, n), most)


_ITEMS = (
    Citation(
        "points-on-an-arc",
        Claim(
            eq(
                E(both_pick(0).xreplace({d: sp.Integer(2)}) * (1 - Below(QueryTurn(2), x)), KEYS),
                (PickChance(0, n, 2) - x) ** 2 * (1 - Below(PickChance(0, n, 2), x)),
            ),
            (le(0, x), le(2, n)),
        ),
        "Feller, An Introduction to Probability Theory and Its Applications II (2nd ed., 1971), section I.7: n random "
        "points divide a segment of length 1 into n + 1 parts of one law, P(length > t) = (1 - t)^n.",
        "In the plane the directions of the queries are independent and uniform on the circle. Those in which key 0 "
        "has the largest score form an arc, of length p in turns, at most a half turn since no two opposite directions "
        "are in it. Given that two queries pick key 0 (chance p^2) their directions are two random points on the arc, "
        "and the angle between them is the middle one of three parts: at least x with chance (1 - x/p)^2, for 0 <= x "
        "<= p.",
        ("gaussian-queries-and-keys",),
    ),
    Citation(
        "heights-over-a-plane",
        All(
            (
                Claim(eq(E(Below(PlaneDistance(d), t)), 1 - NormalTail(t))),
                Claim(Independent(Height(j, n, d), j, Str(PLANE))),
                Claim(eq(E(Below(Height(j, n, d), _plane), PLANE), 1 - NormalTail(_plane)), (le(d, j),)),
                Claim(eq(E(Below(-Height(j, n, d), -_plane), PLANE), NormalTail(_plane)), (le(d, j),)),
            )
        ),
        "Muirhead, Aspects of Multivariate Statistical Theory (1982), section 1.2: linear functions of a normal vector "
        "are normal, and uncorrelated parts of a normal vector are independent.",
        "The unit normal is a function of the differences of the first d keys, of which their mean is independent, as "
        "both are linear in the keys and uncorrelated; the mean has independent normal coordinates of variance 1/d, so "
        "its inner product with the normal, which is the distance, times sqrt(d) is standard normal given these "
        "differences. The other keys are independent of the first d, so that their inner products with the normal are "
        "independent standard normals given these, of which the distance is a function.",
        ("gaussian-queries-and-keys",),
    ),
    Citation(
        "polytopes-of-low-dimension",
        All(
            (
                Claim(eq(Vertices(n, 1), Facets(n, 1)), (le(2, n),)),
                Claim(eq(Vertices(n, 2), Facets(n, 2)), (le(3, n),)),
                Claim(eq(Facets(n, 3), 2 * Vertices(n, 3) - 4), (le(4, n),)),
            )
        ),
        "Ziegler, Lectures on Polytopes (1995): the facets of a segment are its ends, a polygon has as many edges as "
        "vertices; Euler's formula, vertices - edges + facets = 2, in dimension 3.",
        "Keys are in general position, so that the hull has dimension d and its facets are simplices: in dimension 3 "
        "they are triangles, and each edge is in two of them.",
        ("gaussian-queries-and-keys",),
    ),
    Citation(
        "gaussian-polytope",
        All(
            (
                Claim(
                    eq(E(Vertices(n, 2 * r)), mean_vertices(2 * q, (q, 1, r))),
                    (le(2 * r + 1, n),),
                ),
                Claim(
                    eq(E(Vertices(n, 2 * r - 1)), mean_vertices(2 * q - 1, (q, 1, r))),
                    (le(2 * r, n),),
                ),
            )
        ),
        "Affentranger and Schneider, Random projections of regular simplices, Discrete and Computational Geometry 7 "
        "(1992) 219-226, with Baryshnikov and Vitale, Regular simplices and Gaussian samples, ibid. 11 (1994) 141-147: "
        "the expected number of k-faces of the Gaussian polytope of n points in dimension d < n is twice the sum over "
        "s >= 0 of the sums over faces G of dimension d - 1 - 2 s of the regular simplex with n vertices, and over "
        "k-faces F of G, of the internal angle of G at F times the external angle of the simplex at G.",
        "The keys are n > d independent standard normal vectors in dimension d. For k = 0 and faces G with l vertices: "
        "there are C(n, l) such faces, G is a regular simplex with l vertices, and all its vertices are alike.",
        ("gaussian-queries-and-keys",),
    ),
    Citation(
        "simplex-angles",
        All(
            (
                Claim(eq(OuterAngle(faces, n), outer_angle(faces, n)), (le(faces, n),)),
                Claim(eq(SimplexAngle(1), 1)),
                Claim(eq(SimplexAngle(2), sp.Rational(1, 2))),
                Claim(eq(SimplexAngle(3), sp.Rational(1, 6))),
            )
        ),
        "Kabluchko and Zaporozhets, Absorption probabilities for Gaussian polytopes and regular spherical simplices, "
        "Advances in Applied Probability 52 (2020) 588-616: the external angle of a regular simplex with n vertices at "
        "a face with l is the integral of phi(x) Phi(x / sqrt(l))^(n-l).",
        "Holds for 1 <= l <= n. The internal angles are those of a point, of a segment at an end (half of the line), "
        "and of an equilateral triangle (60 of 360 degrees).",
    ),
    Citation(
        "t-transforms",
        _holds,
        "Marshall, Olkin and Arnold, Inequalities: Theory of Majorization and Its Applications (2nd ed., 2011), Lemma "
        "2.B.1 (Muirhead; Hardy, Littlewood and Polya): a vector that is majorised by another is reached from it by "
        "finitely many T-transforms.",
        "The vector of equal chances is majorised by every vector of chances.",
    ),
    Citation(
        "bounded-differences",
        _holds,
        "McDiarmid, On the method of bounded differences, Surveys in Combinatorics (1989) 148-188: the bounded "
        "differences inequality.",
        "The balls are independent, and each changes the number of occupied cells by at most 1.",
    ),
    Citation(
        "bernstein",
        _holds,
        "Boucheron, Lugosi and Massart, Concentration Inequalities (2013), section 2.8: Bernstein's inequality.",
        "Each summand exceeds its mean by at most 1, and the sum of the variances is the variance.",
    ),
    Citation(
        "occupancy-is-poisson-binomial",
        Claim(PoissonBinomial(Occupied(n, m))),
        "Vatutin and Mikhailov, Limit theorems for the number of empty cells in an equiprobable scheme for group "
        "allocation of particles, Theory of Probability and Its Applications 27 (1982) 734-743: the number of empty "
        "cells has the law of a sum of independent indicators.",
        "Uniform balls are the groups of size 1; the number of occupied cells is n minus that of empty ones, so it is "
        "such a sum too.",
        ("uniform-occupancy",),
    ),
    Citation(
        "normal-uncorrelated",
        _holds,
        "Muirhead, Aspects of Multivariate Statistical Theory (1982), section 1.2: linear functions of a normal vector "
        "are normal, and uncorrelated parts of a normal vector are independent.",
        "All entries of both matrices together are independent standard normals; queries and keys are linear in them.",
    ),
    Citation(
        "rotation-invariance",
        _holds,
        "Muirhead, Aspects of Multivariate Statistical Theory (1982), section 1.2: linear functions of a normal vector "
        "are normal, so that the coordinates of a standard normal vector in any orthonormal basis, whose covariance is "
        "the identity, are independent standard normals.",
        "The bases are orthonormal, and each is made of keys that are independent of the vector read in it: for a key, "
        "of those before it; for a query, of all.",
    ),
    Citation(
        "rank-of-gram",
        _holds,
        "Horn and Johnson, Matrix Analysis (2nd ed., 2013), 0.4.6(d): rank A = rank A*A.",
        "The attention matrix is real; a diagonal matrix has as many independent columns as nonzero entries.",
    ),
    Citation(
        "multivariate-clt",
        _holds,
        "Van der Vaart, Asymptotic Statistics (1998), Example 2.18 (multivariate central limit theorem).",
        "The scores of the m by n array, divided by sqrt(d), are sums over coordinates of independent, identically "
        "distributed arrays with mean 0 and finite second moments.",
    ),
    Citation(
        "continuous-mapping",
        _holds,
        "Van der Vaart, Asymptotic Statistics (1998), Theorem 2.3 (continuous mapping).",
        "The position of a row's largest entry is continuous except at ties, which have probability 0 for independent "
        "standard normals.",
    ),
    Citation(
        "occupancy-law",
        Claim(
            eq(
                E(sp.KroneckerDelta(Occupied(n, m), k)),
                sp.binomial(n, k) * sp.factorial(k) * Stirling(m, k) / n**m,
            ),
            (le(k, n),),
        ),
        "Stanley, Enumerative Combinatorics I (2nd ed., 2012), section 1.9: k! S(m, k) maps of an m-set onto a k-set.",
        "The n^m assignments of balls to cells are equally likely; choose the k occupied cells, then a map onto them.",
        ("uniform-occupancy",),
    ),
    Citation(
        "distinct-picks",
        Claim(eq(E(sp.KroneckerDelta(WindowOccupied(n, n), k)), Eulerian(n, k) / sp.factorial(n))),
        "Dumont, Interpretations combinatoires des nombres de Genocchi, Duke Math. J. 41 (1974), 305-318; Foata, "
        "Distributions euleriennes et mahoniennes sur le groupe des permutations (1977): among the sequences of whole "
        "numbers e_1, ..., e_n with 0 <= e_i <= i - 1, as many have k - 1 different positive values as there are "
        "permutations of n things with k - 1 descents.",
        "The n! sequences of picks, that of query i - 1 being e_i, are equally likely; as e_1 is 0, the number of "
        "different values is one more than that of the positive ones. (One query more picks one of k keys picked "
        "before with chance k / (n + 1): the two sides have one recurrence.)",
        ("uniform-window-picks",),
    ),
    Citation(
        "eulerian-recurrence",
        Claim(eq(Eulerian(n + 1, k + 1), (k + 1) * Eulerian(n, k + 1) + (n + 1 - k) * Eulerian(n, k)), (le(k, n + 1),)),
        "Graham, Knuth and Patashnik, Concrete Mathematics (2nd ed., 1994), section 6.2, equation (6.35), with the "
        "number of descents one less than the second argument here.",
        "Holds for all n >= 1 and k >= 0; there are no permutations with k - 1 = -1 descents.",
    ),
    Citation(
        "stirling-recurrence",
        Claim(eq(Stirling(m + 1, k + 1), (k + 1) * Stirling(m, k + 1) + Stirling(m, k))),
        "Stanley, Enumerative Combinatorics I (2nd ed., 2012), section 1.9: the recurrence of the Stirling numbers of "
        "the second kind.",
        "Holds for all m >= 0 and k >= 0.",
    ),
    Citation(
        "scores-along-direction",
        All(
            (
                Claim(Independent(Score(j, n, d), j, Str(TRIVIAL))),
                Claim(eq(E(Below(Score(j, n, d), t)), 1 - NormalTail(t))),
                Claim(Independent(Score(j, n, d), j, Str(ALIGNED))),
                Claim(eq(E(Below(Score(j, n, d), _along), ALIGNED), 1 - NormalTail(_along)), (le(1, j),)),
            )
        ),
        "See Vershynin, High-Dimensional Probability (2018), section 3.3: a fixed direction's coordinate of a standard "
        "normal vector is standard normal (rotation invariance).",
        "The direction of query 0 is independent of the keys, and the keys are independent of each other; given the "
        "length of key 0 and its cosine with that direction, the other keys keep their law and the score of key 0 is "
        "known.",
        ("gaussian-queries-and-keys",),
    ),
    Citation(
        "scores-along-two-directions",
        All(
            (
                Claim(Independent(sp.Tuple(*_scores), j, Str(PAIR))),
                Claim(
                    eq(
                        E(Below(_scores[0], _along) * Below(_scores[1], _second), PAIR),
                        BivariateBelow(_along, _second, QueryCosine(d)),
                    ),
                    (le(1, j),),
                ),
            )
        ),
        "Muirhead, Aspects of Multivariate Statistical Theory (1982), section 1.2: linear functions of a normal vector "
        "are jointly normal; a standard normal vector's coordinates along two unit vectors have their inner product as "
        "covariance.",
        "The directions of queries 0 and 1 and key 0 are independent of the other keys, which are independent of each "
        "other; given these directions and key 0, the pairs of scores of the other keys have a law that depends on the "
        "cosine between the queries only, and the scores of key 0 are known.",
        ("gaussian-queries-and-keys",),
    ),
    Citation(
        "query-along-key",
        All(
            (
                Claim(eq(E(Below(-Cosine(d), t), KEYS), E(Below(-Cosine(d), t)))),
                Claim(
                    eq(
                        E((1 - Below(QueryAlong(d), t)) * Below(QueryAcross2(d), x)),
                        NormalTail(t) * E(Below(ChiSquare(d - 1), x)),
                    )
                ),
            )
        ),
        "See Vershynin, High-Dimensional Probability (2018), section 3.3: rotation invariance of the standard normal "
        "law, so that the coordinates in any orthonormal basis are independent standard normals.",
        "Query 0 is independent of the keys, so given these the basis may begin with the direction of key 0: its first "
        "coordinate is the part along key 0, the squared length of the rest is a sum of d - 1 squares, chi-square by "
        "definition, and the law of the cosine does not depend on the keys.",
        ("gaussian-queries-and-keys",),
    ),
    Citation(
        "winner-decomposition",
        Claim(eq(E(Below(WinnerNorm2(n, m, d), x)), E(Below(NormalMax(n) ** 2 + ChiSquare(d - 1), x)))),
        "Muirhead, Aspects of Multivariate Statistical Theory (1982), section 1.2: uncorrelated parts of a normal "
        "vector are independent, so the part of a standard normal vector orthogonal to a fixed direction is "
        "independent of the coordinate along it; its squared length is a sum of d - 1 squares, chi-square by "
        "definition.",
        "The winner is chosen by the coordinates along query 0 alone, the orthogonal parts are independent of all of "
        "these, so the winner's orthogonal part keeps its law; its coordinate is the largest of n standard normals.",
        ("gaussian-queries-and-keys",),
    ),
    Citation(
        "chi-square-upper-tail",
        Claim(
            le(
                E(1 - Below(ChiSquare(d), x)),
                sp.exp(-theta * x) * sp.exp(-(sp.Rational(1, 2) * d) * sp.log(1 - 2 * theta)),
            ),
            (lt(2 * theta, 1),),
        ),
        "Boucheron, Lugosi and Massart, Concentration Inequalities (2013), section 2.2: Markov's inequality for "
        "exp(theta X), with the chi-square moment generating function (1 - 2 theta)^(-d/2).",
        "Holds for every real threshold and 0 <= theta < 1/2.",
    ),
    Citation(
        "chi-square-lower-tail",
        Claim(
            le(
                E(Below(ChiSquare(k), x)),
                sp.exp(theta * x) * sp.exp(-(sp.Rational(1, 2) * k) * sp.log(1 + 2 * theta)),
            )
        ),
        "Boucheron, Lugosi and Massart, Concentration Inequalities (2013), section 2.2: Markov's inequality for "
        "exp(-theta X), with the chi-square Laplace transform (1 + 2 theta)^(-k/2).",
        "Holds for every real threshold, theta >= 0 and k >= 0 (for k = 0 the variable is 0).",
    ),
    Citation(
        "normal-distribution",
        _holds,
        "Feller, An Introduction to Probability Theory and Its Applications I (3rd ed., 1968), section VII.1: the "
        "normal density and its integral.",
        "The normal tail is the integral of the density exp(-x^2/2) / sqrt(2 pi), which is continuous, over [t, oo): "
        "its derivative is minus the density, and it tends to 1 and to 0 at the ends of the line.",
    ),
    Citation(
        "normal-symmetry",
        Claim(eq(NormalTail(-t), 1 - NormalTail(t))),
        "Feller, An Introduction to Probability Theory and Its Applications I (3rd ed., 1968), section VII.1.",
        "The normal density is even.",
    ),
    Citation(
        "cosine-density",
        Claim(Density(Cosine(d), alignment_density(x, d), x, -1, 1), (le(3, d),)),
        "Fang, Kotz and Ng, Symmetric Multivariate and Related Distributions (1990): the marginal density of one "
        "coordinate of a uniform unit vector.",
        "The directions of key 0 and query 0 are independent and uniform, so their cosine has the law of a coordinate "
        "of a uniform unit vector; at d = 2 the density is not bounded, and at d = 1 there is none.",
        ("gaussian-queries-and-keys",),
    ),
    Citation(
        "chi-square-scaling",
        Claim(
            eq(
                E((1 - Below(ChiSquare(k), scale * t)) * Below(ChiSquare(k), scale * x)),
                sp.exp(sp.Rational(1, 2) * k * sp.log(scale))
                * E(sp.exp(-(scale - 1) / 2 * ChiSquare(k)) * (1 - Below(ChiSquare(k), t)) * Below(ChiSquare(k), x)),
            )
        ),
        "Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (2nd ed., 1994), chapter 18: the "
        "density of chi-square, proportional to v^(k/2-1) exp(-v/2) for v > 0.",
        "The substitution v = s u in the integral of the density from s t to s x; holds for every s > 0 and all real t "
        "and x (for k = 0 the variable is 0, and both sides are 1 if t <= 0 < x, else 0).",
    ),
    Citation(
        "chi-square-moments",
        All(
            tuple(
                Claim(eq(E(ChiSquare(k) ** order), sp.expand(sp.prod(k + 2 * below for below in range(order)))))
                for order in (1, 2, 3, 4)
            )
        ),
        "Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (2nd ed., 1994), chapter 18: the "
        "moments k, k (k + 2), k (k + 2) (k + 4), ... about 0, so that the mean is k and the variance 2 k.",
        "Holds for every number k >= 0 of degrees of freedom (for k = 0 the variable is 0).",
    ),
    Citation(
        "normal-upper-tail",
        Claim(le(NormalTail(t), sp.exp(-(t**2) / 2)), (le(0, t),)),
        "Boucheron, Lugosi and Massart, Concentration Inequalities (2013), section 2.2: Markov's inequality for "
        "exp(t Z), with the normal moment generating function.",
        "Holds for every t >= 0.",
    ),
    Citation(
        "mills-ratio",
        Claim(le(t / (1 + t**2) * sp.exp(-(t**2) / 2) / sp.sqrt(2 * sp.pi), NormalTail(t)), (lt(0, t),)),
        "Gordon, Ann. Math. Statist. 12 (1941) 364-366: the lower bound on Mills' ratio.",
        "Holds for every t > 0.",
    ),
)
LITERATURE = {item.id: item for item in (*_ITEMS, *literature_pairs.ITEMS, *literature_matrices.ITEMS)}
