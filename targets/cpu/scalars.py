# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rank-0 tensors become scalars: as operands of elementwise operations, and where loops and branches carry them.

A loop counter or a tolerance then lives in a register instead of in a buffer that each iteration allocates. Constants
that repeat one number become fills, so that the object file does not hold them.
"""

import math

from mlir import ir

from mograph.targets.cpu.builder import Builder, find, operations, parallel_loops, walk
from mograph.targets.cpu.forms import iterator_types

CARRIERS = ("scf.while", "scf.if", "scf.for")


def scalarize(module: ir.Module) -> None:
    """Rewrites the module's functions so that rank-0 tensors are scalars inside them."""
    for function in find(module.operation, "func.func"):
        if len(function.regions[0].blocks):
            _inline_rank_zero(function)
            for op in reversed(find(function, *CARRIERS)):
                _carry_scalars(op, function)


def _scalar(type_: ir.Type) -> ir.Type | None:
    """The element type of a rank-0 tensor type."""
    if isinstance(type_, ir.RankedTensorType) and type_.rank == 0:
        element: ir.Type = type_.element_type
        return element
    return None


def _extract(b: Builder, value: ir.Value) -> ir.Value:
    element = _scalar(value.type)
    return value if element is None else b.one("tensor.extract", element, value)


def _inline_rank_zero(function: ir.Operation) -> None:
    """A `linalg.generic` without loops is its body."""
    for op in find(function, "linalg.generic"):
        if iterator_types(op) or not len(op.results):
            continue
        with op.location:
            b = Builder.before(op, function)
            body = op.regions[0].blocks[0]
            inner = operations(body, op)
            for argument, operand in zip(body.arguments, op.operands, strict=True):
                argument.replace_all_uses_with(_extract(b, operand))
            for body_op in inner[:-1]:
                body_op.move_before(op)
            for result, value in zip(op.results, inner[-1].operands, strict=True):
                result.replace_all_uses_with(b.one("tensor.from_elements", result.type, value))
        op.erase()


def _carry_scalars(op: ir.Operation, function: ir.Operation) -> None:
    """Makes a structured operation carry scalars instead of rank-0 tensors."""
    if not any(_scalar(value.type) for value in [*op.operands, *op.results]):
        return
    with op.location:
        b = Builder.before(op, function)
        results = [_scalar(result.type) or result.type for result in op.results]
        attributes = {name: op.attributes[name] for name in op.attributes}
        new = b.create(
            op.name, results, [_extract(b, value) for value in op.operands], attributes, regions=len(op.regions)
        )
        for old_region, new_region in zip(op.regions, new.regions, strict=True):
            while len(old_region.blocks):
                block = old_region.blocks[0]
                block.append_to(new_region)
                _scalar_block(block, new, function)
        b.at = ir.InsertionPoint(op)
        for old, fresh in zip(op.results, new.results, strict=True):
            old.replace_all_uses_with(
                fresh if old.type == fresh.type else b.one("tensor.from_elements", old.type, fresh)
            )
    op.erase()


def _scalar_block(block: ir.Block, parent: ir.Operation, function: ir.Operation) -> None:
    ops = operations(block, parent)
    b = Builder.before(ops[0], function)
    for argument in block.arguments:
        element = _scalar(argument.type)
        if element is not None:
            tensor = argument.type
            argument.set_type(element)
            wrapped = b.create("tensor.from_elements", [tensor], [argument])
            argument.replace_all_uses_except(wrapped.results[0], wrapped)
    terminator = ops[-1]
    b.at = ir.InsertionPoint(terminator)
    for number, value in enumerate(terminator.operands):
        terminator.operands[number] = _extract(b, value)


def fill_splats(module: ir.Module) -> None:
    """Constants of more than a few elements that repeat one number are made at run time."""
    splats: list[ir.Operation] = []

    def visit(op: ir.Operation) -> None:
        if op.name == "arith.constant" and isinstance(op.results[0].type, ir.RankedTensorType):
            value = op.attributes["value"]
            if isinstance(value, ir.DenseElementsAttr) and value.is_splat and math.prod(op.results[0].type.shape) > 16:
                splats.append(op)

    walk(module.operation, visit)
    for op in splats:
        with op.location:
            b = Builder(ir.InsertionPoint(op), start=ir.InsertionPoint(op))
            op.results[0].replace_all_uses_with(_filled(b, op))
        op.erase()


def _filled(b: Builder, constant: ir.Operation) -> ir.Value:
    """A tensor like the constant. Not by `tensor.splat`, which folds to a constant again."""
    type_ = ir.RankedTensorType(constant.results[0].type)
    scalar = b.constant(type_.element_type, ir.DenseElementsAttr(constant.attributes["value"]).get_splat_value())
    maps = [ir.AffineMap.get(type_.rank, 0, []), ir.AffineMap.get_identity(type_.rank)]
    attributes = {
        "indexing_maps": ir.ArrayAttr.get([ir.AffineMapAttr.get(map_) for map_ in maps]),
        "iterator_types": parallel_loops(type_.rank),
        "operandSegmentSizes": ir.DenseI32ArrayAttr.get([1, 1]),
    }
    generic = b.create("linalg.generic", [type_], [scalar, b.one("tensor.empty", type_)], attributes, regions=1)
    block = ir.Block.create_at_start(generic.regions[0], [type_.element_type] * 2, [constant.location] * 2)
    with b.inside(block):
        b.create("linalg.yield", [], [block.arguments[0]])
    return generic.results[0]
