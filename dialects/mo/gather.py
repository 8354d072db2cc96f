# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.gather`, `mo.gather_elements` and `mo.gather_nd`: elements at indices."""

from mograph.dialects.kit import Attribute, Operand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.indices import compared_extents, require_indices, wrapped
from mograph.dialects.mo.literal import literal
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.reshape import Reshape
from mograph.dialects.mo.slice import Slice
from mograph.dialects.mo.types import TensorType
from mograph.dialects.rewrite.patterns import RewritePattern
from mograph.dialects.rewrite.rewriter import Rewriter

__all__ = ["Gather", "GatherElements", "GatherNd"]

_END = 2**63 - 1


class GatherOfRange(RewritePattern, root="mo.gather", operands=["mo.constant"]):
    """One known index, or known ones in a row, are a slice, which is a view."""

    def match_and_rewrite(self, op: "Gather", rewriter: Rewriter) -> "bool | None":
        indices = literal(op.indices)
        input, result = TensorType(op.input.type), TensorType(op.result.type)
        axis = shapes.axis_index(op.axis, len(input.shape))
        extent = input.shape[axis]
        if indices is None or not indices.size or not isinstance(extent, int):
            return rewriter.notify_match_failure(op, "its indices, or the extent that they refer to, are not known")
        found = indices.ravel().tolist()
        first = found[0] + extent if found[0] < 0 else found[0]
        if not 0 <= first <= extent - len(found) or found != list(range(found[0], found[0] + len(found))):
            return rewriter.notify_match_failure(op, "its indices are not in a row")
        rank = len(input.shape)
        starts, stops = [0] * rank, [_END] * rank
        starts[axis], stops[axis] = first, first + len(found)
        part = Slice.build(op.input, starts=starts, stops=stops, steps=[1] * rank)
        rewriter.replace(op, Reshape.build(part.result, results=[result]))
        return True


class Gather(Mo.Operation, name="gather", traits=[t.Pure]):
    """numpy's `take`: the slices of the input at `indices` along `axis`.

    result[a.., i.., b..] = input[a.., indices[i..], b..], where a are the dimensions before the axis; a negative axis
    counts from the end. Indices are integers; a negative one counts from the end, and one that is out of range is an
    error when the program runs.
    """

    input: Operand[TensorType]
    indices: Operand[TensorType]
    axis: Attribute[c.I64Attr] = 0
    result: Result[TensorType]
    assembly_format = "$input `,` $indices (`axis` `=` $axis^)? attr-dict `:` type($input) `,` type($indices)"
    folds = True
    canonicalizers = [GatherOfRange]
    speculatable = may_fail

    @staticmethod
    def infer(input: TensorType, indices: TensorType, axis: int) -> TensorType:
        require_indices(input, indices)
        along = shapes.axis_index(axis, len(input.shape))
        shape = (*input.shape[:along], *indices.shape, *input.shape[along + 1 :])
        return TensorType.get(shape, input.dtype, input.device)

    @staticmethod
    def evaluate(input: Array, indices: Array, axis: int) -> Array:
        along = axis % input.ndim
        return np.take(input, wrapped("mo.gather", indices, input.shape[along], along), along)


class GatherElements(Mo.Operation, name="gather_elements", traits=[t.Pure]):
    """The element of the input at each index along `axis`: ONNX's GatherElements, numpy's `take_along_axis`.

    result[i, j, ..] = input[indices[i, j, ..], j, ..] for axis 0; a negative axis counts from the end. Indices are
    integers, of the input's rank, and of its extents or smaller ones on the other axes. A negative index counts from
    the end, and one that is out of range is an error when the program runs.
    """

    input: Operand[TensorType]
    indices: Operand[TensorType]
    axis: Attribute[c.I64Attr] = 0
    result: Result[TensorType]
    assembly_format = "$input `,` $indices (`axis` `=` $axis^)? attr-dict `:` type($input) `,` type($indices)"
    folds = True
    speculatable = may_fail

    @staticmethod
    def infer(input: TensorType, indices: TensorType, axis: int) -> TensorType:
        require_indices(input, indices)
        along = shapes.axis_index(axis, len(input.shape))
        if len(indices.shape) != len(input.shape):
            raise VerifyError(
                f"expected indices of rank {len(input.shape)}, as the input has; found {shapes.text(indices.shape)}"
            )
        compared_extents("indices", indices.shape, input.shape, along)
        return TensorType.get(indices.shape, input.dtype, input.device)

    @staticmethod
    def evaluate(input: Array, indices: Array, axis: int) -> Array:
        along = axis % input.ndim
        return input[element_positions("mo.gather_elements", input, indices, along)]


