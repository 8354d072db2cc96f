# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.cast`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Attribute, Operand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import conversion, dtypes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.types import TensorType
from mograph.dialects.rewrite.patterns import RewritePattern

if TYPE_CHECKING:
    from mlir import ir

    from mograph.dialects.rewrite.rewriter import Rewriter

__all__ = ["Cast", "obstacle"]

_INTEGERS = ("signed", "unsigned")
_DIGITS = {"f64": 53, "f32": 24, "f16": 11, "bf16": 8}
"""How many bits of an integer these floats hold exactly."""


def _holds(wide: dtypes.DType, narrow: dtypes.DType) -> bool:
    """Whether `wide` has all values of `narrow`."""
    if narrow.kind == "bool":
        return wide.name != "f8E8M0FNU"  # which has no 0
    if narrow.kind == "float":
        if wide.name in ("f16", "bf16"):
            return narrow.bits <= 8 and narrow.name != "f8E8M0FNU"
        return wide.name in ("f32", "f64") and narrow.bits < wide.bits
    if wide.kind == "float":
        return narrow.bits - (narrow.kind == "signed") <= _DIGITS.get(wide.name, 0)
    if narrow.kind == wide.kind:
        return narrow.bits <= wide.bits
    return wide.kind == "signed" and narrow.bits < wide.bits


def obstacle(source: dtypes.DType, middle: dtypes.DType, target: dtypes.DType, saturate: bool) -> str | None:
    """Why a cast by way of `middle` may differ from the direct one; None where it does not."""
    low_bits = source.kind in _INTEGERS and target.kind in _INTEGERS
    if low_bits and middle.kind in _INTEGERS and target.bits <= middle.bits:
        return None  # low bits of low bits
    if not _holds(middle, source):
        return f"{middle.name} does not hold all values of {source.name}"
    if low_bits and middle.kind == "float" and not _holds(target, source):
        return f"{target.name} has the low bits of integers, not of floats"
    if source is target and saturate and source.name == "f8E5M2":
        return "there and back, infinities become finite"
    return None


class CastOfCast(RewritePattern, root="mo.cast"):
    """A cast that keeps every value is not needed before another one."""

    def match_and_rewrite(self, op: "Cast", rewriter: "Rewriter") -> "bool | None":
        inner = getattr(op.input.owner, "opview", None)
        if not isinstance(inner, Cast):
            return rewriter.notify_match_failure(op, "its operand is no cast")
        source, middle, target = (dtypes.of(TensorType(x.type).dtype) for x in (inner.input, op.input, op.result))
        if why := obstacle(source, middle, target, op.saturate):
            return rewriter.notify_match_failure(op, why)
        made = Cast.build(inner.input, results=[op.result.type], saturate=op.saturate, rounding=op.rounding)
        rewriter.replace(op, made)
        return True


class Cast(Mo.Operation, name="cast", traits=[t.Pure]):
    """The elements in another dtype; the result has the shape and device of the operand.

    | from | to | rule |
    | --- | --- | --- |
    | float, integer | `f64`, `f32`, `f16`, `bf16` | to nearest, ties to even; beyond the range infinite |
    | float, integer | float of 8 bits but `f8E8M0FNU` | the same; beyond the range, and of infinities, the nearest \
end of it. With `saturate = false` infinite, or NaN in dtypes without infinities |
    | float, integer | `f4E2M1FN` | the same; beyond the range the nearest end of it; NaN becomes -0 |
    | float, integer | `f8E8M0FNU` | a power of two by `rounding`: the `nearest`, of two the greater one, or the next \
one `up` or `down`. Of 0 and beyond the range the nearest end of it, with `saturate = false` NaN. NaN below 0 |
    | float | integer of 8 bits or more | toward zero; beyond the range the nearest end of it; NaN becomes 0 |
    | float | integer of 4 or 2 bits | the low bits of what it is in `si32` |
    | integer | integer | the low bits |
    | any | bool | whether it differs from 0 (NaN does) |
    | bool | any | 0 or 1 |

    A cast to the dtype that the operand has changes nothing. These are the rules of ONNX's Cast, which leaves open what
    is out of range of the integers. The formats of 8 and 4 bits are those of the OCP's specifications, "8-bit floating
    point" (2023) and "Microscaling formats" (2023).
    """

    input: Operand[TensorType]
    saturate: Attribute[c.BoolAttr] = True
    rounding: Attribute[c.EnumAttr("nearest", "up", "down")] = "nearest"
    result: Result[TensorType]
    assembly_format = (
        "$input (`saturate` `=` $saturate^)? (`rounding` `=` $rounding^)? attr-dict `:` type($input) `to` type($result)"
    )
    folds = True
    canonicalizers = [CastOfCast]

    @staticmethod
    def check(input: TensorType, rounding: str, result: TensorType) -> None:
        if (input.shape, input.device) != (result.shape, result.device):
            wanted = TensorType.get(input.shape, result.dtype, input.device)
            raise VerifyError(f"expected a result with the shape and device of the input, {wanted}; found {result}")
        if rounding != "nearest" and str(result.dtype) != "f8E8M0FNU":
            raise VerifyError(f"expected dtype f8E8M0FNU with rounding {rounding}, found {result.dtype}")

    def fold(self) -> "ir.Value | None":
        return self.input if self.input.type == self.result.type else None

    @staticmethod
    def evaluate(input: Array, saturate: bool, rounding: str, result: TensorType) -> Array:
        return conversion.cast(input, dtypes.of(result.dtype).numpy, saturate, rounding)
