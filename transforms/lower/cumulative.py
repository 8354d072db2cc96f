# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.cumsum` and `mo.cumprod`: a loop along the axis, for each of the vectors there."""

from collections.abc import Callable

from mograph.transforms.lower.builder import KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import add, mul, widen
from mograph.transforms.lower.rule import Op, Rule

__all__ = ["OPS", "RULES"]

OPS = ("mo.cumprod", "mo.cumsum")


def _scan(combine: Callable[[Scalar, Scalar], Scalar], first: int) -> Rule:
    def rule(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
        """Accumulated in the compute type; each element is rounded once."""
        if 0 in x.shape:
            return x  # of no elements; a loop of no trips would still be checked against the constant extent
        axis = op.axis % x.rank
        last = [i for i in range(x.rank) if i != axis] + [axis]
        given = x if axis == last[axis] else k.transpose(x, last)

        def scan(indices: list[Scalar], rows: list[Tensor], blanks: list[Tensor]) -> list[Tensor]:
            (row,), (blank,) = rows, blanks
            count = k.index(k.dim(row.shape[0]))

            def step(i: Scalar, total: Scalar, out: Tensor) -> list[Scalar | Tensor]:
                place = count - i - 1 if op.reverse else i
                following = combine(total, widen(k.extract(row, [place])))
                result = cast(total if op.exclusive else following, x.dtype)
                return [following, k.insert(out, result, [place])]

            start = k.full((), first, x.dtype.compute).scalar
            return [k.loop(count, [start, blank], step)[1]]

        (result,) = k.rows([given], [(x.dtype, given.shape)], 1, scan)
        return result if given is x else k.transpose(result, [last.index(i) for i in range(x.rank)])

    return rule


RULES: dict[str, Rule] = {"mo.cumprod": _scan(mul, 1), "mo.cumsum": _scan(add, 0)}
