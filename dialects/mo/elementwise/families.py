# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the elementwise operations share: operands, syntax and type inference, one class for each kind."""

from mograph.dialects.kit import Operand, Result
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.types import TensorType

__all__ = [
    "Binary",
    "Comparison",
    "FloatBinary",
    "FloatUnary",
    "IntegerBinary",
    "LogicalBinary",
    "NumericBinary",
    "NumericUnary",
    "Predicate",
    "Unary",
]


class Unary(Mo.Operation, traits=[t.Pure]):
    """A function of each element; the result has the shape and device of the operand."""

    input: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "$input attr-dict `:` type($input)"
    folds = True


class NumericUnary(Unary, traits=[t.SameOperandsAndResultType]):
    """A unary operation on integers and floats."""

    @staticmethod
    def infer(input: TensorType) -> TensorType:
        return rules.unary(dtypes.NUMERIC, input)


class FloatUnary(Unary, traits=[t.SameOperandsAndResultType]):
    """A unary operation on floats; the reference computes in f64 and rounds once to the dtype."""

    @staticmethod
    def infer(input: TensorType) -> TensorType:
        return rules.unary(dtypes.FLOAT, input)


class Predicate(Unary):
    """A test of floats; the result is bool."""

    @staticmethod
    def infer(input: TensorType) -> TensorType:
        return TensorType.get(rules.unary(dtypes.FLOAT, input).shape, "i1", input.device)


class Binary(Mo.Operation, traits=[t.Pure]):
    """A function of pairs of elements of two operands.

    The operands are of equal dtype and on one device, and their shapes broadcast as numpy's do:
    aligned at the last dimension, two dimensions are equal, or one of them is 1 or absent, and is repeated.
    """

    lhs: Operand[TensorType]
    rhs: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "$lhs `,` $rhs attr-dict `:` custom<Types>(type($lhs), type($rhs))"
    folds = True


class NumericBinary(Binary):
    """A binary operation on integers and floats."""

    @staticmethod
    def infer(lhs: TensorType, rhs: TensorType) -> TensorType:
        return rules.binary(dtypes.NUMERIC, lhs, rhs)


class FloatBinary(Binary):
    """A binary operation on floats."""

    @staticmethod
    def infer(lhs: TensorType, rhs: TensorType) -> TensorType:
        return rules.binary(dtypes.FLOAT, lhs, rhs)


class IntegerBinary(Binary):
    """A binary operation on integers."""

    @staticmethod
    def infer(lhs: TensorType, rhs: TensorType) -> TensorType:
        return rules.binary(dtypes.INTEGER, lhs, rhs)


class LogicalBinary(Binary):
    """A binary operation on bools, or on the bits of integers."""

    @staticmethod
    def infer(lhs: TensorType, rhs: TensorType) -> TensorType:
        return rules.binary(dtypes.BOOL_OR_INTEGER, lhs, rhs)


class Comparison(Binary):
    """A comparison of two operands of any dtype; the result is bool. False is less than true."""

    @staticmethod
    def infer(lhs: TensorType, rhs: TensorType) -> TensorType:
        return rules.binary(dtypes.ANY, lhs, rhs, "i1")
