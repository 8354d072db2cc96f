# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Forms groups of neighbouring nests, before it is planned where buffers live.

The nests of a group are moved into one `scf.execute_region`, whose attribute `mograph.group` lists the loops that they
share, and the buffers that only they use become `memref.alloca` in it: what is left of those is up to the code of the
group. A group is formed of
the longest sequence of nests that share loops and that a template takes.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

from mlir import ir

from mograph.targets.cpu.alignment import Axis, Buffers, Run, note_callers
from mograph.targets.cpu.builder import DYNAMIC, Builder, blocks_of, find, operations, parallel_loops
from mograph.targets.cpu.flow import VIEWS
from mograph.targets.cpu.forms import Forms
from mograph.targets.cpu.group import Group, Temp
from mograph.targets.cpu.nest import ONE, Product, Symbols, Word, describe, simplify
from mograph.targets.cpu.streams import aligned_memrefs
from mograph.targets.cpu.versions import split_versions
from mograph.targets.cpu.weights import Weights, weights_of

REGION, GROUP = "scf.execute_region", "mograph.group"
LONGEST, MOST_WAITING = 24, 8  # nests in a group, and such as wait to become part of it

MOVABLE = ("arith.", "math.", "affine.", "index.", "complex.")
"""Prefixes of operations that neither read nor write memory; so are views and what is known of a memref's shape."""
STILL = VIEWS | {"memref.alloc", "memref.dim", "memref.get_global"}


def form_groups(module: ir.Module, takes: Callable[[Group], bool]) -> None:
    """Puts every group of the module's functions that `takes` says yes to into a region of its own."""
    for copy in find(module.operation, "memref.copy"):
        if copy.operands[0] != copy.operands[1]:
            with copy.location:
                copy_as_generic(copy)
        copy.erase()
    functions = weights_of(module)
    buffers = {name: Buffers(weights.function) for name, weights in functions.items()}
    note_callers(module, buffers)
    for name, weights in functions.items():
        if len(find(weights.function, "linalg.generic")) > 1:
            _Function(weights, buffers[name], takes).run()


def copy_as_generic(copy: ir.Operation) -> ir.Operation:
    """A nest before a `memref.copy` that does the same."""
    source, target = copy.operands
    type_ = ir.MemRefType(source.type)
    identity = ir.AffineMapAttr.get(ir.AffineMap.get_identity(type_.rank))
    generic = ir.Operation.create(
        "linalg.generic",
        operands=[source, target],
        attributes={
            "indexing_maps": ir.ArrayAttr.get([identity, identity]),
            "iterator_types": parallel_loops(type_.rank),
            "operandSegmentSizes": ir.DenseI32ArrayAttr.get([1, 1]),
        },
        regions=1,
        ip=ir.InsertionPoint(copy),
    )
    block = ir.Block.create_at_start(generic.regions[0], [type_.element_type] * 2, [copy.location] * 2)
    ir.Operation.create("linalg.yield", operands=[block.arguments[0]], ip=ir.InsertionPoint(block))
    return generic


def group_of(
    ops: Sequence[ir.Operation],
    axes: Sequence[Axis],
    locals_: Sequence[ir.Operation],
    aligned: Collection[ir.Value],
    weights: Weights,
    forms: Forms | None = None,
) -> Group | None:
    """The group of nests that share `axes`, where only they use what `locals_` allocate; None when one cannot be
    described. `aligned` are the memrefs that start with a line of the cache, `weights` are those of the function,
    `forms` remembers the forms of nests.
    """
    group = Group([], 0, {}, Symbols(), weights, aligned)
    forms, sizes = forms or Forms(), dict[tuple[ir.Value, int], Product]()
    for number, op in enumerate(ops):
        known = {axis[number]: group.nests[0].loops[axis[0]].extent for axis in axes} if number else {}
        asked = _unknown_sizes(op, forms)
        known = {**{loop: sizes[place] for place, loop in asked.items() if place in sizes}, **known}
        nest = describe(op, group.symbols, known, forms)
        if nest is None:
            return None
        group.nests.append(nest)
        for place, loop in asked.items():
            sizes.setdefault(place, nest.loops[loop].extent)
    for alloc in locals_:
        memref, type_ = alloc.results[0], ir.MemRefType(alloc.results[0].type)
        elements = ONE
        for dim in range(len(axes), type_.rank):
            size = type_.shape[dim]
            elements *= Product(size) if size != DYNAMIC else group.symbols.add(Word(memref, "size", dim))
        group.temps[memref] = Temp(alloc, type_.element_type, elements)
    group.shared = simplify(group.nests, axes)
    return group


