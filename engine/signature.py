# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Signatures: what a model takes and gives, read off its graph or off JSON, and printed."""

from collections.abc import Mapping
from typing import Any

from mograph.targets.signature import Arg, Signature

__all__ = ["Arg", "Signature", "choose", "describe", "from_json", "to_json"]


def to_json(signature: Signature) -> dict[str, Any]:
    """The signature as values that JSON has: a dimension is a number, or the text of an expression of names."""
    groups = {"inputs": signature.inputs, "weights": signature.weights, "outputs": signature.outputs}
    return {"name": signature.name, **{key: [_arg_to_json(arg) for arg in args] for key, args in groups.items()}}


def from_json(data: Mapping[str, Any]) -> Signature:
    """The signature that `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    inputs, weights, outputs = (tuple(map(_arg_from_json, data[key])) for key in ("inputs", "weights", "outputs"))
    return Signature(str(data["name"]), inputs, weights, outputs)


def describe(signature: Signature) -> str:
    """Several lines to read: the name, then each input, weight and output with its type."""
    lines = [signature.name]
    for title, args in (("input", signature.inputs), ("weight", signature.weights), ("output", signature.outputs)):
        lines += [f"  {title:7}{arg}" + (f" on {arg.device}" if arg.device != "cpu" else "") for arg in args]
    return "\n".join(lines)


def choose(signatures: Mapping[str, Signature], graph: str | None) -> Signature:
    """The signature of a model, by name where there are several. Raises ValueError that lists the names."""
    names = ", ".join(signatures)
    if graph is None:
        if len(signatures) != 1:
            raise ValueError(f"the module has {len(signatures)} models, of which one must be named: {names}")
        return next(iter(signatures.values()))
    if graph not in signatures:
        raise ValueError(f"the module has no model {graph!r}; there are: {names}")
    return signatures[graph]


def _arg_to_json(arg: Arg) -> dict[str, Any]:
    fields = {"name": arg.name, "dtype": arg.dtype, "dims": list(arg.dims), "device": arg.device}
    return {**fields, "mutable": True} if arg.mutable else fields


def _arg_from_json(data: Mapping[str, Any]) -> Arg:
    dims = tuple(data["dims"])
    if not all(isinstance(dim, (int, str)) for dim in dims):
        raise ValueError(f"{data['name']}: expected dimensions that are numbers or texts, found {dims}")
    mutable = bool(data.get("mutable", False))
    return Arg(str(data["name"]), str(data["dtype"]), dims, str(data["device"]), mutable)
