# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the normalisations share: rules on their operands, and the means of their references."""

from collections.abc import Sequence

from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["along", "check_epsilon", "floats", "normalized", "of_channels", "spreads"]


def floats(input: TensorType, **others: "TensorType | None") -> None:
    """An error unless `input` and the others that are there are floats of one dtype on one device."""
    present = {"input": input, **{name: other for name, other in others.items() if other is not None}}
    dtypes.require(dtypes.FLOAT, input.dtype)
    rules.same_dtype(**present)
    rules.same_device(**present)


def check_epsilon(epsilon: float) -> None:
    """An error unless `epsilon` is 0 or more."""
    if not epsilon >= 0:
        raise VerifyError(f"expected epsilon to be 0 or more, found {epsilon}")


def of_channels(input: TensorType, axis: int, **others: TensorType) -> None:
    """An error unless each of the others has an element for each index on `axis` of the input."""
    channels = input.shape[shapes.axis_index(axis, len(input.shape))]
    for name, other in others.items():
        if tuple(other.shape) != (channels,):
            hint = "" if shapes.static((channels, *other.shape)) else "; mo.rebind asserts that they are equal"
            raise VerifyError(
                f"expected {name} of shape [{channels}], as axis {axis} of the input {shapes.text(input.shape)}; "
                f"found {shapes.text(other.shape)}" + hint
            )


def spreads(name: str, operand: "TensorType | None", input: TensorType) -> None:
    """An error unless `operand`, where it is there, broadcasts to the shape of the input."""
    if operand is None:
        return
    if shapes.broadcast(input.shape, operand.shape) != tuple(input.shape):
        raise VerifyError(
            f"expected {name} to broadcast to the shape of the input, {shapes.text(input.shape)}; "
            f"found {shapes.text(operand.shape)}"
        )


def along(values: Array, axis: int, rank: int) -> Array:
    """The vector `values` as a tensor of this rank that varies along `axis`."""
    return values.reshape([-1 if i == axis % rank else 1 for i in range(rank)])


def normalized(values: Array, axes: Sequence[int], epsilon: float) -> Array:
    """(values - mean) / sqrt(variance + epsilon), of the means and variances over `axes`."""
    with np.errstate(invalid="ignore", divide="ignore"):
        count = np.prod([values.shape[axis] for axis in axes])
        centred = values - np.sum(values, axis=tuple(axes), keepdims=True) / count
        variance = np.sum(centred * centred, axis=tuple(axes), keepdims=True) / count
        return np.asarray(centred / np.sqrt(variance + epsilon))
