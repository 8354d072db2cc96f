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
from mograph.graph.ops.control import parallel as parallel
from mograph.graph.ops.control import sequence as sequence
from mograph.graph.ops.control import while_ as while_
from mograph.graph.ops.custom import custom as custom
from mograph.graph.ops.effects import buffer_create as buffer_create
from mograph.graph.ops.extents import compress as compress
from mograph.graph.ops.extents import dynamic_pad as dynamic_pad
from mograph.graph.ops.extents import dynamic_slice as dynamic_slice
from mograph.graph.ops.extents import dynamic_tile as dynamic_tile
from mograph.graph.ops.extents import expand as expand
from mograph.graph.ops.extents import non_zero as non_zero
from mograph.graph.ops.extents import one_hot as one_hot
from mograph.graph.ops.extents import range as range
from mograph.graph.ops.extents import split as split
from mograph.graph.ops.order import bottom_k as bottom_k
from mograph.graph.ops.order import non_max_suppression as non_max_suppression
from mograph.graph.ops.order import top_k as top_k
from mograph.graph.ops.order import unique as unique
from mograph.graph.ops.quantization import dequantize as dequantize
from mograph.graph.ops.quantization import quantize as quantize
from mograph.graph.ops.random import random_normal as random_normal
from mograph.graph.ops.random import random_uniform as random_uniform
from mograph.graph.ops.random import static_random_normal as static_random_normal
from mograph.graph.ops.shapes import bitcast as bitcast
from mograph.graph.ops.shapes import broadcast_to as broadcast_to
from mograph.graph.ops.shapes import cast as cast
from mograph.graph.ops.shapes import rebind as rebind
from mograph.graph.ops.shapes import reshape as reshape
from mograph.graph.ops.shapes import select as select
from mograph.graph.ops.shapes import where as where
from mograph.graph.ops.spatial import col2im as col2im
from mograph.graph.ops.spatial import max_unpool as max_unpool
from mograph.graph.ops.spatial import resize as resize
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

def argsort(input: TensorLike, axis: int = -1, descending: bool = False) -> Tensor:
    """The positions along `axis`, as si64, of the elements in the order of `mo.sort`.

    Builds `mo.argsort`.
    """

def asin(input: TensorLike) -> Tensor:
    """The angle in [-pi/2, pi/2] whose sine is input; NaN outside of [-1, 1].

    Builds `mo.asin`.
    """

def asinh(input: TensorLike) -> Tensor:
    """The inverse of the hyperbolic sine.

    Builds `mo.asinh`.
    """