def element_positions(op: str, input: Array, indices: Array, axis: int) -> tuple[Array, ...]:
    """The positions in `input` of the elements that `indices` along `axis` name. Raises ValueError."""
    for other, (extent, limit) in enumerate(zip(indices.shape, input.shape, strict=True)):
        if other != axis and extent > limit:
            raise ValueError(f"{op}: expected indices of at most {limit} on axis {other}, found {extent}")
    positions: list[Array] = list(np.indices(indices.shape, sparse=True))
    positions[axis] = wrapped(op, indices, input.shape[axis], axis)
    return tuple(np.broadcast_arrays(*positions))


class GatherNd(Mo.Operation, name="gather_nd", traits=[t.Pure]):
    """The slices of the input at tuples of indices: ONNX's GatherND.

    The last dimension of `indices`, a constant, holds the tuples, each of which names positions on as many axes, from
    axis `batch_dims` on; the first `batch_dims` dimensions are those of the input. The result has the shape of
    `indices` without the last dimension, followed by the dimensions of the input that no index names. A negative index
    counts from the end, and one that is out of range is an error when the program runs.
    """

    input: Operand[TensorType]
    indices: Operand[TensorType]
    batch_dims: Attribute[c.IntAttr(c.I64Attr, minimum=0)] = 0
    result: Result[TensorType]
    assembly_format = (
        "$input `,` $indices (`batch_dims` `=` $batch_dims^)? attr-dict `:` type($input) `,` type($indices)"
    )
    folds = True
    speculatable = may_fail

    @staticmethod
    def infer(input: TensorType, indices: TensorType, batch_dims: int) -> TensorType:
        require_indices(input, indices)
        width = tuple_width(input, indices, batch_dims)
        if input.shape[:batch_dims] != indices.shape[:batch_dims]:
            raise VerifyError(
                f"expected the first {batch_dims} dimensions of indices to be those of the input, "
                f"{shapes.text(input.shape[:batch_dims])}; found {shapes.text(indices.shape[:batch_dims])}"
            )
        shape = (*indices.shape[:-1], *input.shape[batch_dims + width :])
        return TensorType.get(shape, input.dtype, input.device)

    @staticmethod
    def evaluate(input: Array, indices: Array, batch_dims: int) -> Array:
        places: list[Array] = list(np.indices(indices.shape[:-1], sparse=True)[:batch_dims]) if batch_dims else []
        places += [
            wrapped("mo.gather_nd", indices[..., i], input.shape[batch_dims + i], batch_dims + i)
            for i in range(indices.shape[-1])
        ]
        if not places:
            return np.broadcast_to(input, (*indices.shape[:-1], *input.shape))
        found: Array = input[tuple(np.broadcast_arrays(*places))]
        return found


def tuple_width(input: TensorType, indices: TensorType, batch_dims: int) -> int:
    """How many axes each tuple of indices names; an error when that is not known or too many."""
    if not input.shape:
        raise VerifyError("expected an input of rank 1 or more, found []")
    room = len(input.shape) - batch_dims
    if len(indices.shape) <= batch_dims or not isinstance(indices.shape[-1], int) or indices.shape[-1] > room:
        after = f" after {batch_dims} of the batch" if batch_dims else ""
        raise VerifyError(
            f"expected indices{after} whose last dimension is a constant of at most {room}, for an input "
            f"{shapes.text(input.shape)}; found {shapes.text(indices.shape)}"
        )
    return indices.shape[-1]
