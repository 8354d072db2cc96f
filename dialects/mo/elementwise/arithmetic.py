# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arithmetic of two operands: `mo.add` to `mo.atan2`."""

from mograph.dialects.kit import traits as t
from mograph.dialects.mo.canonical import algebra, identities
from mograph.dialects.mo.conversion import is_float, through_f64
from mograph.dialects.mo.elementwise.families import FloatBinary, NumericBinary
from mograph.dialects.mo.numpy_ import Array, np

__all__ = ["Add", "Atan2", "Div", "FloorDiv", "Fmod", "Max", "Min", "Mod", "Mul", "Pow", "Sub"]


class Add(NumericBinary, name="add", traits=[t.Commutative]):
    """The sum. Integers wrap."""

    fold_with_constant = staticmethod(identities.add)
    canonicalizers = [algebra.AddNegative, algebra.reassociated("mo.add", np.add)]

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.add(lhs, rhs)


class Sub(NumericBinary, name="sub"):
    """The difference. Integers wrap."""

    fold_with_constant = staticmethod(identities.sub)
    canonicalizers = [algebra.SubNegative, algebra.same_operands_give("mo.sub", 0)]

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.subtract(lhs, rhs)


class Mul(NumericBinary, name="mul", traits=[t.Commutative]):
    """The product. Integers wrap."""

    fold_with_constant = staticmethod(identities.mul)
    canonicalizers = [algebra.reassociated("mo.mul", np.multiply)]

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.multiply(lhs, rhs)


class Div(NumericBinary, name="div"):
    """The quotient; of integers, rounded toward zero.

    An integer divided by zero is 0, and the lowest integer divided by -1 is itself. (ONNX's Div; numpy has no such
    division.)
    """

    fold_with_constant = staticmethod(identities.div)

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        if is_float(lhs.dtype):
            return np.divide(lhs, rhs)
        # What floor division leaves is not 0 and has the divisor's sign: where the signs differ, the quotient is one
        # too low.
        quotient, rest = np.floor_divide(lhs, rhs), np.remainder(lhs, rhs)
        return np.asarray(quotient + ((rest != 0) & ((lhs < 0) != (rhs < 0))).astype(lhs.dtype))


class FloorDiv(NumericBinary, name="floor_div"):
    """The quotient rounded down.

    An integer divided by zero is 0, and the lowest integer divided by -1 is itself; floats as numpy's `floor_divide`.
    """

    fold_with_constant = staticmethod(identities.floor_div)

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.floor_divide(lhs, rhs)


class Mod(NumericBinary, name="mod"):
    """What `mo.floor_div` leaves: lhs - floor(lhs / rhs) * rhs, with the sign of rhs.

    An integer modulo zero is 0; floats as numpy's `remainder`.
    """

    fold_with_constant = staticmethod(identities.rest)

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.remainder(lhs, rhs)


class Fmod(NumericBinary, name="fmod"):
    """What division toward zero leaves, with the sign of lhs, as C's `fmod` and `%`.

    An integer modulo zero is 0; a float modulo zero is NaN.
    """

    fold_with_constant = staticmethod(identities.rest)

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.fmod(lhs, rhs)


class Pow(NumericBinary, name="pow"):
    """lhs to the power of rhs.

    Integers wrap; a negative power is 1 / (lhs ** -rhs) rounded toward zero: 0 unless lhs is 1 or -1 (and 0 for lhs
    0). Floats as C's `pow`.
    """

    fold_with_constant = staticmethod(identities.pow_)

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        if is_float(lhs.dtype):
            return through_f64(np.power, lhs, rhs)
        power: Array = np.power(lhs, np.where(rhs < 0, 0, rhs).astype(rhs.dtype))
        if np.issubdtype(lhs.dtype, np.unsignedinteger):
            return power
        unit = np.where((lhs == -1) & (rhs % 2 != 0), -1, (np.abs(lhs) == 1).astype(lhs.dtype))
        return np.where(rhs < 0, unit, power).astype(lhs.dtype)


class Max(NumericBinary, name="max", traits=[t.Commutative]):
    """The greater one, NaN when one of them is NaN."""

    fold_with_constant = staticmethod(identities.extreme(highest=True))
    canonicalizers = [algebra.same_operand("mo.max"), algebra.reassociated("mo.max", np.maximum)]

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.maximum(lhs, rhs)


class Min(NumericBinary, name="min", traits=[t.Commutative]):
    """The lesser one, NaN when one of them is NaN."""

    fold_with_constant = staticmethod(identities.extreme(highest=False))
    canonicalizers = [algebra.same_operand("mo.min"), algebra.reassociated("mo.min", np.minimum)]

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return np.minimum(lhs, rhs)


class Atan2(FloatBinary, name="atan2"):
    """The angle of the point (rhs, lhs) from the first axis, in (-pi, pi], as C's `atan2`."""

    @staticmethod
    def evaluate(lhs: Array, rhs: Array) -> Array:
        return through_f64(np.arctan2, lhs, rhs)
