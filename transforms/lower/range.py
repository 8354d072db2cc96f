# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.range`."""

from mograph.transforms.lower.builder import DTYPES, F64, INDEX, SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.binding import bind_extent
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import div, greater, less, minimum, not_equal, select
from mograph.transforms.lower.builder.scalar_math import ceil, is_finite
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "range_"]

OPS = ("mo.range",)

_UI64 = DTYPES["ui64"]
_FAR = 1 << 47  # more elements than any memory holds, so that there is no room for them


def range_(k: KernelBuilder, op: Op, start: Tensor, limit: Tensor, step: Tensor) -> Tensor:
    """How many there are is computed first, then each from its index."""
    first, last, by = (x.scalar for x in (start, limit, step))
    dtype, shape = start.dtype, op.result.type.shape
    k.require(not_equal(by, 0), "mo.range: expected a step other than 0, found 0")
    if dtype.kind == "float":
        first, last, by = (cast(x, F64) for x in (first, last, by))
        count = ceil((last - first) / by)
        k.require(is_finite(count), "mo.range: expected a finite number of elements")
    else:
        count = _count(first, last, by)
    bind_extent(
        k, op, shape[0], cast(cast(count, SI64), INDEX).apply("arith.maxsi", k.index(0)), "the number of elements"
    )

    def element(index: Scalar) -> Scalar:
        return cast(first + cast(index, first.dtype) * by, dtype)

    return k.generate(element, shape, dtype)


def _count(first: Scalar, last: Scalar, by: Scalar) -> Scalar:
    """How many integers there are: in ui64, which the distance between any two fits."""
    if first.dtype.kind == "signed":
        first, last, by = (cast(x, SI64) for x in (first, last, by))
    up = greater(by, 0)
    ahead = select(up, less(first, last), greater(first, last))
    low, high, stride = (
        cast(x, _UI64) for x in (select(up, first, last), select(up, last, first), select(up, by, -by))
    )
    return minimum(select(ahead, div(high - low - 1, stride) + 1, 0), _FAR)


RULES = {"mo.range": range_}
