# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Signatures: what an entry takes and gives, as plain data and as the attribute that carries it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import mlir.ir as ir

from mograph._records import record
from mograph.dialects.kit.values import listed
from mograph.transforms.lower.builder.dims import in_python
from mograph.transforms.mogg._types import TensorInfo

__all__ = ["ATTRIBUTE", "Argument", "EntrySignature", "argument"]

ATTRIBUTE = "mogg.signature"
"""What the attribute is called on a function of upstream."""


@record
class Argument:
    """An input, weight or output: `dims` are integers, or texts of expressions of names with + - * // % max() min().

    An input that is `mutable` is a buffer.
    """

    name: str
    dtype: str
    dims: tuple[int | str, ...]
    device: str = "cpu"
    mutable: bool = False


@record
class EntrySignature:
    """What the entry `name` takes, inputs and then weights, and what it gives."""

    name: str
    inputs: tuple[Argument, ...]
    weights: tuple[Argument, ...]
    outputs: tuple[Argument, ...]

    def attribute(self, context: Any) -> Any:
        """As a dictionary attribute with the keys `inputs`, `weights`, `outputs`."""
        groups = {key: getattr(self, key) for key in ("inputs", "weights", "outputs")}
        arrays = {
            key: ir.ArrayAttr.get([_as_attribute(each, context) for each in group], context=context)
            for key, group in groups.items()
        }
        return ir.DictAttr.get(arrays, context=context)

    @staticmethod
    def read(name: str, attribute: Any) -> EntrySignature:
        """The signature of the entry `name` that `attribute` holds."""
        groups = ir.DictAttr(attribute)
        inputs, weights, outputs = (
            tuple(_from_attribute(ir.DictAttr(each)) for each in listed(groups[key]))
            for key in ("inputs", "weights", "outputs")
        )
        return EntrySignature(name, inputs, weights, outputs)


def argument(name: str, info: TensorInfo) -> Argument:
    """The argument called `name` of this type; `i1` is called bool."""
    dims = (dim if isinstance(dim, int) else in_python(dim) for dim in info.shape)
    return Argument(name, "bool" if info.dtype == "i1" else info.dtype, tuple(dims), info.device, info.mutable)


def _as_attribute(each: Argument, context: Any) -> Any:
    i64 = ir.IntegerType.get_signless(64, context=context)

    def text(value: str) -> Any:
        return ir.StringAttr.get(value, context=context)

    dims: Iterable[Any] = (ir.IntegerAttr.get(i64, dim) if isinstance(dim, int) else text(dim) for dim in each.dims)
    fields = {
        "name": text(each.name),
        "dtype": text(each.dtype),
        "dims": ir.ArrayAttr.get(list(dims), context=context),
        "device": text(each.device),
    }
    if each.mutable:
        fields["mutable"] = ir.UnitAttr.get(context=context)
    return ir.DictAttr.get(fields, context=context)


def _from_attribute(fields: Any) -> Argument:
    name, dtype, device = (ir.StringAttr(fields[key]).value for key in ("name", "dtype", "device"))
    dims = (
        ir.IntegerAttr(dim).value if isinstance(dim, ir.IntegerAttr) else ir.StringAttr(dim).value
        for dim in listed(fields["dims"])
    )
    return Argument(name, dtype, tuple(dims), device, "mutable" in fields)