def assert_(condition: TensorLike, message: str, chain: Value | None = None) -> tuple[Value, ...]:
    """Ends the program with an error, `message`, unless the condition, a bool of rank 0 on the host, holds.

    It takes and gives a chain, or neither.

    Builds `mo.assert`.
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

def attention(
    query: TensorLike,
    key: TensorLike,
    value: TensorLike,
    mask: TensorLike | None = None,
    scale: float | None = None,
    causal: bool = False,
    softcap: float = 0.0,
) -> Tensor:
    """softmax(scale * query key^T + mask) value, for each head of each element of a batch.

    The operands are floats of equal dtype, on one device: query `[batch, heads, length, size]`, key
    `[batch, groups, keys, size]` and value `[batch, groups, keys, width]`. The result is `[batch, heads, length,
    width]`. The number of groups divides that of heads: each group of heads that follow each other shares one key and
    value. `scale` is 1 / sqrt(size) where it is absent.

    The mask broadcasts to `[batch, heads, length, keys]`. It is bool, true where a query attends to a key, or a float
    that is added. With `causal`, a query attends to no key after its own position. With a `softcap` c other than 0,
    the scaled product s is c * tanh(s / c) before it is masked. A query that attends to no key gets zeros.

    Everything is computed in f32, or f64 for f64, and rounded once; the reference computes in f64. The formulas are
    those of Vaswani et al. (2017) and of ONNX's Attention.

    Builds `mo.attention`.
    """

def avg_pool(
    input: TensorLike,
    kernel: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilations: int | Sequence[int] | None = None,
    low: int | Sequence[int] | None = None,
    high: int | Sequence[int] | None = None,
    ceil_mode: bool = False,
    layout: Literal["channels_first", "channels_last"] = "channels_first",
    count_include_pad: bool = False,
) -> Tensor:
    """The mean of the elements under each window, of `kernel` elements on each spatial axis.

    An input `[batch, c, *d]` gives `[batch, c, *o]` (`channels_last`: `[batch, *d, c]` and `[batch, *o, c]`). `strides`
    and `dilations` (by default 1), `low` and `high` (by default 0: the padding) have a number for each spatial axis:

        o = (d + low + high - dilation * (kernel - 1) - 1) floordiv stride + 1

    With `ceil_mode` ceildiv, and a last window that would start in the padding behind is left out. The mean is over the
    elements of the input, or with `count_include_pad` over those of the padding too, which are 0; what `ceil_mode` adds
    beyond that never counts. Floats narrower than f32 are computed in f32 or wider and rounded once; the reference
    computes in f64. A window without an element gives NaN.

    Builds `mo.avg_pool`.
    """

def band_part(input: TensorLike, lower: int, upper: int) -> Tensor:
    """The matrices of the last two dimensions with zeros everywhere but in a band around the diagonal.

    It holds the diagonal, `lower` diagonals below it and `upper` above it; a negative number stands for all of them.

    Builds `mo.band_part`.
    """

def batch_norm(
    input: TensorLike,
    scale: TensorLike,
    bias: TensorLike,
    mean: TensorLike,
    variance: TensorLike,
    axis: int = 1,
    epsilon: float = 1e-05,
) -> Tensor:
    """(x - mean) / sqrt(variance + epsilon) * scale + bias, with the four given for each channel.

    The channels are the indices on `axis`; a negative one counts from the end. (Ioffe and Szegedy, "Batch
    normalization", 2015; as it is after training.)

    Builds `mo.batch_norm`.
    """

def buffer_load(buffer: Value, chain: Value) -> tuple[Tensor, Value]:
    """What a buffer holds after all that the chain says has happened, as a tensor that later stores do not change.

    Builds `mo.buffer.load`.
    """

def buffer_store(value: TensorLike, buffer: Value, chain: Value) -> Value:
    """Puts a tensor into a buffer of its shape, dtype and device. What takes the resulting chain finds it there.

    Builds `mo.buffer.store`.
    """

def buffer_store_slice(
    value: TensorLike,
    buffer: Value,
    starts: TensorLike,
    chain: Value,
    steps: int | Sequence[int] = (),
) -> Value:
    """Puts a tensor into a part of a buffer: `buffer[starts[0] :: steps[0], …]`, as many elements as the value has.

    `starts` is a host tensor `[rank]` of dtype si64; negative ones count from the end. `steps` are 1 where they are not
    given. A value that reaches beyond the buffer is an error when the program runs, and then nothing is stored.

    Builds `mo.buffer.store_slice`.
    """

def cbrt(input: TensorLike) -> Tensor:
    """The cube root, of negative numbers too.

    Builds `mo.cbrt`.
    """

def ceil(input: TensorLike) -> Tensor:
    """The least integer that is not less.

    Builds `mo.ceil`.
    """

def celu(input: TensorLike, alpha: float = 1.0) -> Tensor:
    """input, alpha * (exp(input / alpha) - 1) where it is negative; alpha is not 0. (Barron, "Continuously
    differentiable exponential linear units", 2017.)

    Builds `mo.celu`.
    """

def chain_create() -> Value:
    """A chain on which nothing has happened yet: an effect that takes it waits for nothing.

    Builds `mo.chain.create`.
    """

def clamp(input: TensorLike, low: TensorLike, high: TensorLike) -> Tensor:
    """min(max(input, low), high): the input between the bounds, the nearer of them outside.

    Where low is above high it is high, and NaN where one of the three is. All are integers or floats of equal dtype, on
    one device, and their shapes broadcast.

    Builds `mo.clamp`.
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

def conv_transpose(
    input: TensorLike,
    filter: TensorLike,
    bias: TensorLike | None = None,
    strides: int | Sequence[int] | None = None,
    dilations: int | Sequence[int] | None = None,
    low: int | Sequence[int] | None = None,
    high: int | Sequence[int] | None = None,
    output_padding: int | Sequence[int] | None = None,
    groups: int = 1,
    layout: Literal["channels_first", "channels_last"] = "channels_first",
) -> Tensor:
    """The transpose of `mo.conv` as a linear map, which is its gradient with respect to the input.

    Every element of the input adds a window, the filter times it, to the result. With `channels_first`, an input
    `[batch, c, *d]` and a filter `[c, m / groups, *k]` give `[batch, m, *o]`; with `channels_last`, `[batch, *d, c]`
    and `[*k, m / groups, c]` give `[batch, *o, m]`:

        result[b, m, i * stride + k * dilation - low..] = bias[m] + sum of filter[c, m, k..] * input[b, c, i..]

    over c, i.. and k.., where c is of the same of the `groups` runs of channels as m. `low` and `high` are cut off the
    result, `output_padding` is added to it behind; these are by default 0, `strides` and `dilations` 1, and each
    spatial extent of the result is

        o = stride * (d - 1) + dilation * (k - 1) + 1 + output_padding - low - high

    Operands, and how sums are made, are as for `mo.conv`.

    Builds `mo.conv_transpose`.
    """

def cos(input: TensorLike) -> Tensor:
    """The cosine.

    Builds `mo.cos`.
    """

def cosh(input: TensorLike) -> Tensor:
    """The hyperbolic cosine.

    Builds `mo.cosh`.
    """

def cumprod(input: TensorLike, axis: int, exclusive: bool = False, reverse: bool = False) -> Tensor:
    """The product of all elements up to each one along `axis`.

    A negative axis counts from the end. With `exclusive`, an element itself is left out, so that the first product is
    1; with `reverse`, the elements from each one on are multiplied. Integers wrap; floats are accumulated in f32 or
    wider and rounded once for each result (the reference accumulates in f64).

    Builds `mo.cumprod`.
    """

def cumsum(input: TensorLike, axis: int, exclusive: bool = False, reverse: bool = False) -> Tensor:
    """The sum of all elements up to each one along `axis`.

    A negative axis counts from the end. With `exclusive`, an element itself is left out, so that the first sum is 0;
    with `reverse`, the elements from each one on are added. Integers wrap; floats are accumulated in f32 or wider and
    rounded once for each result (the reference accumulates in f64).

    Builds `mo.cumsum`.
    """

def deform_conv(
    input: TensorLike,
    filter: TensorLike,
    offset: TensorLike,
    bias: TensorLike | None = None,
    mask: TensorLike | None = None,
    strides: int | Sequence[int] | None = None,
    dilations: int | Sequence[int] | None = None,
    low: int | Sequence[int] | None = None,
    high: int | Sequence[int] | None = None,
    groups: int = 1,
    offset_groups: int = 1,
) -> Tensor:
    """`mo.conv` whose windows' elements are moved, each by itself.

    (Dai et al., "Deformable convolutional networks", 2017.)

    An input `[batch, c, *d]` and a filter `[m, c / groups, *k]` give `[batch, m, *o]`, as `mo.conv` does. `offset`,
    `[batch, offset_groups * prod(k) * r, *o]` for r spatial axes, holds for each of `offset_groups` runs of channels,
    each element of the window and each axis how far the element is moved there. It is the sum of the elements around
    that place, with the weights of linear interpolation; what lies outside the input is 0. `mask`,
    `[batch, offset_groups * prod(k), *o]`, is what it is multiplied by, if it is given (Zhu et al., "Deformable
    ConvNets v2", 2019).

    Operands are floats of one dtype, on one device. Floats narrower than f32 are computed in f32 or wider and rounded
    once. The reference computes in f64.

    Builds `mo.deform_conv`.
    """

def depth_to_space(input: TensorLike, block_size: int, mode: Literal["dcr", "crd"] = "dcr") -> Tensor:
    """Channels become blocks of an image: [n, c * b * b, h, w] becomes [n, c, h * b, w * b], b being `block_size`.

    result[n, k, y * b + i, x * b + j] = input[n, (i * b + j) * c + k, y, x] in mode `dcr`, where the channels lie
    innermost, and input[n, k * b * b + i * b + j, y, x] in mode `crd`, where they lie outermost. The number of channels
    is divisible by b * b: compared when the program runs where it is named.

    Builds `mo.depth_to_space`.
    """

def dim(input: TensorLike, axis: int) -> Tensor:
    """The extent of one axis, of rank 0 and dtype si64 on the host; a negative axis counts from the end.

    Builds `mo.dim`.
    """

def div(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """The quotient; of integers, rounded toward zero.

    An integer divided by zero is 0, and the lowest integer divided by -1 is itself. (ONNX's Div; numpy has no such
    division.)

    Builds `mo.div`.
    """

def elu(input: TensorLike, alpha: float = 1.0) -> Tensor:
    """input, alpha * (exp(input) - 1) where it is negative. (Clevert, Unterthiner and Hochreiter, "Exponential linear
    units", 2015.)

    Builds `mo.elu`.
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

def flip(input: TensorLike, axes: int | Sequence[int]) -> Tensor:
    """The tensor with the order of the elements reversed along `axes`; negative ones count from the end.

    Builds `mo.flip`.
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

def gather(input: TensorLike, indices: TensorLike, axis: int = 0) -> Tensor:
    """numpy's `take`: the slices of the input at `indices` along `axis`.

    result[a.., i.., b..] = input[a.., indices[i..], b..], where a are the dimensions before the axis; a negative axis
    counts from the end. Indices are integers; a negative one counts from the end, and one that is out of range is an
    error when the program runs.

    Builds `mo.gather`.
    """

def gather_elements(input: TensorLike, indices: TensorLike, axis: int = 0) -> Tensor:
    """The element of the input at each index along `axis`: ONNX's GatherElements, numpy's `take_along_axis`.

    result[i, j, ..] = input[indices[i, j, ..], j, ..] for axis 0; a negative axis counts from the end. Indices are
    integers, of the input's rank, and of its extents or smaller ones on the other axes. A negative index counts from
    the end, and one that is out of range is an error when the program runs.

    Builds `mo.gather_elements`.
    """

def gather_nd(input: TensorLike, indices: TensorLike, batch_dims: int = 0) -> Tensor:
    """The slices of the input at tuples of indices: ONNX's GatherND.

    The last dimension of `indices`, a constant, holds the tuples, each of which names positions on as many axes, from
    axis `batch_dims` on; the first `batch_dims` dimensions are those of the input. The result has the shape of
    `indices` without the last dimension, followed by the dimensions of the input that no index names. A negative index
    counts from the end, and one that is out of range is an error when the program runs.

    Builds `mo.gather_nd`.
    """

def gelu(input: TensorLike, approximate: Literal["none", "tanh", "quick"] = "none") -> Tensor:
    """input times the normal distribution's share below input.

    With `approximate = none`, x / 2 * (1 + erf(x / sqrt(2))); with `tanh`, x / 2 * (1 + tanh(sqrt(2 / pi) * (x +
    0.044715 * x^3))); with `quick`, x * sigmoid(1.702 * x). (Hendrycks and Gimpel, "Gaussian error linear units",
    2016.)

    Builds `mo.gelu`.
    """

def global_avg_pool(input: TensorLike, layout: Literal["channels_first", "channels_last"] = "channels_first") -> Tensor:
    """The mean over all spatial axes, which become 1: of `[batch, c, *d]`, or of `[batch, *d, c]` (`channels_last`).

    Floats narrower than f32 are computed in f32 or wider and rounded once; the reference computes in f64. Without
    elements the result is NaN.

    Builds `mo.global_avg_pool`.
    """

def global_lp_pool(
    input: TensorLike,
    layout: Literal["channels_first", "channels_last"] = "channels_first",
    p: int = 2,
) -> Tensor:
    """The norm over all spatial axes, which become 1: of `[batch, c, *d]`, or of `[batch, *d, c]` (`channels_last`).

    The p-th root of the sum of |x|^p, as in `mo.lp_pool`.

    Builds `mo.global_lp_pool`.
    """

def global_max_pool(input: TensorLike, layout: Literal["channels_first", "channels_last"] = "channels_first") -> Tensor:
    """The largest over all spatial axes, which become 1: of `[batch, c, *d]`, or of `[batch, *d, c]` (`channels_last`).

    A NaN is larger than any number; without elements the result is the lowest value of the dtype, which is of integers
    or floats.

    Builds `mo.global_max_pool`.
    """

def greater(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """Whether lhs is greater than rhs.

    Builds `mo.greater`.
    """

def greater_equal(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """Whether lhs is greater than or equal to rhs.

    Builds `mo.greater_equal`.
    """

def grid_sample(
    input: TensorLike,
    grid: TensorLike,
    mode: Literal["nearest", "linear", "cubic"] = "linear",
    padding: Literal["zeros", "border", "reflection"] = "zeros",
    align_corners: bool = False,
) -> Tensor:
    """The input at the places that a grid names (ONNX's GridSample).

    An input `[batch, c, *d]`, of one to three spatial axes, and a grid `[batch, *o, r]`, r the number of these axes,
    give `[batch, c, *o]`. The last axis of the grid holds a coordinate g for each axis of the input, the last axis
    first; -1 and 1 are the ends of the axis: the centres of its first and last element with `align_corners`,

        x = (g + 1) / 2 * (d - 1), else their outer edges: x = ((g + 1) * d - 1) / 2

    With `nearest` the result is the element at x rounded to even. With `linear` and `cubic` it is the sum of the two or
    four elements around x on each axis, with the weights of `mo.resize` (cubic ones with the coefficient -0.75). What
    lies outside the input is 0, or with `border` the nearest element, or with `reflection` the element mirrored at the
    ends, as often as needed.

    Operands are floats of one dtype, on one device. Floats narrower than f32 are computed in f32 or wider and rounded
    once. The reference computes in f64.

    Builds `mo.grid_sample`.
    """

def group_norm(input: TensorLike, scale: TensorLike, bias: TensorLike, groups: int, epsilon: float = 1e-05) -> Tensor:
    """(x - mean) / sqrt(variance + epsilon) * scale + bias, with mean and variance of each instance and group.

    Axis 0 counts instances, axis 1 channels, of which each has an element of scale and bias. They are cut into `groups`
    runs of equal length: their number is divisible by that, which is compared at run time where it is not known before.
    (Wu and He, "Group normalization", 2018.)

    Builds `mo.group_norm`.
    """

def grouped_matmul(lhs: TensorLike, rhs: TensorLike, group_sizes: TensorLike, transpose_rhs: bool = False) -> Tensor:
    """The matrix product of groups of rows, each with a matrix of its own: a mixture of experts, JAX's `ragged_dot`.

    The rows of lhs, `[m, k]`, lie group by group. Group g has the next `group_sizes[g]` of them, which are multiplied
    by the matrix `rhs[g]` of rhs, `[groups, k, n]`, or with `transpose_rhs` `[groups, n, k]`, to rows of the result,
    `[m, n]`. Rows behind the last group are 0. The operation never fails: a negative size counts as 0, and groups end
    at row m, so that what sizes claim beyond it is left out.

    lhs and rhs are integers or floats of equal dtype, the sizes integers of any, all on one device. Integers wrap. Sums
    of floats narrower than f32 are accumulated in f32 or wider and rounded once to the dtype; the order of a sum is the
    target's. The reference accumulates in f64.

    Builds `mo.grouped_matmul`.
    """

def hard_sigmoid(input: TensorLike, alpha: float = 0.2, beta: float = 0.5) -> Tensor:
    """alpha * input + beta between 0 and 1, the nearer of them outside. (Courbariaux, Bengio and David,
    "BinaryConnect", 2015.)

    Builds `mo.hard_sigmoid`.
    """

def hard_swish(input: TensorLike) -> Tensor:
    """input times `mo.hard_sigmoid` of it, with alpha 1/6 and beta 1/2. (Howard and others, "Searching for
    MobileNetV3", 2019.)

    Builds `mo.hard_swish`.
    """

def hardmax(input: TensorLike, axis: int = -1) -> Tensor:
    """1 at the first greatest element along `axis`, or the first NaN where there is one, else 0.

    Builds `mo.hardmax`.
    """

def instance_norm(input: TensorLike, scale: TensorLike, bias: TensorLike, epsilon: float = 1e-05) -> Tensor:
    """(x - mean) / sqrt(variance + epsilon) * scale + bias, with mean and variance of each instance and channel.

    Axis 0 counts instances, axis 1 channels, of which each has an element of scale and bias; the other dimensions, one
    or more, are averaged over. (Ulyanov, Vedaldi and Lempitsky, "Instance normalization", 2016.)

    Builds `mo.instance_norm`.
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

def layer_norm(
    input: TensorLike,
    scale: TensorLike | None = None,
    bias: TensorLike | None = None,
    axis: int = -1,
    epsilon: float = 1e-05,
) -> Tensor:
    """(x - mean) / sqrt(variance + epsilon) * scale + bias, with mean and variance over the dimensions from `axis` on.

    A negative axis counts from the end. Scale and bias may be absent; they have the dtype and device of the input, and
    broadcast to its shape, which the result has. (Ba, Kiros and Hinton, "Layer normalization", 2016.)

    Builds `mo.layer_norm`.
    """

def leaky_relu(input: TensorLike, alpha: float = 0.01) -> Tensor:
    """input, times `alpha` where it is negative. (Maas, Hannun and Ng, "Rectifier nonlinearities", 2013.)

    Builds `mo.leaky_relu`.
    """

def less(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """Whether lhs is less than rhs.

    Builds `mo.less`.
    """

def less_equal(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """Whether lhs is less than or equal to rhs.

    Builds `mo.less_equal`.
    """

def local_response_norm(
    input: TensorLike,
    size: int,
    alpha: float = 0.0001,
    beta: float = 0.75,
    bias: float = 1.0,
) -> Tensor:
    """x / (bias + alpha / size * s)^beta, where s is the sum of x^2 over `size` channels around.

    The channels are the indices on axis 1. Of channel c, those are from c - (size - 1) // 2 to c + size // 2, as far as
    there are so many. (Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural
    networks", 2012; as ONNX's LRN has it.)

    Builds `mo.local_response_norm`.
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

def lp_norm(input: TensorLike, axis: int = -1, p: int = 2) -> Tensor:
    """x divided by its norm along `axis`: by (sum of |x|^p)^(1/p), or 0 where that is 0.

    A negative axis counts from the end. (ONNX's LpNormalization.)

    Builds `mo.lp_norm`.
    """

def lp_pool(
    input: TensorLike,
    kernel: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilations: int | Sequence[int] | None = None,
    low: int | Sequence[int] | None = None,
    high: int | Sequence[int] | None = None,
    ceil_mode: bool = False,
    layout: Literal["channels_first", "channels_last"] = "channels_first",
    p: int = 2,
) -> Tensor:
    """The norm of the elements under each window: the p-th root of the sum of |x|^p.

    Windows are those of `mo.avg_pool`, and the padding is 0. `p` is 1 or more. Floats narrower than f32 are computed in
    f32 or wider and rounded once; the reference computes in f64.

    Builds `mo.lp_pool`.
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

def matmul_integer(
    lhs: TensorLike,
    rhs: TensorLike,
    lhs_zero: TensorLike | None = None,
    rhs_zero: TensorLike | None = None,
) -> Tensor:
    """The matrix product of lhs - lhs_zero and rhs - rhs_zero, as si32.

    Shapes are those of `mo.matmul`. The operands are integers of 8 or 16 bits, of which one may be signed and the other
    not, on one device. A zero point, 0 where it is absent, has the dtype of its operand. There is one of rank 0 for
    all; or one for each row of lhs, of shape `[m]` or `[.., m, 1]`; or for each column of rhs, of shape `[n]` or
    `[.., 1, n]`, where dimensions of 1 are repeated. Differences, products and sums wrap in si32.

    Builds `mo.matmul_integer`.
    """

def max(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """The greater one, NaN when one of them is NaN.

    Builds `mo.max`.
    """

def max_pool(
    input: TensorLike,
    kernel: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilations: int | Sequence[int] | None = None,
    low: int | Sequence[int] | None = None,
    high: int | Sequence[int] | None = None,
    ceil_mode: bool = False,
    layout: Literal["channels_first", "channels_last"] = "channels_first",
) -> tuple[Tensor, Tensor]:
    """The largest element under each window, and where it stands.

    Windows are those of `mo.avg_pool`; what lies in the padding is never the largest. The largest of an element that
    occurs several times is the first, and the first NaN is larger than any number. `indices` are si64 and count the
    elements of the whole input, of all batches and channels, in its order. A window without an element gives the lowest
    value of the dtype, which is of integers or floats, and the index -1. A program that does not use the indices does
    not compute them.

    Builds `mo.max_pool`.
    """

def min(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """The lesser one, NaN when one of them is NaN.

    Builds `mo.min`.
    """

def mish(input: TensorLike) -> Tensor:
    """input * tanh(softplus(input)). (Misra, "Mish: a self regularized non-monotonic activation function", 2019.)

    Builds `mo.mish`.
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

def pad(
    input: TensorLike,
    low: int | Sequence[int],
    high: int | Sequence[int],
    value: TensorLike | None = None,
    mode: Literal["constant", "reflect", "edge", "wrap"] = "constant",
) -> Tensor:
    """The tensor with `low[i]` elements more before axis i, and `high[i]` after it.

    These are `value`, of rank 0 and the input's dtype, by default 0, in mode `constant`; in mode `edge` the nearest
    element, in mode `reflect` those mirrored at the first and the last element, which do not occur twice, and in mode
    `wrap` those of the other end; mirrored and wrapped as often as it takes. In mode `constant` a negative padding
    takes elements away. The result's extents are the input's plus both paddings, and not negative; in the other modes
    an axis that is padded is not empty.

    Builds `mo.pad`.
    """

def pow(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """lhs to the power of rhs.

    Integers wrap; a negative power is 1 / (lhs ** -rhs) rounded toward zero: 0 unless lhs is 1 or -1 (and 0 for lhs
    0). Floats as C's `pow`.

    Builds `mo.pow`.
    """

def prelu(input: TensorLike, slope: TensorLike) -> Tensor:
    """input, times `slope` where it is negative.

    Both are integers or floats of equal dtype, on one device. The slope broadcasts to the input's shape, which the
    result has. (He and others, "Delving deep into rectifiers", 2015.)

    Builds `mo.prelu`.
    """

def print(value: TensorLike, chain: Value, label: str = "", summarize: int | None = None) -> Value:
    """Prints a tensor when the chain says so, to Python's `sys.stdout`.

    There is a line with the label, the dtype and the shape, `x: f32[2, 3]`, and then the elements as numpy prints them.
    Of an axis longer than twice `summarize`, only as many elements at both ends are shown; without it, elements are
    left out of tensors of more than 1000.

    Builds `mo.print`.
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

def reduce_arg_max(input: TensorLike, axis: int, keepdims: bool = False, last: bool = False) -> Tensor:
    """The position of the greatest element: a NaN where there is one, and 0 of no elements.

    It is the first of equal ones, with `last` the last of them.

    Builds `mo.reduce.arg_max`.
    """

def reduce_arg_min(input: TensorLike, axis: int, keepdims: bool = False, last: bool = False) -> Tensor:
    """The position of the least element: a NaN where there is one, and 0 of no elements.

    It is the first of equal ones, with `last` the last of them.

    Builds `mo.reduce.arg_min`.
    """

def reduce_l1(input: TensorLike, axes: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The sum of the magnitudes; 0 of no elements. Integers wrap.

    Builds `mo.reduce.l1`.
    """

def reduce_l2(input: TensorLike, axes: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The root of the sum of the squares; 0 of no elements.

    Builds `mo.reduce.l2`.
    """

def reduce_log_sum(input: TensorLike, axes: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The logarithm of the sum: -inf of no elements, NaN of a negative sum.

    Builds `mo.reduce.log_sum`.
    """

def reduce_log_sum_exp(input: TensorLike, axes: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """m + log(sum(exp(x - m))), which is log(sum(exp(x))) without overflow; m is the maximum, 0 where that is not
    finite. It is -inf of no elements.

    Builds `mo.reduce.log_sum_exp`.
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

def reduce_sum_square(input: TensorLike, axes: int | Sequence[int] | None = None, keepdims: bool = False) -> Tensor:
    """The sum of the squares; 0 of no elements. Integers wrap.

    Builds `mo.reduce.sum_square`.
    """

def relu(input: TensorLike) -> Tensor:
    """The greater one of input and 0, NaN for NaN.

    Builds `mo.relu`.
    """

def relu6(input: TensorLike) -> Tensor:
    """input between 0 and 6, the nearer of them outside; NaN for NaN. (Krizhevsky, "Convolutional deep belief networks
    on CIFAR-10", 2010.)

    Builds `mo.relu6`.
    """

def reverse_sequence(input: TensorLike, lengths: TensorLike, batch_axis: int, time_axis: int) -> Tensor:
    """Each sequence of a batch with its first `lengths[b]` elements in reverse order; the rest stays.

    `batch_axis` and `time_axis` are two axes of the input; negative ones count from the end. `lengths` are integers,
    one for each sequence of the batch, from 0 to the extent of the time axis: others are an error when the program
    runs.

    Builds `mo.reverse_sequence`.
    """

def rms_norm(input: TensorLike, scale: TensorLike | None = None, axis: int = -1, epsilon: float = 1e-05) -> Tensor:
    """x / sqrt(mean of x^2 + epsilon) * scale, with the mean over the dimensions from `axis` on.

    A negative axis counts from the end. The scale may be absent; it has the dtype and device of the input, and
    broadcasts to its shape, which the result has. (Zhang and Sennrich, "Root mean square layer normalization", 2019.)

    Builds `mo.rms_norm`.
    """

def roi_align(
    input: TensorLike,
    rois: TensorLike,
    batch_indices: TensorLike,
    output_height: int = 1,
    output_width: int = 1,
    mode: Literal["avg", "max"] = "avg",
    coordinates: Literal["half_pixel", "output_half_pixel"] = "half_pixel",
    sampling_ratio: int = 0,
    spatial_scale: float = 1.0,
) -> Tensor:
    """Regions of images, each pooled to `output_height` by `output_width` (He et al., "Mask R-CNN", 2017).

    An input `[batch, c, h, w]`, regions `[n, 4]` of x1, y1, x2, y2 and `batch_indices` `[n]` of dtype si64 give
    `[n, c, output_height, output_width]`. Coordinates are multiplied by `spatial_scale`, and with `half_pixel` half a
    pixel is taken off; without, a region has at least the size 1. A region is cut into bins of equal size, and a bin is
    the mean (`avg`) of samples, of `sampling_ratio` on each axis in its middle parts, or with 0 of ceil(size of the
    bin). A sample lies between four elements and is their sum with the weights of linear interpolation; with `max`, a
    bin is the largest of these four products of all samples. Coordinates are clamped to the image; farther outside
    than 1 a sample is 0.

    Operands are floats of one dtype, on one device, but for the indices; one that is not of the batch is an error when
    the program runs. Floats narrower than f32 are computed in f32 or wider and rounded once. The reference computes in
    f64.

    Builds `mo.roi_align`.
    """

def roll(input: TensorLike, shifts: int | Sequence[int], axes: int | Sequence[int]) -> Tensor:
    """The elements moved on by `shifts[i]` along `axes[i]`; what is moved beyond the end comes in at the front.

    Negative shifts move them back, and negative axes count from the end. Axes are distinct.

    Builds `mo.roll`.
    """

def rope(input: TensorLike, cos: TensorLike, sin: TensorLike, interleaved: bool = False) -> Tensor:
    """Rotary position embedding: pairs of elements along the last dimension, turned by angles (Su et al., 2021).

    The input is `[.., size]`, of an even size. `cos` and `sin`, of equal shape, broadcast to `[.., size / 2]` and hold
    the cosine and the sine of the angle of each pair. A pair (x, y) becomes (x cos - y sin, x sin + y cos). Its
    elements are at i and size / 2 + i, or with `interleaved` at 2 i and 2 i + 1.

    Operands are floats of equal dtype, on one device. Floats narrower than f32 are computed in f32 and rounded once;
    the reference computes in f64.

    Builds `mo.rope`.
    """

def round(input: TensorLike) -> Tensor:
    """The nearest integer; of two equally near ones, the even one.

    Builds `mo.round`.
    """

def rsqrt(input: TensorLike) -> Tensor:
    """1 / sqrt(input): infinite at zero (with its sign), NaN below.

    Builds `mo.rsqrt`.
    """

def scatter(
    input: TensorLike,
    indices: TensorLike,
    updates: TensorLike,
    axis: int = 0,
    reduction: Literal["none", "add", "mul", "max", "min"] = "none",
) -> Tensor:
    """The input with elements replaced at each index along `axis`: ONNX's ScatterElements.

    result[indices[i, j, ..], j, ..] = updates[i, j, ..] for axis 0, and everywhere else the input; a negative axis
    counts from the end. `updates` have the shape of `indices` and the input's dtype. Indices are integers, of the
    input's rank, and of its extents or smaller ones on the other axes. A negative index counts from the end, and one
    that is out of range is an error when the program runs.

    With a `reduction`, the result there is the sum, product, maximum or minimum of what was there and the update.
    Updates are applied one after the other in the order of the indices, each rounded to the dtype, so that of several
    for one element, without a reduction, the last counts.

    Builds `mo.scatter`.
    """

def scatter_nd(
    input: TensorLike,
    indices: TensorLike,
    updates: TensorLike,
    reduction: Literal["none", "add", "mul", "max", "min"] = "none",
) -> Tensor:
    """The input with slices replaced at tuples of indices: ONNX's ScatterND.

    The last dimension of `indices`, a constant, holds the tuples, each of which names positions on as many axes, from
    the first on. `updates` have the shape of `indices` without the last dimension, followed by the dimensions of the
    input that no index names, and the input's dtype. Indices out of range, and `reduction`, are as in `mo.scatter`;
    updates are applied one after the other in the order of the indices.

    Builds `mo.scatter_nd`.
    """

def selu(input: TensorLike, alpha: float = 1.6732631921768188, gamma: float = 1.0507010221481323) -> Tensor:
    """gamma * input, gamma * alpha * (exp(input) - 1) where it is negative.

    The defaults keep mean 0 and variance 1. (Klambauer and others, "Self-normalizing neural networks", 2017.)

    Builds `mo.selu`.
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

def shrink(input: TensorLike, bias: float = 0.0, lambd: float = 0.5) -> Tensor:
    """input + bias below -lambd, input - bias above lambd, else 0; so 0 for NaN.

    With bias = lambd it is soft thresholding, with bias = 0 hard. (ONNX's Shrink.)

    Builds `mo.shrink`.
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

def softsign(input: TensorLike) -> Tensor:
    """input / (1 + |input|).

    Builds `mo.softsign`.
    """

def sort(input: TensorLike, axis: int = -1, descending: bool = False) -> Tensor:
    """The elements along `axis` in ascending order, or descending.

    The order of equal elements stays, so that of 0 and -0; false is less than true. NaN is greater than all numbers:
    last as in numpy, and first where the order is descending. A negative axis counts from the end.

    Builds `mo.sort`.
    """

def space_to_depth(input: TensorLike, block_size: int, mode: Literal["dcr", "crd"] = "dcr") -> Tensor:
    """Blocks of an image become channels: [n, c, h, w] becomes [n, c * b * b, h / b, w / b], b being `block_size`.

    input[n, k, y * b + i, x * b + j] becomes result[n, (i * b + j) * c + k, y, x] in mode `dcr`, where the channels lie
    innermost, and result[n, k * b * b + i * b + j, y, x] in mode `crd`, where they lie outermost. Heights and widths
    are divisible by b: compared when the program runs where they are named.

    Builds `mo.space_to_depth`.
    """

def sqrt(input: TensorLike) -> Tensor:
    """The square root; NaN below zero.

    Builds `mo.sqrt`.
    """

def square(input: TensorLike) -> Tensor:
    """input * input. Integers wrap.

    Builds `mo.square`.
    """

def squeeze(input: TensorLike, axes: int | Sequence[int] | None = None) -> Tensor:
    """The tensor without dimensions of 1: those of `axes`, or without them all that are known to be 1.

    Negative axes count from the end. An extent that is a name can be 1 only when the program runs, and is no dimension
    to take away: `mo.rebind` asserts that it is 1.

    Builds `mo.squeeze`.
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

def thresholded_relu(input: TensorLike, alpha: float = 1.0) -> Tensor:
    """input where it is greater than `alpha`, else 0; so 0 for NaN. (Konda, Memisevic and Krueger, "Zero-bias
    autoencoders", 2014.)

    Builds `mo.thresholded_relu`.
    """

def tile(input: TensorLike, repeats: int | Sequence[int]) -> Tensor:
    """The tensor laid `repeats[i]` times end to end along axis i, as numpy's `tile`; no time at all is possible.

    Builds `mo.tile`.
    """

def transfer(value: Value, chain: Value, device: str) -> tuple[Value, Value]:
    """The same elements on another device, copied when the chain says so.

    A tensor gives a tensor; a buffer gives a new buffer, which holds what the other one did. The chain is the one of
    the loop or graph around it, so that nothing moves a transfer to where its source holds something else.

    Builds `mo.transfer`.
    """

def transpose(input: TensorLike, perm: int | Sequence[int]) -> Tensor:
    """The dimensions in another order: dimension i of the result is dimension `perm[i]` of the input.

    `perm` holds each number below the rank once.

    Builds `mo.transpose`.
    """

def trilu(input: TensorLike, k: TensorLike | None = None, upper: bool = True) -> Tensor:
    """The upper or the lower triangle of the matrices of the last two dimensions, with zeros elsewhere.

    The upper triangle is the diagonal `k` and what lies above it, the lower one that and what lies below; diagonal k, a
    host tensor of rank 0 and dtype si64, lies k elements above the main one, which is 0, the default.

    Builds `mo.trilu`.
    """

def trunc(input: TensorLike) -> Tensor:
    """The integer part: rounded toward zero.

    Builds `mo.trunc`.
    """

def unsqueeze(input: TensorLike, axes: int | Sequence[int]) -> Tensor:
    """The tensor with dimensions of 1 more, at the `axes` of the result; negative ones count from its end.

    Builds `mo.unsqueeze`.
    """

def xor(lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """Exclusive or of bools; bitwise exclusive or of integers.

    Builds `mo.xor`.
    """
