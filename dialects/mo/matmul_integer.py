# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.matmul_integer`."""

from mograph.dialects.kit import Operand, OptionalOperand, Result, VerifyError
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["MatmulInteger"]

_DTYPES = ("si8", "ui8", "si16", "ui16")


class MatmulInteger(Mo.Operation, name="matmul_integer", traits=[t.Pure]):
    """The matrix product of lhs - lhs_zero and rhs - rhs_zero, as si32.

    Shapes are those of `mo.matmul`. The operands are integers of 8 or 16 bits, of which one may be signed and the other
    not, on one device. A zero point, 0 where it is absent, has the dtype of its operand. There is one of rank 0 for
    all; or one for each row of lhs, of shape `[m]` or `[.., m, 1]`; or for each column of rhs, of shape `[n]` or
    `[.., 1, n]`, where dimensions of 1 are repeated. Differences, products and sums wrap in si32.
    """

    lhs: Operand[TensorType]
    rhs: Operand[TensorType]
    lhs_zero: OptionalOperand[TensorType]
    rhs_zero: OptionalOperand[TensorType]
    result: Result[TensorType]
    assembly_format = (
        "$lhs `,` $rhs (`lhs_zero` $lhs_zero^ `:` type($lhs_zero))? (`rhs_zero` $rhs_zero^ `:` type($rhs_zero))? "
        "attr-dict `:` custom<Types>(type($lhs), type($rhs))"
    )
    folds = True

    @staticmethod
    def infer(lhs: TensorType, rhs: TensorType, lhs_zero: TensorType | None, rhs_zero: TensorType | None) -> TensorType:
        for name, operand, zero, along in (("lhs", lhs, lhs_zero, -2), ("rhs", rhs, rhs_zero, -1)):
            if dtypes.of(operand.dtype).name not in _DTYPES:
                raise VerifyError(f"expected {name} of dtype {', '.join(_DTYPES)}; found {operand.dtype}")
            if zero is not None:
                rules.same_dtype(**{name: operand, f"{name}_zero": zero})
                rules.same_device(**{name: operand, f"{name}_zero": zero})
                _require_zero(name, operand.shape, zero.shape, along)
        rules.same_device(lhs=lhs, rhs=rhs)
        return TensorType.get(shapes.matmul(lhs.shape, rhs.shape), "si32", lhs.device)

    @staticmethod
    def evaluate(lhs: Array, rhs: Array, lhs_zero: Array | None, rhs_zero: Array | None) -> Array:
        left, right = lhs.astype(np.int32), rhs.astype(np.int32)
        if lhs_zero is not None:
            rows = lhs_zero[:, None] if lhs_zero.ndim == 1 and lhs.ndim > 1 else lhs_zero
            left = left - rows.astype(np.int32)
        if rhs_zero is not None:
            right = right - rhs_zero.astype(np.int32)
        return np.asarray(np.matmul(left, right))


def _require_zero(name: str, operand: shapes.Shape, zero: shapes.Shape, along: int) -> None:
    """An error unless `zero` is the shape of zero points for all of `operand`, or for each position `along`."""
    if len(zero) < 2:
        wanted = operand[along] if len(operand) > 1 else 1
        if not zero or zero[0] in (1, wanted):
            return
        found = f"expected one zero point of {name}, or {wanted}, one for each {'row' if along == -2 else 'column'}"
        raise VerifyError(f"{found}; found {zero[0]}")
    wide = list(operand)
    if len(wide) > 1:
        wide[-1 if along == -2 else -2] = 1
    if len(zero) != len(wide) or any(have not in (1, want) for have, want in zip(zero, wide, strict=True)):
        raise VerifyError(f"expected zero points of {name} of shape {shapes.text(wide)}, found {shapes.text(zero)}")
