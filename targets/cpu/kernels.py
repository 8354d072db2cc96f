# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From groups of nests and nests alone on memrefs to vector code, run on all cores where the work repays it.

Small work of known size is expanded in place. Everything else becomes a function over a range of items, which is handed
to the thread pool together with an estimate of its cost; the pool decides at run time. What the analysis cannot express
stays a `linalg.generic` for upstream's conversion to loops.
"""

from collections.abc import Iterator, Mapping

from mlir import ir

from mograph.targets.cpu.builder import Builder
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.groups import each_group
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.outline import Outliner
from mograph.targets.cpu.outside import Outside, constants_of
from mograph.targets.cpu.overrides import schedules_of
from mograph.targets.cpu.schedules import making
from mograph.targets.cpu.templates import match
from mograph.targets.cpu.weights import Weights, prepare_weights, weights_of


def lower_kernels(module: ir.Module, machine: Machine) -> Iterator[ir.Operation]:
    """Replaces every group of nests, `linalg.generic` and `memref.copy` in the module's functions that can be expressed
    as loops. Gives functions that it has made for them, each as soon as it is done.
    """
    outliner = Outliner(module)
    weights = weights_of(module)
    replaced: list[ir.Operation] = []
    for each in weights.values():
        for op in _lower_function(each, machine, outliner):
            replaced.append(op)
            made, outliner.made = outliner.made, []
            yield from made
    prepare_weights(module, outliner, weights)
    for op in replaced:  # only now: insertion points may refer to them, and what prepares weights to their bodies
        op.erase()


def _lower_function(weights: Weights, machine: Machine, outliner: Outliner) -> Iterator[ir.Operation]:
    """Makes the code of a function's groups; gives the operations that it takes the place of."""
    function = weights.function
    constants = constants_of(function)

    def lower(group: Group, b: Builder, op: ir.Operation) -> None:
        with making(*schedules_of(function, op)):
            _lower(group, b, constants, machine, outliner)

    return each_group(weights, lower)


def _lower(
    group: Group, b: Builder, constants: Mapping[ir.Value, ir.Attribute], machine: Machine, outliner: Outliner
) -> None:
    """Makes the code of a group, with `b` creating before it; `constants` are those of its function."""
    group.materialize(b)
    coded = match(group, machine)
    if coded is None:
        raise ValueError("no template takes a group that has been formed")
    work = coded.work(b)
    outside = Outside(group, constants, work.passed)
    if work.in_place:
        coded.emit(b, outside.seen({}, b), 0, work.items)
        return

    def body(inner: Builder, values: Mapping[ir.Value, ir.Value], lo: ir.Value, hi: ir.Value) -> None:
        coded.emit(inner, outside.seen(values, inner), lo, hi)

    outliner.launch(b, outside.values, body, work.items, work.unit, work.picoseconds, work.serial)
    if work.finish is not None:
        work.finish(b)
