# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.parallel`."""

from collections.abc import Callable

from mograph.dialects.kit import Attribute, Operands, Region, Results, VerifyError, wrap_type
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.flow import flows_into
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.types import BufferType, Device, TensorType

__all__ = ["Parallel", "launched"]


class Parallel(Mo.Operation, name="parallel", traits=[t.SingleBlock, t.RecursiveMemoryEffects]):
    """Runs one region once for each of `devices`: the launches, none of which waits for another.

    `inputs` are bundles, one after the other, each with a value for every launch: with two devices, `a0, a1, b0, b1`.
    The region has an argument for each bundle, which stands for the value of its launch. The types in the region are
    those of the first launch, and its device stands for that of any launch: the values of a bundle are of one type but
    for the device, which is the first one's or that of the launch. `outputs` are bundles of what the region yields.
    Dimensions of the results that are names may differ in what is yielded, as of `mo.if`, so that each launch may give
    another extent.

    On the host, launches run one after the other.
    """

    inputs: Operands[c.AnyType]
    devices: Attribute[c.ArrayAttrOf(Device)]
    outputs: Results[c.AnyType]
    body: Region[c.SizedRegion(1, terminator="mo.yield")]
    assembly_format = (
        "(`(` $inputs^ `:` type($inputs) `)`)? `on` $devices (`->` type($outputs)^)? $body attr-dict-with-keyword"
    )

    @staticmethod
    def check(inputs: tuple[object, ...], devices: tuple[Device, ...], outputs: tuple[object, ...]) -> None:
        if not devices:
            raise VerifyError("expected at least one device, found none")
        for kind, group in (("inputs", inputs), ("outputs", outputs)):
            if len(group) % len(devices):
                raise VerifyError(
                    f"expected bundles of {len(devices)} {kind}, one for each device; found {len(group)} in all"
                )

    def verify(self) -> None:
        labels = [device.label for device in self.devices]
        launches = len(labels)
        arguments = [argument.type for argument in self.body.blocks[0].arguments]
        if len(arguments) * launches != len(self.inputs):
            raise self.error(
                f"expected an argument for each bundle, {len(self.inputs) // launches}; found {len(arguments)}"
            )
        for index, value in enumerate(self.inputs):
            bundle, launch = divmod(index, launches)
            wanted = launched(arguments[bundle], labels[0], labels[launch])
            if wrap_type(value.type) != wanted:
                raise self.error(
                    f"expected value {launch} of input bundle {bundle} to be of type {wanted}, found {value.type}"
                )
        yielded = [value.type for value in list(self.body.blocks[0].operations)[-1].operands]
        if len(yielded) * launches != len(self.outputs):
            raise self.error(
                f"expected {len(self.outputs) // launches} values to be yielded, one for each bundle of outputs; "
                f"found {len(yielded)}"
            )
        for index, value in enumerate(self.outputs):
            bundle, launch = divmod(index, launches)
            given = launched(yielded[bundle], labels[0], labels[launch])
            if not flows_into(given, wrap_type(value.type)):
                raise self.error(
                    f"expected value {launch} of output bundle {bundle} to be of type {given}, found {value.type}"
                )

    @staticmethod
    def evaluate(inputs: list[Array], devices: tuple[Device, ...], body: Callable[..., list[Array]]) -> list[Array]:
        launches = len(devices)
        given = [body(*inputs[launch::launches]) for launch in range(launches)]
        return [value for bundle in zip(*given, strict=True) for value in bundle]


def launched(type_: object, first: str, device: str) -> object:
    """A type in the region, whose device is `first`, as the launch on `device` has it."""
    type_ = wrap_type(type_)
    if isinstance(type_, TensorType | BufferType) and type_.device == first:
        return type(type_).get(type_.shape, type_.dtype, device)
    return type_
