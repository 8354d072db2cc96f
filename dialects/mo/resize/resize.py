# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.resize`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Attribute, Operand, OptionalAttribute, OptionalOperand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.resize import reference
from mograph.dialects.mo.retyped import require_same_but_shape, require_same_rank
from mograph.dialects.mo.shape_operand import extents_of, require_shape_operand
from mograph.dialects.mo.types import HOST, TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["COORDINATES", "NEAREST", "Resize"]

COORDINATES = (
    "half_pixel",
    "half_pixel_symmetric",
    "pytorch_half_pixel",
    "align_corners",
    "asymmetric",
    "tf_crop_and_resize",
)
NEAREST = ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")


class Resize(Mo.Operation, name="resize", traits=[t.Pure]):
    """The input at other extents, by interpolation along each axis (ONNX's Resize).

    On an axis of d elements the element i of the result lies at the coordinate x of the input, by `coordinates`, with
    the scale s and the length l = s * d:

        half_pixel            (i + 0.5) / s - 0.5
        half_pixel_symmetric  d / 2 * (1 - o / l) + (i + 0.5) / s - 0.5, where o is the extent of the result
        pytorch_half_pixel    (i + 0.5) / s - 0.5, or -0.5 where l is 1
        align_corners         i * (d - 1) / (l - 1), or 0 where l is 1
        asymmetric            i / s
        tf_crop_and_resize    (start + i * (end - start) / (l - 1)) * (d - 1), or the middle of the two where l is 1

    With `nearest` the element is that at x, rounded as `nearest` says. With `linear` and `cubic` it is a sum of
    elements at j around x, with weights w(j - x): max(0, 1 - |x|), or with a = `cubic_coeff`

        (a + 2)|x|^3 - (a + 3)|x|^2 + 1 for |x| <= 1,    a|x|^3 - 5a|x|^2 + 8a|x| - 4a for 1 < |x| < 2

    (Keys, "Cubic convolution interpolation for digital image processing", 1981). Beyond the ends the first and last
    element are repeated; with `exclude_outside` they count nothing and the other weights are scaled to have the sum 1.
    With `antialias`, where s is below 1, weights are w((j - x) * s), scaled so. Elements whose x is outside the input
    on some axis are `extrapolation_value` with tf_crop_and_resize.

    `scales` holds s for each axis; without it, s = o / d. `roi`, for tf_crop_and_resize, holds the start of all axes,
    then the end of all, as parts of the input. Both are host tensors of f32 or f64. The result's shape is written; new
    names in it are bound by the host tensor `shape` of dtype si64, or else to floor(s * d).

    Coordinates and weights are computed in f64. Sums of floats are computed in f32 or wider and rounded once, those of
    integers in f64 and rounded toward zero; only `nearest` takes bools. The reference computes in f64.
    """

    input: Operand[TensorType]
    shape: OptionalOperand[TensorType]
    scales: OptionalOperand[TensorType]
    roi: OptionalOperand[TensorType]
    mode: Attribute[c.EnumAttr("nearest", "linear", "cubic")] = "nearest"
    coordinates: Attribute[c.EnumAttr(*COORDINATES)] = "half_pixel"
    nearest: Attribute[c.EnumAttr(*NEAREST)] = "round_prefer_floor"
    cubic_coeff: Attribute[c.F64Attr] = -0.75
    exclude_outside: OptionalAttribute[c.UnitAttr]
    antialias: OptionalAttribute[c.UnitAttr]
    extrapolation_value: Attribute[c.F64Attr] = 0.0
    result: Result[TensorType]
    assembly_format = (
        "$input (`shape` $shape^)? (`scales` $scales^)? (`roi` $roi^)? (`mode` `=` $mode^)? "
        "(`coordinates` `=` $coordinates^)? (`nearest` `=` $nearest^)? (`cubic_coeff` `=` $cubic_coeff^)? "
        "(`exclude_outside` $exclude_outside^)? (`antialias` $antialias^)? "
        "(`extrapolation_value` `=` $extrapolation_value^)? attr-dict `:` type($input) (`shape` type($shape)^)? "
        "(`scales` type($scales)^)? (`roi` type($roi)^)? `to` type($result)"
    )
    folds = True
    speculatable = may_fail

    @staticmethod
    def check(
        input: TensorType,
        shape: TensorType | None,
        scales: TensorType | None,
        roi: TensorType | None,
        mode: str,
        coordinates: str,
        antialias: bool,
        result: TensorType,
    ) -> None:
        dtypes.require(dtypes.ANY if mode == "nearest" else dtypes.NUMERIC, input.dtype)
        require_same_but_shape(input, result)
        require_same_rank(input, result)
        rank = len(input.shape)
        if shape is not None:
            require_shape_operand(shape, result)
        for name, operand, extent in (("scales", scales, rank), ("roi", roi, 2 * rank)):
            if operand is not None and (
                str(operand.dtype) not in ("f32", "f64") or tuple(operand.shape) != (extent,) or operand.device != HOST
            ):
                raise VerifyError(
                    f"expected {name} of shape [{extent}] and dtype f32 or f64 on the host, found {operand}"
                )
        if (roi is None) == (coordinates == "tf_crop_and_resize"):
            raise VerifyError(
                "expected roi with coordinates = tf_crop_and_resize and no others, "
                f"found coordinates = {coordinates} with{'out' if roi is None else ''} roi"
            )
        if antialias and mode == "nearest":
            raise VerifyError("expected antialias with mode = linear or cubic, found it with nearest")
        for have, want in zip(input.shape, result.shape, strict=True):
            if isinstance(have, int) and have == 0 and isinstance(want, int) and want > 0:
                raise VerifyError(f"expected an axis with elements to resize to {want}, found extent 0")

    def fold(self) -> "ir.Value | None":
        # Without scales and a region, extents that stay are coordinates that stay.
        alone = self.shape is None and self.scales is None and self.roi is None
        return self.input if alone and self.input.type == self.result.type else None

    @staticmethod
    def evaluate(
        input: Array,
        shape: Array | None,
        scales: Array | None,
        roi: Array | None,
        mode: str,
        coordinates: str,
        nearest: str,
        cubic_coeff: float,
        exclude_outside: bool,
        antialias: bool,
        extrapolation_value: float,
        result_shapes: list[tuple[int, ...]],
    ) -> Array:
        (extents,) = result_shapes
        if shape is not None:
            extents = extents_of("mo.resize", shape, extents)
        elif scales is not None:
            scaled = np.floor(scales.astype(np.float64) * input.shape).astype(int).tolist()
            extents = tuple(made if extent < 0 else extent for extent, made in zip(extents, scaled, strict=True))
        if any(have == 0 < want for have, want in zip(input.shape, extents, strict=True)):
            raise ValueError("mo.resize: expected axes with elements, found one of extent 0")
        sampler = reference.Sampler(
            mode, coordinates, nearest, cubic_coeff, bool(exclude_outside), bool(antialias), extrapolation_value
        )
        wide = None if scales is None else scales.astype(np.float64)
        return sampler.resized(input, extents, wide, None if roi is None else roi.astype(np.float64))
