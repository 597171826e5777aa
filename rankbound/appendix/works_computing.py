"""The papers on attention and on the programs that computed, as entries of a bibliography.

A field that is not certain is left out.
"""

from __future__ import annotations

from rankbound.appendix.document import Work

ATTENTION: tuple[Work, ...] = (
    Work(
        "RankPerspective",
        "misc",
        {
            "author": "Anonymous",
            "title": "On the Limitation and Redundancy of Transformers: A Rank Perspective",
            "note": "OpenReview GoK1PfVgXU; an earlier submission is 0sary0UZn5",
        },
    ),
    Work(
        "Bhojanapalli2020",
        "inproceedings",
        {
            "author": "Bhojanapalli, Srinadh and Yun, Chulhee and Rawat, Ankit Singh and Reddi, Sashank and "
            "Kumar, Sanjiv",
            "title": "Low-Rank Bottleneck in Multi-head Attention Models",
            "booktitle": "International Conference on Machine Learning",
            "year": "2020",
            "note": "arXiv:2002.07028",
        },
    ),
    Work(
        "DeepSeek2024",
        "misc",
        {
            "author": "DeepSeek-AI",
            "title": "DeepSeek-V2: A Strong, Economical, and Efficient Mixture-of-Experts Language Model",
            "year": "2024",
            "note": "arXiv:2405.04434",
        },
    ),
)

PROGRAMS: tuple[Work, ...] = (
    Work(
        "Harris2020",
        "article",
        {
            "author": "Harris, Charles R. and Millman, K. Jarrod and van der Walt, Stéfan J. and Gommers, Ralf and "
            "Virtanen, Pauli and Cournapeau, David and Wieser, Eric and Taylor, Julian and Berg, Sebastian and "
            "Smith, Nathaniel J. and Kern, Robert and Picus, Matti and Hoyer, Stephan and van Kerkwijk, Marten H. and "
            "Brett, Matthew and Haldane, Allan and Fernández del Río, Jaime and Wiebe, Mark and Peterson, Pearu and "
            "Gérard-Marchant, Pierre and Sheppard, Kevin and Reddy, Tyler and Weckesser, Warren and Abbasi, Hameer and "
            "Gohlke, Christoph and Oliphant, Travis E.",
            "title": "Array programming with NumPy",
            "journal": "Nature",
            "volume": "585",
            "number": "7825",
            "pages": "357\N{EN DASH}362",
            "year": "2020",
            "doi": "10.1038/s41586-020-2649-2",
        },
    ),
    Work(
        "Johansson2017",
        "article",
        {
            "author": "Johansson, Fredrik",
            "title": "Arb: efficient arbitrary-precision midpoint-radius interval arithmetic",
            "journal": "IEEE Transactions on Computers",
            "volume": "66",
            "number": "8",
            "pages": "1281\N{EN DASH}1292",
            "year": "2017",
            "doi": "10.1109/TC.2017.2690633",
        },
    ),
    Work(
        "LamPitrouSeibert2015",
        "inproceedings",
        {
            "author": "Lam, Siu Kwan and Pitrou, Antoine and Seibert, Stanley",
            "title": "Numba: a LLVM-based Python JIT compiler",
            "booktitle": "Proceedings of the Second Workshop on the LLVM Compiler Infrastructure in HPC",
            "year": "2015",
            "doi": "10.1145/2833157.2833162",
        },
    ),
    Work(
        "Meurer2017",
        "article",
        {
            "author": "Meurer, Aaron and Smith, Christopher P. and Paprocki, Mateusz and Čertík, Ondřej and "
            "Kirpichev, Sergey B. and Rocklin, Matthew and Kumar, AMiT and Ivanov, Sergiu and Moore, Jason K. and "
            "Singh, Sartaj and Rathnayake, Thilina and Vig, Sean and Granger, Brian E. and Muller, Richard P. and "
            "Bonazzi, Francesco and Gupta, Harsh and Vats, Shivam and Johansson, Fredrik and Pedregosa, Fabian and "
            "Curry, Matthew J. and Terrel, Andy R. and Roučka, Štěpán and Saboo, Ashutosh and Fernando, Isuru and "
            "Kulal, Sumith and Cimrman, Robert and Scopatz, Anthony",
            "title": "SymPy: symbolic computing in Python",
            "journal": "PeerJ Computer Science",
            "volume": "3",
            "pages": "e103",
            "year": "2017",
            "doi": "10.7717/peerj-cs.103",
        },
    ),
    Work(
        "Salmon2011",
        "inproceedings",
        {
            "author": "Salmon, John K. and Moraes, Mark A. and Dror, Ron O. and Shaw, David E.",
            "title": "Parallel random numbers: as easy as 1, 2, 3",
            "booktitle": "International Conference for High Performance Computing, Networking, Storage and Analysis",
            "year": "2011",
            "doi": "10.1145/2063384.2063405",
        },
    ),
)
