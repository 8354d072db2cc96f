# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Normalisations with a scale and a bias for each channel: `mo.batch_norm`, `mo.instance_norm`, `mo.group_norm`."""

from mograph.dialects.kit import Attribute, Operand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.conversion import through_f64
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.norm.rules import along, check_epsilon, floats, normalized, of_channels
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["BatchNorm", "GroupNorm", "InstanceNorm"]


class BatchNorm(Mo.Operation, name="batch_norm", traits=[t.Pure]):
    """(x - mean) / sqrt(variance + epsilon) * scale + bias, with the four given for each channel.

    The channels are the indices on `axis`; a negative one counts from the end. (Ioffe and Szegedy, "Batch
    normalization", 2015; as it is after training.)
    """

    input: Operand[TensorType]
    scale: Operand[TensorType]
    bias: Operand[TensorType]
    mean: Operand[TensorType]
    variance: Operand[TensorType]
    axis: Attribute[c.I64Attr] = 1
    epsilon: Attribute[c.F64Attr] = 1e-5
    result: Result[TensorType]
    assembly_format = (
        "$input `,` $scale `,` $bias `,` $mean `,` $variance (`axis` `=` $axis^)? (`epsilon` `=` $epsilon^)? attr-dict "
        "`:` type($input) `,` type($scale) `,` type($bias) `,` type($mean) `,` type($variance)"
    )
    folds = True

    @staticmethod
    def infer(
        input: TensorType,
        scale: TensorType,
        bias: TensorType,
        mean: TensorType,
        variance: TensorType,
        axis: int,
        epsilon: float,
    ) -> TensorType:
        floats(input, scale=scale, bias=bias, mean=mean, variance=variance)
        of_channels(input, axis, scale=scale, bias=bias, mean=mean, variance=variance)
        check_epsilon(epsilon)
        return input

    @staticmethod
    def evaluate(
        input: Array, scale: Array, bias: Array, mean: Array, variance: Array, axis: int, epsilon: float
    ) -> Array:
        def batch_norm(x: Array, *each: Array) -> Array:
            factor, shift, middle, spread = (along(vector, axis, x.ndim) for vector in each)
            return np.asarray((x - middle) * (factor / np.sqrt(spread + epsilon)) + shift)

        return through_f64(batch_norm, input, scale, bias, mean, variance)


class InstanceNorm(Mo.Operation, name="instance_norm", traits=[t.Pure]):
    """(x - mean) / sqrt(variance + epsilon) * scale + bias, with mean and variance of each instance and channel.

    Axis 0 counts instances, axis 1 channels, of which each has an element of scale and bias; the other dimensions, one
    or more, are averaged over. (Ulyanov, Vedaldi and Lempitsky, "Instance normalization", 2016.)
    """

    input: Operand[TensorType]
    scale: Operand[TensorType]
    bias: Operand[TensorType]
    epsilon: Attribute[c.F64Attr] = 1e-5
    result: Result[TensorType]
    assembly_format = (
        "$input `,` $scale `,` $bias (`epsilon` `=` $epsilon^)? attr-dict "
        "`:` type($input) `,` type($scale) `,` type($bias)"
    )
    folds = True

    @staticmethod
    def infer(input: TensorType, scale: TensorType, bias: TensorType, epsilon: float) -> TensorType:
        floats(input, scale=scale, bias=bias)
        if len(input.shape) < 3:
            raise VerifyError(f"expected an input of rank 3 or more, found {len(input.shape)}")
        of_channels(input, 1, scale=scale, bias=bias)
        check_epsilon(epsilon)
        return input

    @staticmethod
    def evaluate(input: Array, scale: Array, bias: Array, epsilon: float) -> Array:
        def instance_norm(x: Array, factor: Array, shift: Array) -> Array:
            return normalized(x, range(2, x.ndim), epsilon) * along(factor, 1, x.ndim) + along(shift, 1, x.ndim)

        return through_f64(instance_norm, input, scale, bias)


class GroupNorm(Mo.Operation, name="group_norm", traits=[t.Pure]):
    """(x - mean) / sqrt(variance + epsilon) * scale + bias, with mean and variance of each instance and group.

    Axis 0 counts instances, axis 1 channels, of which each has an element of scale and bias. They are cut into `groups`
    runs of equal length: their number is divisible by that, which is compared at run time where it is not known before.
    (Wu and He, "Group normalization", 2018.)
    """

    input: Operand[TensorType]
    scale: Operand[TensorType]
    bias: Operand[TensorType]
    groups: Attribute[c.IntAttr(minimum=1)]
    epsilon: Attribute[c.F64Attr] = 1e-5
    result: Result[TensorType]
    assembly_format = (
        "$input `,` $scale `,` $bias `groups` `=` $groups (`epsilon` `=` $epsilon^)? attr-dict "
        "`:` type($input) `,` type($scale) `,` type($bias)"
    )
    folds = True
    speculatable = may_fail

    @staticmethod
    def infer(input: TensorType, scale: TensorType, bias: TensorType, groups: int, epsilon: float) -> TensorType:
        floats(input, scale=scale, bias=bias)
        of_channels(input, 1, scale=scale, bias=bias)
        channels = input.shape[1]
        if isinstance(channels, int) and channels % groups:
            raise VerifyError(f"expected a number of channels that is divisible by {groups} groups, found {channels}")
        check_epsilon(epsilon)
        return input

    @staticmethod
    def evaluate(input: Array, scale: Array, bias: Array, groups: int, epsilon: float) -> Array:
        if input.shape[1] % groups:
            raise ValueError(f"expected channels divisible by {groups} groups, found {input.shape[1]}")

        def group_norm(x: Array, factor: Array, shift: Array) -> Array:
            grouped = x.reshape(x.shape[0], groups, x.shape[1] // groups, *x.shape[2:])
            result = normalized(grouped, range(2, grouped.ndim), epsilon).reshape(x.shape)
            return result * along(factor, 1, x.ndim) + along(shift, 1, x.ndim)

        return through_f64(group_norm, input, scale, bias)
