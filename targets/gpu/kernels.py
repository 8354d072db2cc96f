# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From groups of nests and nests alone on memrefs to kernels, and launches in their place."""

from collections.abc import Iterator, Mapping, Sequence

from mlir import ir
from mlir.passmanager import PassManager

from mograph import _native
from mograph.targets.cpu.booleans import lower_booleans
from mograph.targets.cpu.builder import Builder, Descriptor, find
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.groups import each_group
from mograph.targets.cpu.outside import Outside, constants_of
from mograph.targets.cpu.overrides import schedules_of
from mograph.targets.cpu.schedules import making
from mograph.targets.cpu.sizes import check_sizes
from mograph.targets.cpu.weights import Weights
from mograph.targets.gpu.calls import lower_calls
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.group import Coded, Thread
from mograph.targets.gpu.host import Program, declare_program
from mograph.targets.gpu.outline import GLOBAL, Kernels
from mograph.targets.gpu.templates import match
from mograph.targets.gpu.threads import lower_threads

_LEFT = (
    ("scf.forall", "scf-forall-to-for"),
    ("linalg.", "convert-linalg-to-loops"),
    ("affine.", "lower-affine"),
)
"""What bodies may still have, by how its name begins, and the pass that makes loops and arithmetic of it."""


def lower_kernels(module: ir.Module, chip: Chip) -> None:
    """Makes a kernel of every group of nests, `linalg.generic`, `memref.copy` and parallel loop in the module's
    functions, and checks what else they allocate.
    """
    declare_program(module)
    kernels = Kernels(module)
    lower_calls(module, kernels, chip)
    lower_threads(module, kernels)
    check_sizes(module)
    done: list[ir.Operation] = []
    for function in find(module.operation, "func.func"):
        if len(function.regions[0].blocks):
            done += _lower_function(function, chip, kernels)
    for op in done:
        op.erase()
    for prefix, passes in _LEFT:
        if any(name.startswith(prefix) for name in _native.op_names(kernels.operation)):
            PassManager.parse(f"gpu.module({passes})", module.context).run(kernels.operation)
    lower_booleans(module, "gpu.func", GLOBAL)


def _lower_function(function: ir.Operation, chip: Chip, kernels: Kernels) -> list[ir.Operation]:
    constants = constants_of(function)
    program = Program(function)

    def lower(group: Group, b: Builder, op: ir.Operation) -> None:
        with making(*schedules_of(function, op)):
            group.materialize(b)
            coded = match(group, chip)
            if coded is not None:
                launch(coded, group, b)
                return
            for each in _apart(group, b):
                coded = match(each, chip)
                if coded is None:
                    raise ValueError(f"{each.nests[0].op.location}: no template takes a nest")
                launch(coded, each, b)

    def launch(coded: Coded, group: Group, b: Builder) -> None:
        step: Coded | None = coded
        passed: Sequence[ir.Value] = ()
        scratch: list[ir.Value] = []
        while step is not None:
            now, grid = step, step.grid(b)
            passed = grid.passed or passed
            scratch += grid.scratch
            outside = Outside(group, constants, passed)

            def body(inner: Builder, values: Mapping[ir.Value, ir.Value], thread: Thread) -> None:
                now.emit(inner, outside.seen(values, inner), thread)  # noqa: B023  # it is called before the next step

            kernels.launch(b, program.value, grid.name, outside.values, body, grid)
            step = grid.then
        for memref in scratch:
            b.create("memref.dealloc", [], [memref])

    return list(each_group(Weights(function), lower))


def _apart(group: Group, b: Builder) -> Iterator[Group]:
    """The nests of a group one by one, with buffers for what lived in the group only."""
    buffers = {}
    for memref, temp in group.temps.items():
        buffers[memref] = b.buffer(ir.MemRefType(memref.type), list(temp.op.operands))
    for nest in group.nests:
        for access in nest.memory:
            if access.base is None:
                access.base = Descriptor(b, buffers[access.memref]).aligned()
        yield Group([nest], 0, {}, group.symbols, group.weights, group.aligned)
    for buffer in buffers.values():
        b.create("memref.dealloc", [], [buffer])
