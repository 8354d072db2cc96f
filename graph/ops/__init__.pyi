# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Written by scripts/stubs.py from the declarations of the operations.
from collections.abc import Sequence
from typing import Any, Literal

from mograph.graph.ops.constants import constant as constant
from mograph.graph.ops.constants import constant_external as constant_external
from mograph.graph.ops.constants import external as external
from mograph.graph.ops.constants import iota as iota
from mograph.graph.ops.control import call as call
from mograph.graph.ops.control import if_ as if_
from mograph.graph.ops.control import while_ as while_
from mograph.graph.ops.random import random_normal as random_normal
from mograph.graph.ops.random import random_uniform as random_uniform
from mograph.graph.ops.random import static_random_normal as static_random_normal
from mograph.graph.ops.shapes import bitcast as bitcast
from mograph.graph.ops.shapes import broadcast_to as broadcast_to
from mograph.graph.ops.shapes import cast as cast
from mograph.graph.ops.shapes import rebind as rebind
from mograph.graph.ops.shapes import reshape as reshape
from mograph.graph.ops.shapes import select as select
from mograph.graph.tensor import Tensor, TensorLike, Value

WRITTEN: dict[str, str]
BUILT_OTHERWISE: dict[str, str]
DECLARED: dict[str, Any]
__all__: list[str]

def abs(input: TensorLike) -> Tensor:
    """The magnitude; the lowest integer is its own.

    Builds `mo.abs`.
    """

def acos(input: TensorLike) -> Tensor:
    """The angle in [0, pi] whose cosine is input; NaN outside of [-1, 1].

    Builds `mo.acos`.
    """

def acosh(input: TensorLike) -> Tensor:
    """The inverse of the hyperbolic cosine, not negative; NaN below 1.

    Builds `mo.acosh`.
    """

