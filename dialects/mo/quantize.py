# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.quantize`."""

from mograph.dialects.kit import Attribute, Operand, OptionalOperand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import conversion, dtypes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.quantization import require_parameters, require_quantized, spread
from mograph.dialects.mo.types import TensorType

__all__ = ["Quantize"]


class Quantize(Mo.Operation, name="quantize", traits=[t.Pure]):
    """round(input / scale) + zero_point, in a narrow dtype.

    The input is a float or si32, and the scale a float. The result has the input's shape and device, and the dtype of
    the zero point; it is an integer of 16, 8, 4 or 2 bits or a float of 8 or 4 bits. There is

    - one scale for all, of rank 0;
    - one for each position on `axis`, of shape `[D]` for an extent D (or `[1]`);
    - with a `block_size` B, one for each B positions on `axis`: of the input's shape, with D ceildiv B there.

    The zero point, 0 where it is absent, has the shape of the scale. A negative axis counts from the end.

    The quotient is computed in f32, or f64 if the input is. For integers it is rounded, ties to even, and the sum is
    replaced by the nearest end of the dtype where it is beyond its range; NaN gives 0. For floats the sum is converted
    as `mo.cast` with `saturate` converts.
    """

    input: Operand[TensorType]
    scale: Operand[TensorType]
    zero_point: OptionalOperand[TensorType]
    axis: Attribute[c.I64Attr] = 1
    block_size: Attribute[c.I64Attr] = 0
    saturate: Attribute[c.BoolAttr] = True
    result: Result[TensorType]
    assembly_format = (
        "operands (`axis` `=` $axis^)? (`block_size` `=` $block_size^)? (`saturate` `=` $saturate^)? attr-dict "
        "`:` functional-type(operands, results)"
    )
    folds = True

    @staticmethod
    def check(
        input: TensorType,
        scale: TensorType,
        zero_point: TensorType | None,
        axis: int,
        block_size: int,
        result: TensorType,
    ) -> None:
        if str(input.dtype) != "si32":
            dtypes.require(dtypes.FLOAT, input.dtype, "the input, other than si32,")
        require_quantized(result.dtype, "a result")
        if (input.shape, input.device) != (result.shape, result.device):
            wanted = TensorType.get(input.shape, result.dtype, input.device)
            raise VerifyError(f"expected a result with the shape and device of the input, {wanted}; found {result}")
        require_parameters(input, scale, zero_point, result.dtype, axis, block_size)

    @staticmethod
    def evaluate(
        input: Array,
        scale: Array,
        zero_point: Array | None,
        axis: int,
        block_size: int,
        saturate: bool,
        result: TensorType,
    ) -> Array:
        step = np.float64 if input.dtype == np.float64 else np.float32
        target = dtypes.of(result.dtype).numpy
        values = input.astype(step) / spread(scale, input.shape, axis, block_size).astype(step)
        zero = 0 if zero_point is None else spread(zero_point, input.shape, axis, block_size).astype(step)
        if conversion.is_float(target):
            return conversion.cast(np.asarray(values + zero), target, saturate)
        low, high = conversion.integer_range(target)
        return conversion.cast(np.asarray(np.clip(np.rint(values) + zero, low, high)), target)