def _unknown_sizes(op: ir.Operation, forms: Forms) -> dict[tuple[ir.Value, int], int]:
    """The dimensions of memrefs whose extents are not known and are those of a loop of a nest, and which loop."""
    form = forms.of(op)
    loops = {loop for loop, extent in enumerate(form.extents) if not isinstance(extent, int)}
    if not loops:
        return {}
    pairs = zip(op.operands, form.indices, form.layouts, strict=True)
    return {
        (operand, position): index.loop
        for operand, indices, layout in pairs
        if layout is not None
        for position, index in enumerate(indices)
        if index.loop in loops and index.loop is not None
    }


def each_group(weights: Weights, lower: Callable[[Group, Builder, ir.Operation], None]) -> Iterator[ir.Operation]:
    """Calls `lower` with every group of nests, nest alone and copy of a function, with a builder before it and the
    operation that stands for it. Gives these operations, for which there is code then, and which are to be erased when
    all have been given; what cannot be described is left as it is.
    """
    function = weights.function
    ops = find(function, "linalg.generic", "memref.copy", REGION)
    if not ops:
        return
    aligned = aligned_memrefs(function)
    b = Builder.before(ops[0], function)
    for op in ops:
        if op.name == "linalg.generic" and op.parent.name == REGION:
            continue
        with op.location:
            nests = copy_as_generic(op) if op.name == "memref.copy" else op
            b.at = ir.InsertionPoint(nests)
            if op.name == REGION:
                group: Group | None = read_group(op, aligned, weights)
            else:
                group = group_of([nests], (), (), aligned, weights)
            if group is not None:
                lower(group, b, op)
        if group is not None:
            yield nests
        if nests != op:
            yield op


