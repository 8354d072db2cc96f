# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.random.normal` and `mo.static.random.normal`."""

from mograph.dialects.kit import Operand, Result
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, philox
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.random.rules import distribution
from mograph.dialects.mo.shape_operand import extents_of, require_shape_operand
from mograph.dialects.mo.types import TensorType

__all__ = ["RandomNormal", "StaticRandomNormal"]


class RandomNormal(Mo.Operation, name="random.normal", traits=[t.Pure]):
    """Normally distributed elements: a pure function of the seed and the element's index.

    `shape` is a host tensor `[rank]` of dtype si64 that holds the result's shape; a dimension of the result that is a
    new name is bound by it, any other is compared when the program runs. `mean` and `std` are of rank 0 and the
    result's dtype, f16, bf16, f32 or f64, and `seed` of rank 0 and dtype si64; they lie on the host or on the
    result's device.

    The words of element i are those of Philox4x32-10 with the seed as key and i // 4 as counter (Salmon et al.,
    2011). Elements come in pairs, by Box and Muller: for the words r of the even and r' of the odd element,

        u = (r + 0.5) / 2^32    s = sqrt(-2 ln u)    v = 2 pi (r' + 0.5) / 2^32
        even: mean + std * (s sin v)    odd: mean + std * (s cos v)

    Every step is rounded to f32, or to f64 when that is the dtype, and the result to the dtype. So the elements do
    not depend on the device, on threads or on the shape, only on their index.
    """

    shape: Operand[TensorType]
    mean: Operand[TensorType]
    std: Operand[TensorType]
    seed: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "operands attr-dict `:` functional-type(operands, results)"
    speculatable = may_fail

    @staticmethod
    def check(shape: TensorType, mean: TensorType, std: TensorType, seed: TensorType, result: TensorType) -> None:
        require_shape_operand(shape, result)
        distribution(result, seed, mean=mean, std=std)

    @staticmethod
    def evaluate(
        shape: Array, mean: Array, std: Array, seed: Array, result: TensorType, result_shapes: list[tuple[int, ...]]
    ) -> Array:
        extents = extents_of("mo.random.normal", shape, result_shapes[0])
        return philox.normal(extents, mean, std, int(seed), dtypes.of(result.dtype).numpy)


class StaticRandomNormal(Mo.Operation, name="static.random.normal", traits=[t.Pure]):
    """`mo.random.normal` of the result type's shape: the same elements."""

    mean: Operand[TensorType]
    std: Operand[TensorType]
    seed: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "operands attr-dict `:` functional-type(operands, results)"

    @staticmethod
    def check(mean: TensorType, std: TensorType, seed: TensorType, result: TensorType) -> None:
        distribution(result, seed, mean=mean, std=std)

    @staticmethod
    def evaluate(
        mean: Array, std: Array, seed: Array, result: TensorType, result_shapes: list[tuple[int, ...]]
    ) -> Array:
        return philox.normal(result_shapes[0], mean, std, int(seed), dtypes.of(result.dtype).numpy)