def add(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """The sum. Integers wrap.

    Builds `mo.add`.
    """

def and_(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """Logical and of bools; bitwise and of integers.

    Builds `mo.and`.
    """

def asin(input: TensorLike) -> Tensor:
    """The angle in [-pi/2, pi/2] whose sine is input; NaN outside of [-1, 1].

    Builds `mo.asin`.
    """

def asinh(input: TensorLike) -> Tensor:
    """The inverse of the hyperbolic sine.

    Builds `mo.asinh`.
    """

def atan(input: TensorLike) -> Tensor:
    """The angle in [-pi/2, pi/2] whose tangent is input.

    Builds `mo.atan`.
    """

def atan2(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """The angle of the point (rhs, lhs) from the first axis, in (-pi, pi], as C's `atan2`.

    Builds `mo.atan2`.
    """

def atanh(input: TensorLike) -> Tensor:
    """The inverse of the hyperbolic tangent: infinite at -1 and 1, NaN beyond.

    Builds `mo.atanh`.
    """

def cbrt(input: TensorLike) -> Tensor:
    """The cube root, of negative numbers too.

    Builds `mo.cbrt`.
    """

def ceil(input: TensorLike) -> Tensor:
    """The least integer that is not less.

    Builds `mo.ceil`.
    """

def chain_create() -> Value:
    """A chain on which nothing has happened yet: an effect that takes it waits for nothing.

    Builds `mo.chain.create`.
    """

def concat(inputs: Sequence[TensorLike], axis: int) -> Tensor:
    """The inputs, one or more, laid end to end along `axis`; a negative axis counts from the end.

    Inputs are of equal dtype and rank, on one device, with equal extents on all other axes. The result's extent on
    the axis is the sum of theirs.

    Builds `mo.concat`.
    """

def contract(inputs: Sequence[TensorLike], equation: str) -> Tensor:
    """Sums of products by Einstein's convention: numpy's `einsum`.

    The equation has a term for each input, with a letter for each of its dimensions, and after `->` one for the result.
    Dimensions with one letter are walked together; letters that the result lacks are summed over. A letter that a term
    repeats takes its diagonal. `...` stands for any number of dimensions, which broadcast, and is in the result when it
    is in a term and covers any. Without `->`, the result has what `...` covers, then the letters that occur once, in
    alphabetical order. Spaces mean nothing.

    The inputs, one or more, are integers or floats of equal dtype, on one device. Dimensions with one letter are equal,
    or 1 and repeated. Integers wrap. Floats narrower than f32 are multiplied and summed in f32 or wider and rounded
    once; the order of products and sums is the target's. The reference computes in f64.

    Builds `mo.contract`.
    """

def conv(
    input: TensorLike,
    filter: TensorLike,
    bias: TensorLike | None = None,
    strides: int | Sequence[int] | None = None,
    dilations: int | Sequence[int] | None = None,
    low: int | Sequence[int] | None = None,
    high: int | Sequence[int] | None = None,
    groups: int = 1,
    layout: Literal["channels_first", "channels_last"] = "channels_first",
) -> Tensor:
    """The cross-correlation of an input with a bank of filters, over one to three spatial axes.

    With `channels_first`, an input `[batch, c, *d]` and a filter `[m, c / groups, *k]` give `[batch, m, *o]`; with
    `channels_last`, `[batch, *d, c]` and `[*k, c / groups, m]` give `[batch, *o, m]`. The channels of the input and of
    the result are cut into `groups` runs, and each run of results comes from one run of inputs:

        result[b, m, o..] = bias[m] + sum of filter[m, c, k..] * input[b, g + c, o * stride + k * dilation - low..]

    over c and k.., where g is the first channel of m's run and what lies outside the input is 0. `strides` and
    `dilations` (by default 1), `low` and `high` (by default 0) have a number for each spatial axis, and each spatial
    extent of the result is

        o = (d + low + high - dilation * (k - 1) - 1) floordiv stride + 1

    Operands are integers or floats of one dtype, on one device. Integers wrap. Sums of floats narrower than f32 are
    accumulated in f32 or wider and rounded once; the order of a sum is the target's. The reference accumulates in f64.

    Builds `mo.conv`.
    """

def cos(input: TensorLike) -> Tensor:
    """The cosine.

    Builds `mo.cos`.
    """

def cosh(input: TensorLike) -> Tensor:
    """The hyperbolic cosine.

    Builds `mo.cosh`.
    """

def div(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """The quotient; of integers, rounded toward zero.

    An integer divided by zero is 0, and the lowest integer divided by -1 is itself. (ONNX's Div; numpy has no such
    division.)

    Builds `mo.div`.
    """

def equal(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """Whether lhs is equal to rhs.

    Builds `mo.equal`.
    """

def erf(input: TensorLike) -> Tensor:
    """The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to input.

    Builds `mo.erf`.
    """

def erfc(input: TensorLike) -> Tensor:
    """1 - erf(input), exact where that is small.

    Builds `mo.erfc`.
    """

def exp(input: TensorLike) -> Tensor:
    """e to the power of input.

    Builds `mo.exp`.
    """

def exp2(input: TensorLike) -> Tensor:
    """2 to the power of input.

    Builds `mo.exp2`.
    """

def expm1(input: TensorLike) -> Tensor:
    """exp(input) - 1, exact near zero.

    Builds `mo.expm1`.
    """

def floor(input: TensorLike) -> Tensor:
    """The greatest integer that is not greater.

    Builds `mo.floor`.
    """

def floor_div(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """The quotient rounded down.

    An integer divided by zero is 0, and the lowest integer divided by -1 is itself; floats as numpy's `floor_divide`.

    Builds `mo.floor_div`.
    """

def fmod(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """What division toward zero leaves, with the sign of lhs, as C's `fmod` and `%`.

    An integer modulo zero is 0; a float modulo zero is NaN.

    Builds `mo.fmod`.
    """

def gelu(input: TensorLike, approximate: Literal["none", "tanh"] = "none") -> Tensor:
    """input times the normal distribution's share below input.

    With `approximate = none`, x / 2 * (1 + erf(x / sqrt(2))); with `tanh`, x / 2 * (1 + tanh(sqrt(2 / pi) * (x +
    0.044715 * x^3))). (Hendrycks and Gimpel, "Gaussian error linear units", 2016.)

    Builds `mo.gelu`.
    """

def greater(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """Whether lhs is greater than rhs.

    Builds `mo.greater`.
    """

def greater_equal(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """Whether lhs is greater than or equal to rhs.

    Builds `mo.greater_equal`.
    """

def is_finite(input: TensorLike) -> Tensor:
    """Whether input is neither infinite nor NaN.

    Builds `mo.is_finite`.
    """

def is_inf(input: TensorLike) -> Tensor:
    """Whether input is infinite.

    Builds `mo.is_inf`.
    """

def is_nan(input: TensorLike) -> Tensor:
    """Whether input is NaN.

    Builds `mo.is_nan`.
    """

def less(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """Whether lhs is less than rhs.

    Builds `mo.less`.
    """

def less_equal(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """Whether lhs is less than or equal to rhs.

    Builds `mo.less_equal`.
    """

def log(input: TensorLike) -> Tensor:
    """The natural logarithm: -inf at zero, NaN below.

    Builds `mo.log`.
    """

def log10(input: TensorLike) -> Tensor:
    """The logarithm to base 10.

    Builds `mo.log10`.
    """

def log1p(input: TensorLike) -> Tensor:
    """log(1 + input), exact near zero.

    Builds `mo.log1p`.
    """

def log2(input: TensorLike) -> Tensor:
    """The logarithm to base 2.

    Builds `mo.log2`.
    """

def log_softmax(input: TensorLike, axis: int = -1) -> Tensor:
    """The logarithm of `mo.softmax`: x - m - log(sum(exp(x - m))) along `axis`, where m is the maximum there.

    Builds `mo.log_softmax`.
    """

def matmul(lhs: TensorLike, rhs: TensorLike, transpose_lhs: bool = False, transpose_rhs: bool = False) -> Tensor:
    """The matrix product of numpy's `matmul`.

    The last two dimensions are those of the matrices, `[.., m, k]` by `[.., k, n]` to `[.., m, n]`; those before them
    broadcast. A vector on the left is a row, one on the right a column, and the dimension that this adds is removed
    from the result. With `transpose_lhs` the matrices of lhs are given transposed, `[.., k, m]`, and with
    `transpose_rhs` those of rhs, `[.., n, k]`; a vector has no such form.

    Operands are integers or floats of equal dtype, on one device. Integers wrap. Sums of floats narrower than f32 are
    accumulated in f32 or wider and rounded once to the dtype; the order of a sum is the target's. The reference
    accumulates in f64.

    Builds `mo.matmul`.
    """

def max(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """The greater one, NaN when one of them is NaN.

    Builds `mo.max`.
    """

def min(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """The lesser one, NaN when one of them is NaN.

    Builds `mo.min`.
    """

def mod(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """What `mo.floor_div` leaves: lhs - floor(lhs / rhs) * rhs, with the sign of rhs.

    An integer modulo zero is 0; floats as numpy's `remainder`.

    Builds `mo.mod`.
    """

def mul(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """The product. Integers wrap.

    Builds `mo.mul`.
    """

def negative(input: TensorLike) -> Tensor:
    """0 - input. Integers wrap.

    Builds `mo.negative`.
    """

def not_(input: TensorLike) -> Tensor:
    """Negation of bools; complement of the bits of integers.

    Builds `mo.not`.
    """

def not_equal(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """Whether lhs differs from rhs; true when one of them is NaN.

    Builds `mo.not_equal`.
    """

def or_(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """Logical or of bools; bitwise or of integers.

    Builds `mo.or`.
    """

def pow(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """lhs to the power of rhs.

    Integers wrap; a negative power is 1 / (lhs ** -rhs) rounded toward zero: 0 unless lhs is 1 or -1 (and 0 for lhs
    0). Floats as C's `pow`.

    Builds `mo.pow`.
    """

def reciprocal(input: TensorLike) -> Tensor:
    """1 / input.

    Builds `mo.reciprocal`.
    """

def reduce_add(input: TensorLike, axes: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The sum; 0 of no elements. Integers wrap.

    Builds `mo.reduce.add`.
    """

def reduce_all(input: TensorLike, axes: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """Whether all elements are true; true of no elements.

    Builds `mo.reduce.all`.
    """

def reduce_any(input: TensorLike, axes: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """Whether an element is true; false of no elements.

    Builds `mo.reduce.any`.
    """

def reduce_arg_max(input: TensorLike, axis: int, keepdims: bool = False) -> Tensor:
    """The position of the greatest element.

    It is the first of equal ones, the first NaN when there is one, and 0 of no elements.

    Builds `mo.reduce.arg_max`.
    """

def reduce_arg_min(input: TensorLike, axis: int, keepdims: bool = False) -> Tensor:
    """The position of the least element.

    It is the first of equal ones, the first NaN when there is one, and 0 of no elements.

    Builds `mo.reduce.arg_min`.
    """

def reduce_max(input: TensorLike, axes: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The greatest element, NaN when there is a NaN.

    Of no elements it is the lowest value of the dtype, -inf where it has that.

    Builds `mo.reduce.max`.
    """

def reduce_mean(input: TensorLike, axes: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The sum divided by the number of elements; NaN of no elements.

    Builds `mo.reduce.mean`.
    """

def reduce_min(input: TensorLike, axes: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The least element, NaN when there is a NaN.

    Of no elements it is the greatest value of the dtype, inf where it has that.

    Builds `mo.reduce.min`.
    """

def reduce_mul(input: TensorLike, axes: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The product; 1 of no elements. Integers wrap.

    Builds `mo.reduce.mul`.
    """

def relu(input: TensorLike) -> Tensor:
    """The greater one of input and 0, NaN for NaN.

    Builds `mo.relu`.
    """

def round(input: TensorLike) -> Tensor:
    """The nearest integer; of two equally near ones, the even one.

    Builds `mo.round`.
    """

def rsqrt(input: TensorLike) -> Tensor:
    """1 / sqrt(input): infinite at zero (with its sign), NaN below.

    Builds `mo.rsqrt`.
    """

def shape_of(input: TensorLike) -> Tensor:
    """The shape, as a tensor `[rank]` of dtype si64 on the host, wherever the operand lies.

    Builds `mo.shape_of`.
    """

def shard_and_stack(inputs: Sequence[TensorLike], axis: int, devices: Sequence[str]) -> tuple[Tensor, ...]:
    """The inputs' slices for each device, stacked: the layout of a mixture of experts' weights, split over devices.

    I inputs of equal shape and dtype lie on the host; N devices, of which some may be the same, are listed in
    `devices`. There is a result for each: result d, on device d, has the shape `[I, .., D / N, ..]`, where D is the
    inputs' extent on `axis` (negative: from the end), which N divides. Its element j is slice d of input j, the
    elements d * D / N to (d + 1) * D / N of the axis.

    With outer and inner the products of the extents before and after the axis, and seg = D / N * inner, in row-major
    memory: `result_d[j * outer * seg + o * seg + i] = input_j[o * D * inner + d * seg + i]` for i below seg.

    Builds `mo.shard_and_stack`.
    """

def shift_left(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """The bits of lhs moved up by rhs.

    The result is 0 where rhs is negative or at least the width of the dtype.

    Builds `mo.shift_left`.
    """

def shift_right(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """The bits of lhs moved down by rhs, keeping the sign of a signed integer.

    Where rhs is negative or at least the width of the dtype, the result is 0, or -1 for a negative lhs.

    Builds `mo.shift_right`.
    """

def sigmoid(input: TensorLike) -> Tensor:
    """1 / (1 + exp(-input)).

    Builds `mo.sigmoid`.
    """

def sign(input: TensorLike) -> Tensor:
    """-1, 0 or 1, as input is negative, zero or positive; NaN for NaN.

    Builds `mo.sign`.
    """

def silu(input: TensorLike) -> Tensor:
    """input * sigmoid(input), also called swish.

    Builds `mo.silu`.
    """

def sin(input: TensorLike) -> Tensor:
    """The sine.

    Builds `mo.sin`.
    """

def sinh(input: TensorLike) -> Tensor:
    """The hyperbolic sine.

    Builds `mo.sinh`.
    """

def slice(
    input: TensorLike,
    starts: int | Sequence[int],
    stops: int | Sequence[int],
    steps: int | Sequence[int],
) -> Tensor:
    """numpy's `input[starts[0]:stops[0]:steps[0], ...]`, one range for each axis.

    A negative start or stop counts from the end, and both are clamped to the extent; a negative step walks backwards.
    The largest integer means to the end; the lowest, with a negative step, to the front and including it. A step is
    not 0. On a named axis the result's extent is an expression that clamps in the same way, `max(0, n - 1)` for
    `[1:]`.

    Builds `mo.slice`.
    """

def softmax(input: TensorLike, axis: int = -1) -> Tensor:
    """exp(x - m) / sum(exp(x - m)) along `axis`, where m is the maximum there.

    A negative axis counts from the end. Floats narrower than f32 are computed in f32 or wider and rounded once; the
    reference computes in f64. Along an axis that holds NaN or +inf, or nothing but -inf, the result is NaN.

    Builds `mo.softmax`.
    """

def softplus(input: TensorLike) -> Tensor:
    """log(1 + exp(input)), without overflow.

    Builds `mo.softplus`.
    """

def sqrt(input: TensorLike) -> Tensor:
    """The square root; NaN below zero.

    Builds `mo.sqrt`.
    """

def square(input: TensorLike) -> Tensor:
    """input * input. Integers wrap.

    Builds `mo.square`.
    """

def sub(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """The difference. Integers wrap.

    Builds `mo.sub`.
    """

def tan(input: TensorLike) -> Tensor:
    """The tangent.

    Builds `mo.tan`.
    """

def tanh(input: TensorLike) -> Tensor:
    """The hyperbolic tangent.

    Builds `mo.tanh`.
    """

def transpose(input: TensorLike, perm: int | Sequence[int]) -> Tensor:
    """The dimensions in another order: dimension i of the result is dimension `perm[i]` of the input.

    `perm` holds each number below the rank once.

    Builds `mo.transpose`.
    """

def trunc(input: TensorLike) -> Tensor:
    """The integer part: rounded toward zero.

    Builds `mo.trunc`.
    """

def xor(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """Exclusive or of bools; bitwise exclusive or of integers.

    Builds `mo.xor`.
    """