class _Function:
    def __init__(self, weights: Weights, buffers: Buffers, takes: Callable[[Group], bool]) -> None:
        self.weights, self.buffers, self.takes = weights, buffers, takes
        self.function = function = weights.function
        self.aligned = aligned_memrefs(function)
        self.forms = Forms()
        self.allocs = {op.results[0]: op for op in find(function, "memref.alloc")}

    def run(self) -> None:
        blocks: list[tuple[ir.Block, ir.Operation]] = [(self.function.regions[0].blocks[0], self.function)]
        while blocks:
            block, parent = blocks.pop()
            ops = operations(block, parent)
            for op in ops:
                if op.name != "linalg.generic":
                    blocks += [(inner, op) for inner in blocks_of(op)]
            self._block(ops)

    def _block(self, ops: list[ir.Operation]) -> None:
        at = 0
        while at < len(ops):
            group = self._first_taken(ops, at) if ops[at].name == "linalg.generic" else None
            if group is None:
                at += 1
                continue
            run, places = group
            made = split_versions(run, self.allocs)
            if made:
                self.allocs |= {alloc.results[0]: alloc for alloc in made}
                self.forms.changed(run.ops)
                run = run.again()
            if made and not self._taken(run):
                at = places[-1] + 1
                continue
            locals_ = self._locals(run)
            gone = {*places[:-1], *(place for place, op in enumerate(ops) if op in locals_)}
            ops[places[-1]] = self._wrap(run, locals_)
            ops[:] = [op for place, op in enumerate(ops) if place not in gone]
            at = max(0, at - sum(place < at for place in gone))

    def _first_taken(self, ops: Sequence[ir.Operation], start: int) -> tuple[Run, list[int]] | None:
        """The longest run from there on that a template takes, and where its nests are."""
        return next((each for each in reversed(self._runs(ops, start)) if self._taken(each[0])), None)

    def _taken(self, run: Run) -> bool:
        """Whether a template takes a run."""
        group = group_of(run.ops, run.axes, self._locals(run), self.aligned, self.weights, self.forms)
        return group is not None and self.takes(group)

    def _runs(self, ops: Sequence[ir.Operation], start: int) -> list[tuple[Run, list[int]]]:
        """All runs of two nests or more that start there, shorter ones first, and where their nests are.

        A nest that has nothing to do with those before it waits for one that has to do with both.
        """
        run = Run(self.buffers)
        places: list[int] = []
        waiting: list[int] = []
        found: list[tuple[Run, list[int]]] = []
        for at in range(start, len(ops)):
            op = ops[at]
            if op.name != "linalg.generic":
                if op.name not in STILL and not op.name.startswith(MOVABLE):
                    break
                continue
            longer = run.extended(op) if len(places) < LONGEST else None
            if longer is None:
                if len(waiting) < MOST_WAITING and not run.touches(op):
                    waiting.append(at)
                    continue
                break
            run, places = longer, [*places, at]
            while (other := next((each for each in waiting if run.touches(ops[each])), None)) is not None:
                place = sum(each < other for each in places)
                longer = run.inserted(ops[other], place)
                if longer is None:
                    return found
                run = longer
                places.insert(place, other)
                waiting.remove(other)
            if len(places) > 1:
                found.append((run, list(places)))
        return found

    def _locals(self, run: Run) -> list[ir.Operation]:
        """The allocations of buffers that only this run uses, whose outermost dimensions are those of the axes."""
        counts: dict[ir.Value, int] = {}
        outer: dict[ir.Value, bool] = {}
        for number, nest in enumerate(run.touched):
            loops = {axis[number] for axis in run.axes}
            for touch in nest:
                counts[touch.memref] = counts.get(touch.memref, 0) + 1
                leading = touch.loops is not None and set(touch.loops[: len(loops)]) == loops
                outer[touch.memref] = outer.get(touch.memref, True) and leading
        return [
            self.allocs[memref]
            for memref, count in counts.items()
            if memref in self.allocs and outer[memref] and count == self.buffers.uses(memref)
        ]

    def _wrap(self, run: Run, locals_: Sequence[ir.Operation]) -> ir.Operation:
        """Moves the nests to where the last one is, and the allocations of what only they use along. Returns the
        region.
        """
        last = run.ops[-1]
        axes = [ir.DenseI64ArrayAttr.get(axis) for axis in run.axes]
        with last.location:
            region = ir.Operation.create(
                REGION,
                attributes={"no_inline": ir.UnitAttr.get(), GROUP: ir.ArrayAttr.get(axes)},
                regions=1,
                ip=ir.InsertionPoint(last),
            )
            end = ir.Operation.create("scf.yield", ip=ir.InsertionPoint(ir.Block.create_at_start(region.regions[0])))
            for alloc in locals_:
                local = ir.Operation.create(
                    "memref.alloca",
                    results=[alloc.results[0].type],
                    operands=list(alloc.operands),
                    attributes={"operandSegmentSizes": ir.DenseI32ArrayAttr.get([len(alloc.operands), 0])},
                    ip=ir.InsertionPoint(end),
                )
                del self.allocs[alloc.results[0]]
                alloc.results[0].replace_all_uses_with(local.results[0])
                alloc.erase()
        for op in run.ops:
            op.move_before(end)
        return region


def read_group(region: ir.Operation, aligned: Collection[ir.Value], weights: Weights) -> Group:
    """The group in a region that `form_groups` has made."""
    ops = operations(region.regions[0].blocks[0], region)
    nests, locals_ = ([op for op in ops if op.name == name] for name in ("linalg.generic", "memref.alloca"))
    axes = [tuple(ir.DenseI64ArrayAttr(axis)) for axis in ir.ArrayAttr(region.attributes[GROUP])]
    group = group_of(nests, axes, locals_, aligned, weights)
    if group is None:
        raise ValueError("a group of nests has changed since it was formed")
    return group
