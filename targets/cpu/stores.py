# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Calls of functions declared with the attribute `mogg.store` become loops that copy one memref to another."""

from mlir import ir

from mograph.targets.cpu.builder import Builder, find

ATTRIBUTE = "mogg.store"


def lower_stores(module: ir.Module) -> None:
    """Replaces such calls, of a source and a target, and their declarations."""
    functions = find(module.operation, "func.func")
    stores = {
        ir.StringAttr(function.attributes["sym_name"]).value: function
        for function in functions
        if ATTRIBUTE in function.attributes
    }
    for function in functions if stores else ():
        for call in find(function, "func.call"):
            if ir.FlatSymbolRefAttr(call.attributes["callee"]).value in stores:
                with call.location:
                    source, target = call.operands
                    _copy(Builder.before(call, function), source, target, call.location)
                call.erase()
    for function in stores.values():
        function.erase()


def _copy(b: Builder, source: ir.Value, target: ir.Value, location: ir.Location) -> None:
    type_ = ir.MemRefType(source.type)
    identity = ir.AffineMapAttr.get(ir.AffineMap.get_identity(type_.rank))
    attributes = {
        "indexing_maps": ir.ArrayAttr.get([identity, identity]),
        "iterator_types": ir.ArrayAttr.get([ir.Attribute.parse("#linalg.iterator_type<parallel>")] * type_.rank),
        "operandSegmentSizes": ir.DenseI32ArrayAttr.get([1, 1]),
    }
    generic = b.create("linalg.generic", [], [source, target], attributes, regions=1)
    block = ir.Block.create_at_start(generic.regions[0], [type_.element_type] * 2, [location] * 2)
    with b.inside(block):
        b.create("linalg.yield", [], [block.arguments[0]])
