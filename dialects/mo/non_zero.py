# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.non_zero`."""

from mograph.dialects.kit import Operand, Result, VerifyError
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["NonZero"]


class NonZero(Mo.Operation, name="non_zero", traits=[t.Pure]):
    """The indices of the elements that are not 0, in their order: numpy's `nonzero`, as rows of one tensor.

    The result is of dtype si64 and shape [rank, k]; column j holds the indices of the j-th such element, one for each
    axis. Its extent, a new name of the result, is bound when the program runs; any other is compared then.
    """

    input: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "$input attr-dict `:` type($input) `to` type($result)"
    folds = True
    speculatable = may_fail

    @staticmethod
    def check(input: TensorType, result: TensorType) -> None:
        dtypes.require(dtypes.ANY, input.dtype)
        rules.same_device(input=input, result=result)
        rank = len(input.shape)
        if str(result.dtype) != "si64" or len(result.shape) != 2 or result.shape[0] != rank:
            raise VerifyError(
                f"expected a result of dtype si64 and shape [{rank}, k], found {result.dtype} and "
                f"{shapes.text(result.shape)}"
            )

    @staticmethod
    def evaluate(input: Array, result_shapes: list[tuple[int, ...]]) -> Array:
        flat = np.flatnonzero(input.astype(np.bool_))
        if result_shapes[0][1] not in (-1, flat.size):
            raise ValueError(f"mo.non_zero: expected {result_shapes[0][1]} elements other than 0, found {flat.size}")
        indices = np.unravel_index(flat, input.shape) if input.ndim else ()
        return np.array(indices, dtype=np.int64).reshape(input.ndim, flat.size)
