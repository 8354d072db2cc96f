# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.random.uniform`."""

from mograph.dialects.kit import Operand, Result
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, philox
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.random.rules import distribution
from mograph.dialects.mo.shape_operand import extents_of, require_shape_operand
from mograph.dialects.mo.types import TensorType

__all__ = ["RandomUniform"]


class RandomUniform(Mo.Operation, name="random.uniform", traits=[t.Pure]):
    """Elements distributed uniformly from `low` to below `high`: a pure function of the seed and the element's index.

    Operands are those of `mo.random.normal`, with `low` and `high` instead of mean and std. The word r of an element,
    the i % 4-th of the Philox4x32-10 block with the seed as key and i // 4 as counter, gives x = low + (high - low) *
    (r / 2^32), every step rounded to f32, or to f64 when that is the dtype, and x rounded to the dtype. The element
    is min(x, max(low, p)), where p is the largest value of the dtype below `high`: so `high` is never drawn, unless
    it is not above `low`.
    """

    shape: Operand[TensorType]
    low: Operand[TensorType]
    high: Operand[TensorType]
    seed: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "operands attr-dict `:` functional-type(operands, results)"
    speculatable = may_fail

    @staticmethod
    def check(shape: TensorType, low: TensorType, high: TensorType, seed: TensorType, result: TensorType) -> None:
        require_shape_operand(shape, result)
        distribution(result, seed, low=low, high=high)

    @staticmethod
    def evaluate(
        shape: Array, low: Array, high: Array, seed: Array, result: TensorType, result_shapes: list[tuple[int, ...]]
    ) -> Array:
        extents = extents_of("mo.random.uniform", shape, result_shapes[0])
        return philox.uniform(extents, low, high, int(seed), dtypes.of(result.dtype).numpy)
