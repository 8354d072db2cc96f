# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.grid_sample`."""

from mograph.dialects.kit import Attribute, Operand, OptionalAttribute, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.conversion import rounded
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.sample.reference import sampled
from mograph.dialects.mo.types import TensorType
from mograph.dialects.mo.windows import axes_of

__all__ = ["GridSample", "require_elements"]


def require_elements(input: TensorType) -> None:
    """An error if it is known that a spatial axis has no elements."""
    if 0 in input.shape[2:]:
        raise VerifyError(f"expected spatial axes with elements, found {shapes.text(input.shape)}")


class GridSample(Mo.Operation, name="grid_sample", traits=[t.Pure]):
    """The input at the places that a grid names (ONNX's GridSample).

    An input `[batch, c, *d]`, of one to three spatial axes, and a grid `[batch, *o, r]`, r the number of these axes,
    give `[batch, c, *o]`. The last axis of the grid holds a coordinate g for each axis of the input, the last axis
    first; -1 and 1 are the ends of the axis: the centres of its first and last element with `align_corners`,

        x = (g + 1) / 2 * (d - 1), else their outer edges: x = ((g + 1) * d - 1) / 2

    With `nearest` the result is the element at x rounded to even. With `linear` and `cubic` it is the sum of the two or
    four elements around x on each axis, with the weights of `mo.resize` (cubic ones with the coefficient -0.75). What
    lies outside the input is 0, or with `border` the nearest element, or with `reflection` the element mirrored at the
    ends, as often as needed.

    Operands are floats of one dtype, on one device. Floats narrower than f32 are computed in f32 or wider and rounded
    once. The reference computes in f64.
    """

    input: Operand[TensorType]
    grid: Operand[TensorType]
    mode: Attribute[c.EnumAttr("nearest", "linear", "cubic")] = "linear"
    padding: Attribute[c.EnumAttr("zeros", "border", "reflection")] = "zeros"
    align_corners: OptionalAttribute[c.UnitAttr]
    result: Result[TensorType]
    assembly_format = (
        "$input `,` $grid (`mode` `=` $mode^)? (`padding` `=` $padding^)? (`align_corners` $align_corners^)? attr-dict "
        "`:` type($input) `,` type($grid)"
    )
    folds = True

    @staticmethod
    def infer(input: TensorType, grid: TensorType) -> TensorType:
        rules.same_dtype(input=input, grid=grid)
        dtypes.require(dtypes.FLOAT, input.dtype)
        rules.same_device(input=input, grid=grid)
        axes_of(len(input.shape), "channels_first", 3)
        require_elements(input)
        rank = len(input.shape) - 2
        if len(grid.shape) != rank + 2 or grid.shape[-1] != rank or grid.shape[0] != input.shape[0]:
            wanted = f"[{', '.join([str(input.shape[0]), *['_'] * rank, str(rank)])}]"
            raise VerifyError(
                f"expected a grid {wanted} for an input {shapes.text(input.shape)}, found {shapes.text(grid.shape)}"
            )
        return TensorType.get((*input.shape[:2], *grid.shape[1:-1]), input.dtype, input.device)

    @staticmethod
    def evaluate(input: Array, grid: Array, mode: str, padding: str, align_corners: bool) -> Array:
        x, places = input.astype(np.float64), grid.astype(np.float64)
        out = np.zeros((*input.shape[:2], *grid.shape[1:-1]))
        for batch in range(input.shape[0]):
            at = []
            for axis, d in enumerate(input.shape[2:]):
                g = places[batch, ..., -1 - axis]
                at.append((g + 1) / 2 * (d - 1) if align_corners else ((g + 1) * d - 1) / 2)
            out[batch] = sampled(x[batch], at, mode, padding, bool(align_corners))
        return rounded(out, input.dtype)
