# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Creation of operations by name, without the generated dialect classes.

Importing those costs more than compiling a small graph (linalg's alone 60 ms), and merely looking at an operation
through `block.operations` or `value.owner` imports them. This package therefore asks for lists, which hold plain
`ir.Operation` objects, and creates operations by name. Lists take less time, too: a callback for each operation takes
eight times as long, and each iterator of MLIR's bindings ends by an exception in C++.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from mlir import ir

from mograph import _native

Int: TypeAlias = int | ir.Value  # an integer that is known now, or an i64 value
DYNAMIC = ir.ShapedType.get_dynamic_size()
ALIGNMENT = 64  # bytes, of every buffer


def walk(root: ir.Operation, visit: Callable[[ir.Operation], None]) -> None:
    """Calls `visit` on `root` and every operation that is inside now, each before those inside of it."""
    visit(root)
    for op in _native.ops_in(root):
        visit(op)


def find(root: ir.Operation, *names: str) -> list[ir.Operation]:
    """The operations of these names inside `root`, in program order."""
    found: list[ir.Operation] = _native.find_ops(root, names)
    return found


def operations(block: ir.Block, parent: ir.Operation) -> list[ir.Operation]:
    """The operations directly in `block`, which is a block of `parent`."""
    found: list[ir.Operation] = _native.block_ops(block)
    return found


def blocks_of(op: ir.Operation) -> list[ir.Block]:
    """The blocks in the regions of `op`."""
    regions = op.regions
    return [blocks[i] for k in range(len(regions)) for blocks in (regions[k].blocks,) for i in range(len(blocks))]


def is_used(value: ir.Value) -> bool:
    """Whether an operation has the value as an operand."""
    return len(_native.users_of(value)) > 0


def captured(op: ir.Operation) -> list[ir.Value]:
    """The values from outside that the regions of `op` use, in the order of their first use."""
    inside: set[ir.Value] = set()
    used: dict[ir.Value, None] = {}

    def note(each: ir.Operation) -> None:
        inside.update(each.results)
        for block in blocks_of(each):
            inside.update(block.arguments)
        if each != op:
            used.update(dict.fromkeys(each.operands))

    if len(op.regions):
        walk(op, note)
    return [value for value in used if value not in inside]


def rename(op: ir.Operation, names: Mapping[ir.Value, ir.Value]) -> None:
    """Replaces the operands of `op` and of what is inside that have another name now."""

    def replace(each: ir.Operation) -> None:
        for number, operand in enumerate(each.operands):
            if operand in names:
                each.operands[number] = names[operand]

    walk(op, replace)


def parallel_loops(rank: int) -> ir.Attribute:
    """The iterator types of a nest of parallel loops. Parsed as an array: for an attribute of linalg's own the bindings
    would import its classes.
    """
    return ir.Attribute.parse("[" + ", ".join(["#linalg.iterator_type<parallel>"] * rank) + "]")


class Builder:
    """Creates operations at a moving insertion point.

    Constants are created once, at the start of the function, and integer arithmetic on known numbers is done here.
    `i64` is the type of all integers that the builder computes with, `ptr` that of addresses in `space`, where buffers
    are.
    """

    def __init__(self, at: ir.InsertionPoint, start: ir.InsertionPoint, space: int = 0) -> None:
        self.at = at
        self.space = space
        self._start = start
        self._constants: dict[tuple[ir.Type, ir.Attribute], ir.Value] = {}
        self._integers: dict[int, ir.Value] = {}
        self.i1 = ir.IntegerType.get_signless(1)
        self.i8 = ir.IntegerType.get_signless(8)
        self.i32 = ir.IntegerType.get_signless(32)
        self.i64 = ir.IntegerType.get_signless(64)
        self.f32 = ir.F32Type.get()
        self.index = ir.IndexType.get()
        self.ptr = ir.Type.parse(f"!llvm.ptr<{space}>" if space else "!llvm.ptr")

    @classmethod
    def before(cls, op: ir.Operation, function: ir.Operation, space: int = 0) -> "Builder":
        """A builder before `op`, with its constants at the start of `function`, whose buffers are in `space`."""
        i64 = ir.IntegerType.get_signless(64)
        # An operation of its own: before the function's first one, what is created later would come behind the code.
        first = ir.Operation.create(
            "arith.constant",
            results=[i64],
            attributes={"value": ir.IntegerAttr.get(i64, 0)},
            ip=ir.InsertionPoint.at_block_begin(function.regions[0].blocks[0]),
        )
        return cls(ir.InsertionPoint(op), ir.InsertionPoint(first), space)

    @contextmanager
    def inside(self, block: ir.Block) -> Iterator[None]:
        """Creates at the end of `block` for a while."""
        saved, self.at = self.at, ir.InsertionPoint(block)
        yield
        self.at = saved

    def create(
        self,
        name: str,
        results: Sequence[ir.Type],
        operands: Sequence[ir.Value],
        attributes: Mapping[str, ir.Attribute] | None = None,
        regions: int = 0,
    ) -> ir.Operation:
        """Creates the operation `name` here."""
        # By position, which the bindings take in less time than by name: successors, regions, location, place.
        return ir.Operation.create(
            name, results, operands, dict(attributes) if attributes else None, None, regions, None, self.at
        )

    def one(self, name: str, result: ir.Type, *operands: ir.Value, **attributes: ir.Attribute) -> ir.Value:
        """Creates an operation with one result and returns that."""
        return ir.Operation.create(name, [result], operands, attributes or None, None, 0, None, self.at).result

    # Constants

    def constant(self, type_: ir.Type, value: ir.Attribute) -> ir.Value:
        """`arith.constant value : type_`, where a scalar value stands for a vector full of it."""
        key = (type_, value)
        if key not in self._constants:
            full = (
                ir.DenseElementsAttr.get_splat(type_, value)
                if isinstance(type_, ir.VectorType) and not isinstance(value, ir.DenseElementsAttr)
                else value
            )
            op = ir.Operation.create("arith.constant", results=[type_], attributes={"value": full}, ip=self._start)
            self._constants[key] = op.results[0]
        return self._constants[key]

    def number(self, type_: ir.Type, value: float) -> ir.Value:
        """A constant of an integer, index or float type, or of a vector of one."""
        element = type_.element_type if isinstance(type_, ir.VectorType) else type_
        attribute: ir.Attribute
        if isinstance(element, (ir.IntegerType, ir.IndexType)):
            attribute = ir.IntegerAttr.get(element, int(value))
        else:
            attribute = ir.FloatAttr.get(element, value)
        return self.constant(type_, attribute)

    def value(self, number: Int) -> ir.Value:
        """The number as an i64 value."""
        if not isinstance(number, int):
            return number
        if number not in self._integers:
            self._integers[number] = self.number(self.i64, number)
        return self._integers[number]

    # Arithmetic on i64

    def add(self, a: Int, b: Int) -> Int:
        """`a + b`."""
        if isinstance(a, int) and isinstance(b, int):
            return a + b
        if isinstance(a, int) and a == 0:
            return b
        if isinstance(b, int) and b == 0:
            return a
        return self.one("arith.addi", self.i64, self.value(a), self.value(b))

    def sub(self, a: Int, b: Int) -> Int:
        """`a - b`."""
        if isinstance(a, int) and isinstance(b, int):
            return a - b
        if isinstance(b, int) and b == 0:
            return a
        return self.one("arith.subi", self.i64, self.value(a), self.value(b))

    def mul(self, a: Int, b: Int) -> Int:
        """`a * b`."""
        if isinstance(a, int) and isinstance(b, int):
            return a * b
        for x, y in ((a, b), (b, a)):
            if isinstance(x, int) and x in (0, 1):
                return y if x else 0
        return self.one("arith.muli", self.i64, self.value(a), self.value(b))

    def min(self, a: Int, b: Int) -> Int:
        """The smaller of two."""
        if isinstance(a, int) and isinstance(b, int):
            return min(a, b)
        return self.one("arith.minsi", self.i64, self.value(a), self.value(b))

    def round_down(self, a: Int, power: int) -> Int:
        """The largest multiple of a power of two that is not above `a`."""
        if isinstance(a, int):
            return a // power * power
        return self.one("arith.andi", self.i64, a, self.value(-power))

    def round_up(self, a: Int, power: int) -> Int:
        """The smallest multiple of a power of two that is not below `a`."""
        return self.round_down(self.add(a, power - 1), power)

    def blocks(self, extent: Int, size: int) -> Int:
        """The number of blocks of `size` that cover `extent`."""
        if isinstance(extent, int):
            return -(-extent // size)
        more = self.value(self.add(extent, size - 1))
        if size & (size - 1):
            return self.one("arith.divui", self.i64, more, self.value(size))
        return self.one("arith.shrui", self.i64, more, self.value(size.bit_length() - 1))

    def split(self, index: Int, extent: Int) -> tuple[Int, Int]:
        """Quotient and remainder of two numbers that are not negative."""
        if isinstance(extent, int) and extent == 1:
            return index, 0
        if isinstance(extent, int) and isinstance(index, int):
            return divmod(index, extent)
        a, n = self.value(index), self.value(extent)
        return self.one("arith.divui", self.i64, a, n), self.one("arith.remui", self.i64, a, n)

    # Memory

    def address(self, base: ir.Value, offset: Int, element: ir.Type) -> ir.Value:
        """`base + offset` elements."""
        if isinstance(offset, int) and offset == 0:
            return base
        return self.one(
            "llvm.getelementptr",
            base.type,
            base,
            self.value(offset),
            rawConstantIndices=ir.DenseI32ArrayAttr.get([-(2**31)]),
            elem_type=ir.TypeAttr.get(element),
        )

    def load(self, type_: ir.Type, address: ir.Value, alignment: int) -> ir.Value:
        """Loads a value that is aligned to `alignment` bytes."""
        return self.one("llvm.load", type_, address, alignment=ir.IntegerAttr.get(self.i64, alignment))

    def store(self, value: ir.Value, address: ir.Value, alignment: int, past_caches: bool = False) -> None:
        """Stores a value at an address that is aligned to `alignment` bytes."""
        attributes: dict[str, ir.Attribute] = {"alignment": ir.IntegerAttr.get(self.i64, alignment)}
        if past_caches:
            attributes["nontemporal"] = ir.UnitAttr.get()
        self.create("llvm.store", [], [value, address], attributes)

    def prefetch(self, address: ir.Value, level: int) -> None:
        """Asks for the line at an address, which need not exist, to be brought to the first cache or the second."""
        numbers = {"rw": 0, "hint": 4 - level, "cache": 1}
        i32 = self.i32
        attributes = {name: ir.IntegerAttr.get(i32, value) for name, value in numbers.items()}
        self.create("llvm.intr.prefetch", [], [address], attributes)

    def load_lanes(self, type_: ir.Type, address: ir.Value, alignment: int, lanes: ir.Value | None) -> ir.Value:
        """Loads a vector, of which only the elements of a mask exist where there is one; the others are 0."""
        if lanes is None:
            return self.load(type_, address, alignment)
        zero, number = self.number(type_, 0), ir.IntegerAttr.get(self.i32, alignment)
        return self.one("llvm.intr.masked.load", type_, address, lanes, zero, alignment=number)

    def store_lanes(self, value: ir.Value, address: ir.Value, alignment: int, lanes: ir.Value | None) -> None:
        """Stores the elements of a vector that a mask has, where there is one."""
        if lanes is None:
            self.store(value, address, alignment)
        else:
            number = ir.IntegerAttr.get(self.i32, alignment)
            self.create("llvm.intr.masked.store", [], [value, address, lanes], {"alignment": number})

    def buffer_like(self, buffer: ir.Value, type_: ir.MemRefType) -> ir.Value:
        """A new buffer of a type without strides, whose extents are those of another buffer."""
        sizes = [
            self.one("memref.dim", self.index, buffer, self.constant(self.index, ir.IntegerAttr.get(self.index, axis)))
            for axis, extent in enumerate(type_.shape)
            if extent == DYNAMIC
        ]
        return self.buffer(type_, sizes)

    def allocate(self, element: ir.Type, count: Int) -> ir.Value:
        """A new buffer of so many elements, in one dimension."""
        if isinstance(count, int):
            return self.buffer(ir.MemRefType.get([count], element), [])
        size = self.one("arith.index_cast", self.index, count)
        return self.buffer(ir.MemRefType.get([DYNAMIC], element), [size])

    def buffer(self, type_: ir.MemRefType, sizes: Sequence[ir.Value]) -> ir.Value:
        """A new buffer of a type without strides, whose extents that are not known are these."""
        attributes = {
            "alignment": ir.IntegerAttr.get(self.i64, ALIGNMENT),
            "operandSegmentSizes": ir.DenseI32ArrayAttr.get([len(sizes), 0]),
        }
        return self.create("memref.alloc", [type_], sizes, attributes).results[0]

    def memref(self, type_: ir.MemRefType, words: Sequence[ir.Value]) -> ir.Value:
        """A memref of a type, in the memory of this code, of the words of its descriptor: two addresses, then the
        offset, the sizes and the strides.
        """
        rank = type_.rank
        struct = descriptor_type(rank, self.space)
        value = self.one("llvm.mlir.poison", struct)
        positions = [[0], [1], [2], *([3, i] for i in range(rank)), *([4, i] for i in range(rank))]
        for word, position in zip(words, positions, strict=True):
            value = self.one("llvm.insertvalue", struct, value, word, position=ir.DenseI64ArrayAttr.get(position))
        if self.space:
            space = ir.IntegerAttr.get(self.i64, self.space)
            type_ = ir.MemRefType.get(type_.shape, type_.element_type, type_.layout, space)
        return self.cast(type_, value)

    def row_major(self, type_: ir.MemRefType, address: ir.Value, sizes: Sequence[Int]) -> ir.Value:
        """A memref of a type without strides, which starts at an address and is of these extents."""
        strides: list[Int] = []
        stride: Int = 1
        for size in reversed(sizes):
            strides.insert(0, stride)
            stride = self.mul(stride, size)
        return self.memref(type_, [address, address, *map(self.value, [0, *sizes, *strides])])

    def first(self, vector: ir.Value) -> ir.Value:
        """The first element of a vector."""
        at = ir.DenseI64ArrayAttr.get([0])
        return self.one("vector.extract", ir.VectorType(vector.type).element_type, vector, static_position=at)

    def stack(self, element: ir.Type, count: int, alignment: int) -> ir.Value:
        """Room for `count` elements on the stack of the function, taken once at its start."""
        size = self.value(count)
        op = ir.Operation.create(
            "llvm.alloca",
            results=[self.ptr],
            operands=[size],
            attributes={"elem_type": ir.TypeAttr.get(element), "alignment": ir.IntegerAttr.get(self.i64, alignment)},
            ip=self._start,
        )
        return op.results[0]

    # Control flow

    def loop(
        self,
        lo: Int,
        hi: Int,
        step: int,
        carried: Sequence[ir.Value],
        body: Callable[[ir.Value, list[ir.Value]], Sequence[ir.Value]],
    ) -> list[ir.Value]:
        """`scf.for`: `body(index, carried)` returns the next carried values. Returns the last ones."""
        types = [value.type for value in carried]
        op = self.create("scf.for", types, [self.value(lo), self.value(hi), self.value(step), *carried], regions=1)
        block = ir.Block.create_at_start(op.regions[0], [self.i64, *types], [op.location] * (1 + len(types)))
        with self.inside(block):
            index, *inner = block.arguments
            self.create("scf.yield", [], list(body(index, list(inner))))
        return list(op.results)

    def each(self, lo: Int, hi: Int, step: int, body: Callable[[Int], None]) -> None:
        """A loop that carries nothing; its body alone where it is known to make one trip at most."""
        if isinstance(lo, int) and isinstance(hi, int) and hi - lo <= step:
            if hi > lo:
                body(lo)
            return

        def one(index: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            body(index)
            return []

        self.loop(lo, hi, step, [], one)

    def grid(self, row: Int, rows: Int, column: Int, columns: Int, step: int, body: Callable[[Int, Int], None]) -> None:
        """Two nested loops."""
        self.each(row, rows, step, lambda i: self.each(column, columns, step, lambda j: body(i, j)))

    def if_(self, condition: ir.Value, then: Callable[[], None]) -> None:
        """`scf.if` without results."""
        op = self.create("scf.if", [], [condition], regions=2)
        with self.inside(ir.Block.create_at_start(op.regions[0])):
            then()
            self.create("scf.yield", [], [])

    def take(self, ops: Sequence[ir.Operation], names: Mapping[ir.Value, ir.Value]) -> None:
        """Moves operations here, whose operands have other names here."""
        mark = self.create("arith.constant", [self.i1], [], {"value": ir.BoolAttr.get(True)})
        for op in ops:
            op.move_before(mark)
            rename(op, names)
        mark.erase()

    def cast(self, type_: ir.Type, value: ir.Value) -> ir.Value:
        """`builtin.unrealized_conversion_cast`, which the lowering to LLVM resolves."""
        return self.one("builtin.unrealized_conversion_cast", type_, value)


def descriptor_type(rank: int, space: int = 0) -> ir.Type:
    """The LLVM type of the descriptor of a memref in that memory."""
    pointer = f"ptr<{space}>" if space else "ptr"
    shape = f", array<{rank} x i64>, array<{rank} x i64>" if rank else ""
    return ir.Type.parse(f"!llvm.struct<({pointer}, {pointer}, i64{shape})>")


class Descriptor:
    """Reads the words of a memref's descriptor."""

    def __init__(self, b: Builder, memref: ir.Value) -> None:
        self._b = b
        self._value = b.cast(descriptor_type(ir.MemRefType(memref.type).rank, b.space), memref)

    def _word(self, type_: ir.Type, *position: int) -> ir.Value:
        return self._b.one("llvm.extractvalue", type_, self._value, position=ir.DenseI64ArrayAttr.get(position))

    def allocated(self) -> ir.Value:
        """The pointer to the whole buffer, by which it is released."""
        return self._word(self._b.ptr, 0)

    def aligned(self) -> ir.Value:
        """The pointer from which elements are counted."""
        return self._word(self._b.ptr, 1)

    def offset(self) -> ir.Value:
        """The number of the first element."""
        return self._word(self._b.i64, 2)

    def size(self, dim: int) -> ir.Value:
        """The extent of a dimension."""
        return self._word(self._b.i64, 3, dim)

    def stride(self, dim: int) -> ir.Value:
        """The distance between neighbours along a dimension, in elements."""
        return self._word(self._b.i64, 4, dim)

    def element(self, indices: Sequence[ir.Value], storage: ir.Type) -> ir.Value:
        """The address of the element at some indices, which is in memory as a type."""
        b = self._b
        offset: Int = self.offset()
        for dim, index in enumerate(indices):
            offset = b.add(offset, b.mul(b.one("arith.index_cast", b.i64, index), self.stride(dim)))
        return b.address(self.aligned(), offset, storage)
