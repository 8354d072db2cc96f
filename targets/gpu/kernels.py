# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From groups of nests and nests alone on memrefs to kernels, and launches in their place."""

from collections.abc import Mapping

from mlir import ir

from mograph.targets.cpu.builder import Builder, find
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.groups import each_group
from mograph.targets.cpu.outside import Outside, constants_of
from mograph.targets.cpu.weights import Weights
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.group import Thread
from mograph.targets.gpu.host import Program
from mograph.targets.gpu.outline import Kernels
from mograph.targets.gpu.templates import match


def lower_kernels(module: ir.Module, chip: Chip) -> None:
    """Makes a kernel of every group of nests, `linalg.generic` and `memref.copy` in the module's functions."""
    kernels = Kernels(module)
    done: list[ir.Operation] = []
    for function in find(module.operation, "func.func"):
        if len(function.regions[0].blocks):
            done += _lower_function(function, chip, kernels)
    for op in done:
        op.erase()


def _lower_function(function: ir.Operation, chip: Chip, kernels: Kernels) -> list[ir.Operation]:
    constants = constants_of(function)
    program = Program(function)

    def lower(group: Group, b: Builder, op: ir.Operation) -> None:
        group.materialize(b)
        coded = match(group, chip)
        if coded is None:
            raise ValueError("no template takes a group that has been formed")
        grid = coded.grid(b)
        outside = Outside(group, constants, grid.passed)

        def body(inner: Builder, values: Mapping[ir.Value, ir.Value], thread: Thread) -> None:
            coded.emit(inner, outside.seen(values, inner), thread)

        kernels.launch(b, program.value, "kernel", outside.values, body, grid)

    return each_group(Weights(function), lower)
