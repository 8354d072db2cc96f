# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.range`."""

from mograph.dialects.kit import Operand, Result, VerifyError
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.conversion import is_float, rounded
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["Range"]


class Range(Mo.Operation, name="range", traits=[t.Pure]):
    """The numbers from `start` to before `limit`, `step` apart: start + i * step for 0 <= i < n.

    Operands are of rank 0 and the result's dtype, integers or floats, on the host. n = max(ceil((limit - start) /
    step), 0): without rounding for integers, and in f64 for floats, whose elements are computed in f64 too and rounded
    once. A new name of the result is bound to n, and any other extent compared with it when the program runs. A step of
    0 is an error then, and so is one for floats that gives no finite n.
    """

    start: Operand[TensorType]
    limit: Operand[TensorType]
    step: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = (
        "$start `,` $limit `,` $step attr-dict `:` "
        "custom<Types>(type($start), type($limit), type($step)) `to` type($result)"
    )
    folds = True
    speculatable = may_fail

    @staticmethod
    def check(start: TensorType, limit: TensorType, step: TensorType, result: TensorType) -> None:
        dtypes.require(dtypes.NUMERIC, result.dtype)
        for name, operand in (("start", start), ("limit", limit), ("step", step)):
            rules.scalar(name, operand, result.dtype, "cpu")
        if len(result.shape) != 1:
            raise VerifyError(f"expected a result of rank 1, found {shapes.text(result.shape)}")

    @staticmethod
    def evaluate(start: Array, limit: Array, step: Array, result_shapes: list[tuple[int, ...]]) -> Array:
        if step == 0:
            raise ValueError("mo.range: expected a step other than 0, found 0")
        if is_float(start.dtype):
            first, last, by = (float(each) for each in (start, limit, step))
            exact = np.ceil(np.float64(last - first) / np.float64(by))
            if not np.isfinite(exact):
                raise ValueError(
                    f"mo.range: expected a finite number of elements, found {exact} from {first} to {last}"
                )
            count = max(int(exact), 0)
        else:
            first, last, by = (int(each) for each in (start, limit, step))
            count = max(-((first - last) // by), 0)
        if result_shapes[0][0] not in (-1, count):
            raise ValueError(f"mo.range: expected {result_shapes[0][0]} elements, found {count}")
        if is_float(start.dtype):
            return rounded(first + np.arange(count, dtype=np.float64) * by, start.dtype)
        return np.array([first + i * by for i in range(count)], dtype=start.dtype)
