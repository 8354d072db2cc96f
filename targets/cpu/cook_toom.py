# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The matrices of Winograd's convolutions, by the algorithm of Cook and Toom (A. L. Toom, 1963; S. Winograd, 1980)."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from mograph._records import record

POINTS = (0, 1, -1, 2, -2)
"""Where polynomials are evaluated, besides infinity. The larger the points, the larger the error of rounding."""

Matrix = tuple[tuple[Fraction, ...], ...]


@record
class Transforms:
    """F(m, r): y = A^T [(G g) . (B^T d)] are the `m` sums y_i = sum_k g_k d_{i+k} of `r` filter elements g and the
    m + r - 1 input elements d, by that many products.
    """

    m: int
    r: int
    input: Matrix
    filter: Matrix
    output: Matrix

    @property
    def size(self) -> int:
        """How many products there are."""
        return self.m + self.r - 1


@cache
def transforms(m: int, r: int) -> Transforms:
    """F(m, r), for m + r of 7 at most.

    The products of polynomials of degrees m - 1 and r - 1 are interpolated from their values at points a_j and the
    leading coefficient; its transpose is the convolution. What interpolation divides by is in G.
    """
    count = m + r - 2
    if not 0 < count <= len(POINTS):
        raise ValueError(f"expected m + r from 3 to {len(POINTS) + 2}, found {m} + {r}")
    points = [Fraction(point) for point in POINTS[:count]]
    rows, bank = [], []
    for j, point in enumerate(points):
        others = points[:j] + points[j + 1 :]
        scale = Fraction(1)
        for other in others:
            scale *= point - other
        rows.append((*_product(others), Fraction(0)))
        bank.append(tuple(point**k / scale for k in range(r)))
    rows.append(_product(points))
    bank.append((*[Fraction(0)] * (r - 1), Fraction(1)))
    last = [Fraction(int(i == m - 1)) for i in range(m)]
    output = tuple((*(point**i for point in points), last[i]) for i in range(m))
    return Transforms(m, r, tuple(rows), tuple(bank), output)


def _product(roots: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The coefficients of the product of all (x - root), that of x^0 first."""
    found = [Fraction(1)]
    for root in roots:
        found = [
            (found[i - 1] if i else Fraction(0)) - root * (found[i] if i < len(found) else Fraction(0))
            for i in range(len(found) + 1)
        ]
    return tuple(found)
