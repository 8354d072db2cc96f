# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.grouped_matmul`: a loop over groups, each a product of the rows that the group has."""

from mograph.transforms.lower.builder import DTYPES, INDEX, SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import maximum, minimum
from mograph.transforms.lower.builder.shapes import extract_slice, insert_slice
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "group_end", "grouped_matmul"]

OPS = ("mo.grouped_matmul",)

_ROWS = "rows of the group"  # an extent that is no name: of the slice that a trip of the loop works on


def grouped_matmul(k: KernelBuilder, op: Op, lhs: Tensor, rhs: Tensor, sizes: Tensor) -> Tensor:
    """Each group's rows are written where they go, then zeros behind the last group."""
    shape = op.result.type.shape
    if 0 in (*lhs.shape, *rhs.shape):
        return k.full(shape, 0, lhs.dtype)
    last = k.index(k.dim(lhs.shape[0]))
    lhs, rhs = (Tensor(k, x.dtype, x.shape, value=x.value) for x in (lhs, rhs))

    def part(x: Tensor, start: Scalar, rows: Scalar) -> Tensor:
        k.dims.bind(_ROWS, rows.value)
        return extract_slice(k, x, [start, 0], (_ROWS, *x.shape[1:]), [1, 1])

    def put(whole: Tensor, rows: Tensor, start: Scalar) -> Tensor:
        return Tensor(k, whole.dtype, shape, value=insert_slice(k, rows, whole.value, [start, 0], rows.shape))

    def group(number: Scalar, start: Scalar, made: Tensor) -> list[Scalar | Tensor]:
        end = group_end(k.extract(sizes, [number]), start, last)
        product = k.matmul(part(lhs, start, end - start), k.row(rhs, [number]), transpose_b=bool(op.transpose_rhs))
        return [end, put(made, product, start)]

    end, made = k.loop(k.index(k.dim(rhs.shape[0])), [k.index(0), k.blank(shape, lhs.dtype)], group)
    k.dims.bind(_ROWS, (last - end).value)
    return put(made, k.full((_ROWS, shape[1]), 0, lhs.dtype), end)


def group_end(size: Scalar, start: Scalar, rows: Scalar) -> Scalar:
    """Where the rows of a group end that starts at `start`, of `rows` in all: a negative size counts as 0."""
    left = rows - start
    if size.dtype.kind == "unsigned":
        wide = DTYPES["ui64"]
        return start + cast(cast(minimum(cast(size, wide), cast(cast(left, SI64), wide)), SI64), INDEX)
    return start + minimum(maximum(cast(size, INDEX), 0), left)


RULES = {"mo.grouped_matmul": grouped_matmul}
