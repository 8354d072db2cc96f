# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.squeeze` and `mo.unsqueeze`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Attribute, Operand, OptionalAttribute, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.reshape import Reshape
from mograph.dialects.mo.types import TensorType
from mograph.dialects.rewrite.patterns import RewritePattern

if TYPE_CHECKING:
    from mograph.dialects.rewrite.rewriter import Rewriter

__all__ = ["Squeeze", "Unsqueeze"]


class SqueezeIsReshape(RewritePattern, root="mo.squeeze"):
    """Dimensions of 1 go by `mo.reshape`, of which more is known."""

    def match_and_rewrite(self, op: "Squeeze", rewriter: "Rewriter") -> "bool | None":
        rewriter.replace(op, Reshape.build(op.input, results=[op.result.type]))
        return True


class UnsqueezeIsReshape(RewritePattern, root="mo.unsqueeze"):
    """Dimensions of 1 come by `mo.reshape`, of which more is known."""

    def match_and_rewrite(self, op: "Unsqueeze", rewriter: "Rewriter") -> "bool | None":
        rewriter.replace(op, Reshape.build(op.input, results=[op.result.type]))
        return True


class Squeeze(Mo.Operation, name="squeeze", traits=[t.Pure]):
    """The tensor without dimensions of 1: those of `axes`, or without them all that are known to be 1.

    Negative axes count from the end. An extent that is a name can be 1 only when the program runs, and is no dimension
    to take away: `mo.rebind` asserts that it is 1.
    """

    input: Operand[TensorType]
    axes: OptionalAttribute[c.DenseI64ArrayAttr]
    result: Result[TensorType]
    assembly_format = "$input (`axes` `=` $axes^)? attr-dict `:` type($input)"
    folds = True
    canonicalizers = [SqueezeIsReshape]

    @staticmethod
    def infer(input: TensorType, axes: tuple[int, ...] | None) -> TensorType:
        if axes is None:
            shape = tuple(dim for dim in input.shape if dim != 1)
        else:
            gone = shapes.axes_set(axes, len(input.shape))
            for axis in sorted(gone):
                if input.shape[axis] != 1:
                    raise VerifyError(
                        f"expected dimension {axis} of {shapes.text(input.shape)} to be 1, found {input.shape[axis]}"
                        + ("" if isinstance(input.shape[axis], int) else "; mo.rebind asserts that it is 1")
                    )
            shape = tuple(dim for axis, dim in enumerate(input.shape) if axis not in gone)
        return TensorType.get(shape, input.dtype, input.device)

    @staticmethod
    def evaluate(input: Array, result_shapes: list[tuple[int, ...]]) -> Array:
        return np.reshape(input, result_shapes[0])


class Unsqueeze(Mo.Operation, name="unsqueeze", traits=[t.Pure]):
    """The tensor with dimensions of 1 more, at the `axes` of the result; negative ones count from its end."""

    input: Operand[TensorType]
    axes: Attribute[c.DenseI64ArrayAttr]
    result: Result[TensorType]
    assembly_format = "$input `axes` `=` $axes attr-dict `:` type($input)"
    folds = True
    canonicalizers = [UnsqueezeIsReshape]

    @staticmethod
    def infer(input: TensorType, axes: tuple[int, ...]) -> TensorType:
        rank = len(input.shape) + len(axes)
        new = shapes.axes_set(axes, rank)
        rest = iter(input.shape)
        shape = tuple(1 if axis in new else next(rest) for axis in range(rank))
        return TensorType.get(shape, input.dtype, input.device)

    @staticmethod
    def evaluate(input: Array, result_shapes: list[tuple[int, ...]]) -> Array:
        return np.reshape(input, result_shapes[0])
