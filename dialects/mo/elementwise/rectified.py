# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions of one kind above zero and of another below: `mo.relu` to `mo.shrink`."""

from mograph.dialects.kit import Attribute, Operand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.conversion import is_float, through_f64
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.elementwise.families import FloatUnary, NumericUnary
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["Celu", "Elu", "LeakyRelu", "Prelu", "Relu", "Relu6", "Selu", "Shrink", "ThresholdedRelu"]


class Relu(NumericUnary, name="relu", traits=[t.Idempotent]):
    """The greater one of input and 0, NaN for NaN."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return np.maximum(input, np.zeros((), input.dtype))


class Relu6(NumericUnary, name="relu6", traits=[t.Idempotent]):
    """input between 0 and 6, the nearer of them outside; NaN for NaN. (Krizhevsky, "Convolutional deep belief networks
    on CIFAR-10", 2010.)
    """

    @staticmethod
    def evaluate(input: Array) -> Array:
        return np.asarray(np.minimum(np.maximum(input, np.zeros((), input.dtype)), np.asarray(6, input.dtype)))


class LeakyRelu(FloatUnary, name="leaky_relu"):
    """input, times `alpha` where it is negative. (Maas, Hannun and Ng, "Rectifier nonlinearities", 2013.)"""

    alpha: Attribute[c.F64Attr] = 0.01
    assembly_format = "$input (`alpha` `=` $alpha^)? attr-dict `:` type($input)"

    @staticmethod
    def evaluate(input: Array, alpha: float) -> Array:
        return through_f64(lambda x: np.where(x < 0, x * alpha, x), input)


class Elu(FloatUnary, name="elu"):
    """input, alpha * (exp(input) - 1) where it is negative. (Clevert, Unterthiner and Hochreiter, "Exponential linear
    units", 2015.)
    """

    alpha: Attribute[c.F64Attr] = 1.0
    assembly_format = "$input (`alpha` `=` $alpha^)? attr-dict `:` type($input)"

    @staticmethod
    def evaluate(input: Array, alpha: float) -> Array:
        return through_f64(lambda x: np.where(x < 0, alpha * np.expm1(x), x), input)


class Selu(FloatUnary, name="selu"):
    """gamma * input, gamma * alpha * (exp(input) - 1) where it is negative.

    The defaults keep mean 0 and variance 1. (Klambauer and others, "Self-normalizing neural networks", 2017.)
    """

    alpha: Attribute[c.F64Attr] = 1.67326319217681884765625
    gamma: Attribute[c.F64Attr] = 1.05070102214813232421875
    assembly_format = "$input (`alpha` `=` $alpha^)? (`gamma` `=` $gamma^)? attr-dict `:` type($input)"

    @staticmethod
    def evaluate(input: Array, alpha: float, gamma: float) -> Array:
        return through_f64(lambda x: gamma * np.where(x < 0, alpha * np.expm1(x), x), input)


class Celu(FloatUnary, name="celu"):
    """input, alpha * (exp(input / alpha) - 1) where it is negative; alpha is not 0. (Barron, "Continuously
    differentiable exponential linear units", 2017.)
    """

    alpha: Attribute[c.F64Attr] = 1.0
    assembly_format = "$input (`alpha` `=` $alpha^)? attr-dict `:` type($input)"

    @staticmethod
    def check(alpha: float) -> None:
        if alpha == 0:
            raise VerifyError("expected alpha to differ from 0, which input is divided by")

    @staticmethod
    def evaluate(input: Array, alpha: float) -> Array:
        return through_f64(lambda x: np.where(x < 0, alpha * np.expm1(x / alpha), x), input)


class ThresholdedRelu(FloatUnary, name="thresholded_relu"):
    """input where it is greater than `alpha`, else 0; so 0 for NaN. (Konda, Memisevic and Krueger, "Zero-bias
    autoencoders", 2014.)
    """

    alpha: Attribute[c.F64Attr] = 1.0
    assembly_format = "$input (`alpha` `=` $alpha^)? attr-dict `:` type($input)"

    @staticmethod
    def evaluate(input: Array, alpha: float) -> Array:
        return through_f64(lambda x: np.where(x > alpha, x, 0.0), input)


class Shrink(FloatUnary, name="shrink"):
    """input + bias below -lambd, input - bias above lambd, else 0; so 0 for NaN.

    With bias = lambd it is soft thresholding, with bias = 0 hard. (ONNX's Shrink.)
    """

    bias: Attribute[c.F64Attr] = 0.0
    lambd: Attribute[c.F64Attr] = 0.5
    assembly_format = "$input (`bias` `=` $bias^)? (`lambd` `=` $lambd^)? attr-dict `:` type($input)"

    @staticmethod
    def evaluate(input: Array, bias: float, lambd: float) -> Array:
        return through_f64(lambda x: np.where(x < -lambd, x + bias, np.where(x > lambd, x - bias, 0.0)), input)


class Prelu(Mo.Operation, name="prelu", traits=[t.Pure]):
    """input, times `slope` where it is negative.

    Both are integers or floats of equal dtype, on one device. The slope broadcasts to the input's shape, which the
    result has. (He and others, "Delving deep into rectifiers", 2015.)
    """

    input: Operand[TensorType]
    slope: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "$input `,` $slope attr-dict `:` custom<Types>(type($input), type($slope))"
    folds = True

    @staticmethod
    def infer(input: TensorType, slope: TensorType) -> TensorType:
        rules.same_dtype(input=input, slope=slope)
        dtypes.require(dtypes.NUMERIC, input.dtype)
        rules.same_device(input=input, slope=slope)
        if shapes.broadcast(input.shape, slope.shape) != tuple(input.shape):
            wanted, found = shapes.text(input.shape), shapes.text(slope.shape)
            raise VerifyError(f"expected slope to broadcast to the shape of the input, {wanted}; found {found}")
        return input

    @staticmethod
    def evaluate(input: Array, slope: Array) -> Array:
        def prelu(x: Array, factor: Array) -> Array:
            return np.where(x < 0, x * factor, x)

        return through_f64(prelu, input, slope) if is_float(input.dtype) else prelu(input, slope)
