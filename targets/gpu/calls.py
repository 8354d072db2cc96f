# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Calls of functions that targets of GPUs have kernels of their own for."""

from collections.abc import Mapping

from mlir import ir

from mograph.targets.cpu.builder import Builder, find
from mograph.targets.cpu.libraries import ATTRIBUTE
from mograph.targets.cpu.outside import constants_of
from mograph.targets.cpu.overrides import schedules_of
from mograph.targets.cpu.schedules import making
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.group import Thread
from mograph.targets.gpu.host import Program
from mograph.targets.gpu.outline import Kernels
from mograph.targets.gpu.tiles import Tiles, choose

SORT_TILES = "mograph_sort_tiles"
"""`(words…, words…, tile, kept)`: as many memrefs that are given as made, and two constants."""


def lower_calls(module: ir.Module, kernels: Kernels, chip: Chip) -> None:
    """Makes kernels of all calls of these functions, and launches in their place. Raises ValueError, with the place,
    for the call of another function of a library: threads do not call what runs on the host.
    """
    declared = {
        ir.StringAttr(each.attributes["sym_name"]).value: each
        for each in find(module.operation, "func.func")
        if ATTRIBUTE in each.attributes
    }
    if not declared:
        return
    names = {name: _name(each) for name, each in declared.items()}
    for function in find(module.operation, "func.func"):
        constants, program = constants_of(function), Program(function)
        for call in find(function, "func.call"):
            name = names.get(ir.FlatSymbolRefAttr(call.attributes["callee"]).value)
            if name == SORT_TILES:
                with call.location, making(*schedules_of(function, call)):
                    _sort(Builder.before(call, function), call, constants, kernels, program, chip)
                call.erase()
            elif name is not None:
                raise ValueError(f"{call.location}: function {name!r} of a library, which devices cannot call")
    for each in declared.values():
        each.erase()


def _name(function: ir.Operation) -> str:
    name: str = ir.StringAttr(ir.DictAttr(function.attributes[ATTRIBUTE])["function"]).value
    return name


def _sort(
    b: Builder,
    call: ir.Operation,
    constants: Mapping[ir.Value, ir.Attribute],
    kernels: Kernels,
    program: Program,
    chip: Chip,
) -> None:
    *memrefs, tile, kept = call.operands
    half = len(memrefs) // 2
    size, first = (int(ir.IntegerAttr(constants[each]).value) for each in (tile, kept))
    tiles = Tiles(memrefs[:half], memrefs[half:], size, first, choose(size, chip))
    grid, passed = tiles.launch(b)

    def body(inner: Builder, values: Mapping[ir.Value, ir.Value], thread: Thread) -> None:
        tiles.emit(inner, values, passed, thread)

    kernels.launch(b, program.value, "sort_tiles", passed, body, grid)
