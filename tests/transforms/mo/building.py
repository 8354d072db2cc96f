# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Graphs made of the classes of operations, as text."""

from collections.abc import Callable, Sequence
from typing import Any

from mlir import ir

from mograph.dialects.kit import Dim, new_context
from mograph.dialects.mo import Graph, Output, TensorType


def tensor(shape: Sequence["int | str"], dtype: str = "f32") -> Any:
    """The type of tensors of a shape, whose names are texts."""
    return TensorType.get([Dim.parse(dim) for dim in shape], ir.Type.parse(dtype))


def graph(inputs: Sequence[tuple[Sequence["int | str"], str]], make: Callable[..., Sequence[Any]]) -> str:
    """The text of a module with a model @f of inputs, given by shape and dtype, and the results that `make` gives."""
    with new_context("mo"), ir.Location.unknown():
        module = ir.Module.create()
        with ir.InsertionPoint(module.body):
            types = [tensor(shape, dtype) for shape, dtype in inputs]
            model = Graph.build(sym_name="f", function_type=ir.TypeAttr.get(ir.FunctionType.get(types, [])))
            block = model.body.blocks.append(*types)
            with ir.InsertionPoint(block):
                results = list(make(*block.arguments))
                type_ = ir.FunctionType.get(types, [value.type for value in results])
                model.operation.attributes["function_type"] = ir.TypeAttr.get(type_)
                Output.build(results)
        assert module.operation.verify()
        return str(module)
