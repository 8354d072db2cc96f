# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.rope`."""

from mograph.dialects.kit import Operand, OptionalAttribute, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.conversion import through_f64
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["Rope"]


class Rope(Mo.Operation, name="rope", traits=[t.Pure]):
    """Rotary position embedding: pairs of elements along the last dimension, turned by angles (Su et al., 2021).

    The input is `[.., size]`, of an even size. `cos` and `sin`, of equal shape, broadcast to `[.., size / 2]` and hold
    the cosine and the sine of the angle of each pair. A pair (x, y) becomes (x cos - y sin, x sin + y cos). Its
    elements are at i and size / 2 + i, or with `interleaved` at 2 i and 2 i + 1.

    Operands are floats of equal dtype, on one device. Floats narrower than f32 are computed in f32 and rounded once;
    the reference computes in f64.
    """

    input: Operand[TensorType]
    cos: Operand[TensorType]
    sin: Operand[TensorType]
    interleaved: OptionalAttribute[c.UnitAttr]
    result: Result[TensorType]
    assembly_format = (
        "$input `,` $cos `,` $sin (`interleaved` $interleaved^)? attr-dict "
        "`:` custom<Types>(type($input), type($cos), type($sin))"
    )
    folds = True

    @staticmethod
    def infer(input: TensorType, cos: TensorType, sin: TensorType) -> TensorType:
        operands = {"input": input, "cos": cos, "sin": sin}
        rules.same_dtype(**operands)
        rules.same_device(**operands)
        dtypes.require(dtypes.FLOAT, input.dtype)
        if not input.shape:
            raise VerifyError("expected an input of rank 1 or more, found []")
        size = input.shape[-1]
        if isinstance(size % 2, int) and size % 2:
            raise VerifyError(f"expected an even last dimension of the input, found {size}")
        if cos.shape != sin.shape:
            raise VerifyError(
                f"expected cos and sin of equal shape, found {shapes.text(cos.shape)} and {shapes.text(sin.shape)}"
            )
        try:
            shapes.broadcasts_to(cos.shape, (*input.shape[:-1], size // 2))
        except VerifyError as error:
            raise VerifyError(f"of cos and sin: {error}") from None
        return input

    def speculatable(self) -> bool:
        """Whether it is known that the size is even, which is checked when it runs."""
        return isinstance(TensorType(self.input.type).shape[-1] % 2, int)

    @staticmethod
    def evaluate(input: Array, cos: Array, sin: Array, interleaved: bool) -> Array:
        if input.shape[-1] % 2:
            raise ValueError(f"mo.rope: expected an even last dimension of the input, found {input.shape[-1]}")

        def turned(values: Array, cosine: Array, sine: Array) -> Array:
            half = values.shape[-1] // 2
            axis = -1 if interleaved else -2
            pairs = values.reshape(*values.shape[:-1], *((half, 2) if interleaved else (2, half)))
            x, y = np.take(pairs, 0, axis=axis), np.take(pairs, 1, axis=axis)
            return np.stack([x * cosine - y * sine, x * sine + y * cosine], axis=axis).reshape(values.shape)

        return through_f64(turned, input, cos, sin)
