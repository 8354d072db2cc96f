# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.shard_and_stack`."""

from mograph.dialects.kit import Attribute, Operands, Results, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import is_static
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import HOST, Device, TensorType

__all__ = ["ShardAndStack", "shard_and_stack"]


class ShardAndStack(Mo.Operation, name="shard_and_stack", traits=[t.Pure]):
    """The inputs' slices for each device, stacked: the layout of a mixture of experts' weights, split over devices.

    I inputs of equal shape and dtype lie on the host; N devices, of which some may be the same, are listed in
    `devices`. There is a result for each: result d, on device d, has the shape `[I, .., D / N, ..]`, where D is the
    inputs' extent on `axis` (negative: from the end), which N divides. Its element j is slice d of input j, the
    elements d * D / N to (d + 1) * D / N of the axis.

    With outer and inner the products of the extents before and after the axis, and seg = D / N * inner, in row-major
    memory: `result_d[j * outer * seg + o * seg + i] = input_j[o * D * inner + d * seg + i]` for i below seg.
    """

    inputs: Operands[TensorType]
    axis: Attribute[c.I64Attr]
    devices: Attribute[c.ArrayAttrOf(Device)]
    outputs: Results[TensorType]
    assembly_format = (
        "`(` $inputs `)` `axis` `=` $axis `devices` `=` $devices attr-dict `:` custom<Types>(type($inputs))"
    )
    speculatable = is_static

    @staticmethod
    def infer(inputs: tuple[TensorType, ...], axis: int, devices: tuple[Device, ...]) -> list[TensorType]:
        if not inputs:
            raise VerifyError("expected one input or more, found none")
        if not devices:
            raise VerifyError("expected one device or more, found none")
        first = inputs[0]
        for what in ("device", "dtype", "shape"):
            for index, input in enumerate(inputs):
                if getattr(input, what) != getattr(first, what):
                    raise VerifyError(
                        f"expected inputs of equal {what}, found {first} and {input} for inputs 0 and {index}"
                    )
        along = shapes.axis_index(axis, len(first.shape))
        if first.device != HOST:
            raise VerifyError(f"expected inputs on the host, {HOST}; found them on {first.device}")
        extent, parts = first.shape[along], len(devices)
        rest = extent % parts
        if isinstance(rest, int) and rest:
            raise VerifyError(
                f"expected an extent on axis {axis} that the number of devices, {parts}, divides; "
                f"found {extent} in {shapes.text(first.shape)}"
            )
        shape = (len(inputs), *first.shape[:along], extent // parts, *first.shape[along + 1 :])
        return [TensorType.get(shape, first.dtype, device.label) for device in devices]

    @staticmethod
    def evaluate(inputs: list[Array], axis: int, devices: tuple[Device, ...]) -> list[Array]:
        return shard_and_stack(inputs, axis, len(devices))


def shard_and_stack(inputs: list[Array], axis: int, parts: int) -> list[Array]:
    """What each of `parts` devices gets of the arrays `inputs`; `ValueError` when they cannot be divided."""
    extent = inputs[0].shape[axis]
    if extent % parts:
        raise ValueError(
            f"mo.shard_and_stack: expected {parts} devices to divide the extent on axis {axis}, found {extent}"
        )
    return list(map(np.stack, zip(*(np.split(each, parts, axis=axis) for each in inputs), strict=True)))
