# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Inputs and weights belong to the caller: bufferization is told that nothing writes to them."""

from mlir import ir

from mograph.dialects.kit.values import listed
from mograph.targets.cpu.builder import find

WRITERS = ("tensor.insert", "scf.forall")
"""What changes a tensor that it is given; other operations are given new ones."""


def protect_inputs(module: ir.Module) -> None:
    """Marks the tensors that public functions take, so that what would be changed in place is copied first.

    Only where anything is: a loop would copy what it carries even if it only hands it on. An argument that says of
    itself that it may be written to is left alone.
    """
    if not find(module.operation, *WRITERS):
        return
    for function in find(module.operation, "func.func"):
        if "sym_visibility" in function.attributes:
            continue
        inputs = ir.FunctionType(ir.TypeAttr(function.attributes["function_type"]).value).inputs
        given = listed(function.attributes["arg_attrs"]) if "arg_attrs" in function.attributes else [{}] * len(inputs)
        protected = []
        for attributes, type_ in zip(given, inputs, strict=True):
            named = {each.name: each.attr for each in ir.DictAttr(attributes)} if attributes else {}
            if isinstance(type_, ir.RankedTensorType):
                named.setdefault("bufferization.writable", ir.BoolAttr.get(False))
            protected.append(ir.DictAttr.get(named))
        function.attributes["arg_attrs"] = ir.ArrayAttr.get(protected)
