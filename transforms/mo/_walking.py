# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Going through graphs: operations in the order of the text, with what is nested in them."""

from collections.abc import Iterable, Iterator
from typing import Any

from mograph import _native

__all__ = [
    "block_of",
    "blocks_in",
    "body_of",
    "graphs_in",
    "nested",
    "operations",
    "terminator",
    "values_in",
    "visible",
]


def operations(op: Any) -> Iterator[Any]:
    """The operations inside `op`, each before what is nested in it."""
    for each in _native.ops_in(op.operation):
        yield each.opview


def nested(ops: Iterable[Any]) -> Iterator[Any]:
    """Operations with what is nested in them."""
    for op in ops:
        yield op
        yield from operations(op)


def values_in(op: Any) -> Iterator[Any]:
    """All results and arguments of blocks inside `op`."""
    for region in op.operation.regions:
        for block in region.blocks:
            yield from block.arguments
            for each in block.operations:
                yield from each.operation.results
                yield from values_in(each)


def graphs_in(module: Any) -> dict[str, Any]:
    """The graphs of a module by symbol."""
    block = module.operation.regions[0].blocks[0]
    return {op.sym_name: op for op in block.operations if op.operation.name == "mo.graph"}


def block_of(region: Any) -> Any:
    """The only block of a region."""
    return region.blocks[0]


def terminator(block: Any) -> Any:
    """The last operation of a block."""
    return block.operations[len(block.operations) - 1]


def blocks_in(op: Any) -> Iterator[Any]:
    """The blocks inside `op`, each before those nested in it."""
    for region in op.operation.regions:
        for block in region.blocks:
            yield block
            for each in block.operations:
                yield from blocks_in(each)


def body_of(block: Any) -> list[Any]:
    """The operations right in `block`, but its terminator."""
    return list(block.operations)[:-1]


def visible(op: Any) -> Iterator[Any]:
    """The values that are there before `op`, of its block and of those around it, up to the graph."""
    at = op.operation
    while at.name != "mo.graph":
        block = at.block
        yield from block.arguments
        for each in block.operations:
            if each.operation == at:
                break
            yield from each.operation.results
        at = at.parent.operation
