# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is copied into a part of another buffer is computed there: the inputs of a concatenation, the inside of a
padding, a result that is only reshaped on its way to its destination.

Bufferization gives each part a buffer, and copies that into a slice of the whole. Where nothing else touches the slice
between the first use of the part and the copy, nor writes to either as long as the other is read, the part is that
slice. Slices of one buffer are told apart by their offsets, where they are numbers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mlir import ir

from mograph import _native
from mograph._records import record
from mograph.targets.cpu.builder import DYNAMIC, blocks_of, captured, find, is_used, operations
from mograph.targets.cpu.copies import copied
from mograph.targets.cpu.flow import VIEWS

INVERSE = {"memref.collapse_shape": "memref.expand_shape", "memref.expand_shape": "memref.collapse_shape"}
MOVABLE = ("arith.", "affine.", "index.", "memref.dim")
"""Prefixes of operations that neither read nor write elements."""


def compute_parts_in_place(module: ir.Module) -> None:
    """Removes such copies from the blocks of every function."""
    for function in find(module.operation, "func.func"):
        if not len(function.regions[0].blocks) or not find(function, "memref.alloc"):
            continue
        parents: list[ir.Operation] = []
        for op in find(function, "linalg.generic", "memref.copy"):
            if copied(op) is not None and op.parent not in parents:
                parents.append(op.parent)
        for parent in parents:
            for block in blocks_of(parent):
                _Block(function, operations(block, parent)).run()


@record
class Slice:
    """A `memref.subview`: of what, and for each dimension the first and the last element; None where not known."""

    source: ir.Value
    ends: tuple[tuple[int, int] | None, ...]

    @staticmethod
    def of(op: ir.Operation) -> "Slice":
        """What an operation is a slice of."""
        numbers = [ir.DenseI64ArrayAttr(op.attributes[f"static_{name}"]) for name in ("offsets", "sizes", "strides")]
        ends = tuple(
            None if DYNAMIC in each or -1 in each else (each[0], each[0] + max(0, each[1] - 1) * each[2])
            for each in zip(*numbers, strict=True)
        )
        return Slice(op.operands[0], ends)

    def apart(self, other: "Slice") -> bool:
        """Whether two slices surely have no element in common."""
        return self.source == other.source and any(
            a is not None and b is not None and (a[1] < b[0] or b[1] < a[0])
            for a, b in zip(self.ends, other.ends, strict=True)
        )


@record
class _Touch:
    """A use of a buffer other than a view of it: where, by which operation of the block, by what name, and whether it
    is inside of that operation.
    """

    place: float
    op: ir.Operation
    name: ir.Value
    inside: bool

    @property
    def writes(self) -> bool:
        """Whether elements may be written."""
        if self.inside:
            return bool(self.op.name != "linalg.generic")
        if self.op.name == "linalg.generic":
            outputs = list(self.op.operands)[int(self.op.attributes["operandSegmentSizes"][0]) :]
            return any(each == self.name for each in outputs)
        return bool(self.op.name != "memref.copy" or self.op.operands[1] == self.name)


