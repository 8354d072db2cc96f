# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From groups of nests and nests alone on memrefs to vector code, run on all cores where the work repays it.

Small work of known size is expanded in place. Everything else becomes a function over a range of items, which is handed
to the thread pool together with an estimate of its cost; the pool decides at run time. What the analysis cannot express
stays a `linalg.generic` for upstream's conversion to loops.
"""

from collections.abc import Mapping

from mlir import ir

from mograph.targets.cpu.builder import Builder, find, walk
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.groups import REGION, copy_as_generic, group_of, read_group
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import Access, Seen
from mograph.targets.cpu.outline import Outliner
from mograph.targets.cpu.overrides import schedules_of
from mograph.targets.cpu.schedules import making
from mograph.targets.cpu.streams import aligned_memrefs
from mograph.targets.cpu.templates import match
from mograph.targets.cpu.weights import Weights, prepare_weights, weights_of


def lower_kernels(module: ir.Module, machine: Machine) -> None:
    """Replaces every group of nests, `linalg.generic` and `memref.copy` in the module's functions that can be expressed
    as loops.
    """
    outliner = Outliner(module)
    weights = weights_of(module)
    done = [op for each in weights.values() for op in _lower_function(each, machine, outliner)]
    prepare_weights(module, outliner, weights)
    for op in done:  # only now: insertion points may refer to them, and what prepares weights to their bodies
        op.erase()


def _lower_function(weights: Weights, machine: Machine, outliner: Outliner) -> list[ir.Operation]:
    """Makes the code of a function's groups; returns the operations that it takes the place of."""
    function = weights.function
    ops = find(function, "linalg.generic", "memref.copy", REGION)
    if not ops:
        return []
    constants: dict[ir.Value, ir.Attribute] = {}

    def note(op: ir.Operation) -> None:
        if op.name == "arith.constant":
            constants[op.results[0]] = op.attributes["value"]

    walk(function, note)
    aligned = aligned_memrefs(function)
    b = Builder.before(ops[0], function)
    done = []
    for op in ops:
        if op.name == "linalg.generic" and op.parent.name == REGION:
            continue
        with op.location:
            b.at = ir.InsertionPoint(op)
            if op.name == REGION:
                group: Group | None = read_group(op, aligned, weights)
            else:
                generic = op if op.name == "linalg.generic" else copy_as_generic(op)
                b.at = ir.InsertionPoint(generic)
                group = group_of([generic], (), (), aligned, weights)
                if group is not None and generic != op:
                    done.append(generic)
            if group is not None or op.name == "memref.copy":
                done.append(op)
            if group is not None:
                with making(*schedules_of(function, op)):
                    _lower(group, b, constants, machine, outliner)
    return done


def _lower(
    group: Group, b: Builder, constants: Mapping[ir.Value, ir.Attribute], machine: Machine, outliner: Outliner
) -> None:
    """Makes the code of a group, with `b` creating before it; `constants` are those of its function."""
    group.materialize(b)
    coded = match(group, machine)
    if coded is None:
        raise ValueError("no template takes a group that has been formed")
    work = coded.work(b)
    symbols = group.symbols.values

    def seen(values: Mapping[ir.Value, ir.Value], inner: Builder) -> list[Seen]:
        """The values of all nests, by what those outside are called where `inner` creates."""

        def base(access: Access | ir.Value) -> ir.Value | None:
            value = access.base if isinstance(access, Access) else access
            if value is None:
                return None
            return inner.constant(value.type, constants[value]) if value in constants else values.get(value, value)

        named = [values.get(value, value) for value in symbols]
        return [
            Seen(
                [base(access) for access in nest.accesses],
                named,
                {v: constants[v] if v in constants else values.get(v, v) for v in nest.captured},
                passed=[values.get(value, value) for value in work.passed],
            )
            for nest in group.nests
        ]

    if work.in_place:
        coded.emit(b, seen({}, b), 0, work.items)
        return
    bases = [access.base if isinstance(access, Access) else access for nest in group.nests for access in nest.accesses]
    used = [*bases, *symbols, *work.passed, *(value for nest in group.nests for value in nest.captured)]
    passed = [value for value in dict.fromkeys(used) if value is not None and value not in constants]

    def body(inner: Builder, values: Mapping[ir.Value, ir.Value], lo: ir.Value, hi: ir.Value) -> None:
        coded.emit(inner, seen(values, inner), lo, hi)

    outliner.launch(b, passed, body, work.items, work.unit, work.picoseconds, work.serial)
    if work.finish is not None:
        work.finish(b)
