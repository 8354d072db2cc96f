# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.dequantize`."""

from mograph.dialects.kit import Attribute, Operand, OptionalOperand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import conversion, dtypes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.quantization import require_parameters, require_quantized, spread
from mograph.dialects.mo.types import TensorType

__all__ = ["Dequantize"]


class Dequantize(Mo.Operation, name="dequantize", traits=[t.Pure]):
    """(input - zero_point) * scale, as a float.

    The input is an integer of 32 (signed), 16, 8, 4 or 2 bits or a float of 8 or 4 bits; the result has its shape and
    device. Scales and zero points apply as those of `mo.quantize` do. The difference is exact, but wraps in si32; the
    product is computed in f32, or f64 if scale or result are, and rounded to the result's dtype.
    """

    input: Operand[TensorType]
    scale: Operand[TensorType]
    zero_point: OptionalOperand[TensorType]
    axis: Attribute[c.I64Attr] = 1
    block_size: Attribute[c.I64Attr] = 0
    result: Result[TensorType]
    assembly_format = (
        "operands (`axis` `=` $axis^)? (`block_size` `=` $block_size^)? attr-dict "
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
        require_quantized(input.dtype, "the input", "si32")
        dtypes.require(dtypes.FLOAT, result.dtype, "the result")
        if (input.shape, input.device) != (result.shape, result.device):
            wanted = TensorType.get(input.shape, result.dtype, input.device)
            raise VerifyError(f"expected a result with the shape and device of the input, {wanted}; found {result}")
        require_parameters(input, scale, zero_point, input.dtype, axis, block_size)

    @staticmethod
    def evaluate(
        input: Array, scale: Array, zero_point: Array | None, axis: int, block_size: int, result: TensorType
    ) -> Array:
        target = dtypes.of(result.dtype).numpy
        step = np.float64 if np.float64 in (scale.dtype, target) else np.float32
        exact = step if conversion.is_float(input.dtype) else np.int32
        values = input.astype(exact)
        if zero_point is not None:
            values = values - spread(zero_point, input.shape, axis, block_size).astype(exact)
        product = values.astype(step) * spread(scale, input.shape, axis, block_size).astype(step)
        return conversion.cast(np.asarray(product), target)