class _Block:
    """The operations of one block, in their places. Users inside of an operation count as that operation."""

    def __init__(self, function: ir.Operation, ops: Sequence[ir.Operation]) -> None:
        self.private = "sym_visibility" in function.attributes
        self.arguments = set(function.regions[0].blocks[0].arguments)
        self.makers: dict[ir.Value, tuple[ir.Operation, float]] = {}
        self.views: dict[ir.Value, ir.Value] = {}
        self.touched: dict[ir.Value, list[_Touch]] = {}  # by roots
        self.measured: set[ir.Value] = set()
        self.copies: list[tuple[ir.Operation, int]] = []
        for place, op in enumerate(ops):
            self.makers.update(dict.fromkeys(op.results, (op, place)))
            if copied(op) is not None:
                self.copies.append((op, place))
            for each, inside in _all(op):
                if each.name in VIEWS:
                    self.views[each.results[0]] = each.operands[0]
                if each.name == "memref.dim":
                    self.measured.add(each.operands[0])
                    continue
                for operand in each.operands if each.name not in VIEWS else ():
                    if isinstance(operand.type, ir.MemRefType):
                        self.touched.setdefault(self.root(operand), []).append(_Touch(place, op, operand, inside))

    def run(self) -> None:
        """Lets the sources of copies be their targets, where that is safe."""
        for copy, place in self.copies:
            source, target = copied(copy) or (None, None)
            if source is not None and target is not None:
                self._unite(copy, place, source, target)

    def root(self, value: ir.Value) -> ir.Value:
        """What a memref is a view of."""
        while value in self.views:
            value = self.views[value]
        return value

    def _unite(self, copy: ir.Operation, place: int, source: ir.Value, target: ir.Value) -> None:
        part, whole = self.root(source), self.root(target)
        if (
            part == whole
            or part in self.measured
            or not self._is_new(part)
            or not (self._is_new(whole) or self._is_destination(whole))
        ):
            return
        turned = source != part
        if not (self._may_turn(source, part, target) if turned else self._takes_any_layout(part)):
            return
        touches = self.touched[part]
        if any(each.place > place and each.writes for each in touches):  # the target keeps what was copied
            return
        first, last = touches[0], touches[-1].place
        anchor, start = self.makers[part] if turned else (first.op, first.place)
        fill = self._fill(whole, first.place, place)
        if not self._is_free(target, whole, (first.place, place, last), fill):
            return
        moved: list[ir.Operation] = []
        if not self._in_time(target, start, moved):
            return
        if fill is not None:
            if not all(self._in_time(each, start, moved) for each in (*fill.op.operands, *captured(fill.op))):
                return
            moved.append(fill.op)
        for op in moved:
            op.move_before(anchor)
            self.makers.update(dict.fromkeys(op.results, (op, start - 0.5)))
        if turned:
            target = self._turned(source, target, anchor)
            self.views[target] = whole
        self._merge(copy, part, whole, target, fill, start)
        alloc, _ = self.makers.pop(part)
        copy.erase()
        part.replace_all_uses_with(target)
        alloc.erase()

    def _merge(
        self,
        copy: ir.Operation,
        part: ir.Value,
        whole: ir.Value,
        target: ir.Value,
        fill: _Touch | None,
        first: float,
    ) -> None:
        """Notes that what touched the part touches the target."""
        both = [*self.touched.pop(part), *self.touched[whole]]
        both = [replace(each, name=target) if each.name == part else each for each in both if each.op != copy]
        both = [replace(each, place=first - 0.5) if each is fill else each for each in both]
        self.touched[whole] = sorted(both, key=lambda each: each.place)
        self.views = {view: target if of == part else of for view, of in self.views.items()}

    def _is_new(self, value: ir.Value) -> bool:
        return value in self.makers and self.makers[value][0].name == "memref.alloc"

    def _is_destination(self, value: ir.Value) -> bool:
        """Whether a memref is an argument that only a caller in the module passes."""
        return self.private and value in self.arguments

    def _takes_any_layout(self, part: ir.Value) -> bool:
        """Whether only nests and copies use a buffer, directly."""
        users = self.touched[part]
        return part not in self.views.values() and all(
            each.name == part and each.op.name in ("linalg.generic", "memref.copy") for each in users
        )

    def _may_turn(self, source: ir.Value, part: ir.Value, target: ir.Value) -> bool:
        """Whether the source is a reshaped buffer, which nobody keeps, and the target can be reshaped to be like it."""
        if self.views[source] != part or self.makers[source][0].name not in INVERSE or source.type != target.type:
            return False
        if any(
            DYNAMIC in each.type.shape or not isinstance(each.type.layout, ir.AffineMapAttr) for each in (part, source)
        ):
            return False
        users = (each for each in self.touched[part])
        return all(
            each.op.name in ("linalg.generic", "memref.copy")
            or each.op.name == "func.call"
            and not len(each.op.results)
            for each in users
        )

    def _turned(self, source: ir.Value, target: ir.Value, before: ir.Operation) -> ir.Value:
        op, _ = self.makers[source]
        part = self.views[source]
        attributes = {"reassociation": op.attributes["reassociation"]}
        name = INVERSE[op.name]
        if name == "memref.expand_shape":
            attributes["static_output_shape"] = ir.DenseI64ArrayAttr.get(ir.MemRefType(part.type).shape)
        made = ir.Operation.create(
            name, [part.type], [target], attributes, loc=op.location, ip=ir.InsertionPoint(before)
        )
        return made.results[0]

    def _fill(self, whole: ir.Value, first: float, copy: int) -> _Touch | None:
        """What gives a new buffer its first value after the part is begun: it may as well be done before that."""
        touch = self.touched[whole][0]
        if not self._is_new(whole) or not first <= touch.place < copy or touch.op.name != "linalg.generic":
            return None
        return touch if list(touch.op.operands)[-1] == whole and _is_fill(touch.op) else None

    def _is_free(
        self, target: ir.Value, whole: ir.Value, places: tuple[float, int, float], fill: _Touch | None
    ) -> bool:
        """Whether nothing but the fill uses the target from the first use of the part to the copy, and nothing writes
        to it up to the last.
        """
        first, copy, last = places
        for each in self.touched[whole]:
            if each.place == copy or not first <= each.place <= last or each is fill or self._apart(each.name, target):
                continue
            if each.place < copy or each.writes:
                return False
        return True

    def _apart(self, a: ir.Value, b: ir.Value) -> bool:
        makers = [self.makers[each][0] for each in (a, b) if each in self.makers]
        if len(makers) < 2 or any(op.name != "memref.subview" for op in makers):
            return False
        return Slice.of(makers[0]).apart(Slice.of(makers[1]))

    def _in_time(self, value: ir.Value, first: float, moved: list[ir.Operation]) -> bool:
        """Whether a value is known before a place, once those that are added to `moved` are in front of it."""
        if value not in self.makers:
            return True
        op, place = self.makers[value]
        if place < first or op in moved:
            return True
        if not (op.name in VIEWS or op.name == "memref.alloc" or op.name.startswith(MOVABLE)):
            return False
        if not all(self._in_time(each, first, moved) for each in op.operands):
            return False
        moved.append(op)
        return True


def _is_fill(op: ir.Operation) -> bool:
    """Whether a nest gives all elements of one buffer the same value."""
    body = op.regions[0].blocks[0]
    others = list(op.operands)[:-1]
    plain = not any(isinstance(each.type, ir.MemRefType) for each in others)
    return plain and len(operations(body, op)) == 1 and not is_used(body.arguments[len(others)])


def _all(op: ir.Operation) -> Iterator[tuple[ir.Operation, bool]]:
    """An operation and those inside, and whether they are."""
    yield op, False
    for each in _native.ops_in(op):
        yield each, True
