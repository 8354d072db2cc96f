# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Analysis of `linalg.generic` on memrefs: a loop nest, and for each operand how far each loop moves its address.

That form is all that the code generator looks at. It covers permutations, broadcasts, strided views and convolution
windows alike: an operand's address is `base + sum(stride[loop] * index[loop])`.

`describe` and `simplify` create no operations, so that nests can be looked at before it is known what becomes of them;
`Nest.materialize` then creates the numbers and addresses that the description speaks of.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import DYNAMIC, Builder, Descriptor, Int
from mograph.targets.cpu.forms import Form, Forms, Layout


class Product(NamedTuple):
    """`constant` times the values of `symbols`, which are indices into `Nest.symbols`."""

    constant: int
    symbols: tuple[int, ...] = ()

    def __mul__(self, other: "Product") -> "Product":  # type: ignore[override]  # it is a tuple for the sake of speed
        constant = self.constant * other.constant
        return Product(constant, tuple(sorted(self.symbols + other.symbols)) if constant else ())


ZERO, ONE = Product(0), Product(1)


@record
class Loop:
    """One loop: its extent, whether it reduces, and the iteration dimension that it stands for (None when several were
    merged).
    """

    extent: Product
    reduces: bool
    dim: int | None


class Word(NamedTuple):
    """A word of a memref's descriptor: its "size" or "stride" of a dimension, or its "offset"."""

    memref: ir.Value
    what: str
    dim: int


class Allocation:
    """The shape of a buffer, of which nothing exists yet but the operation that allocates it."""

    def __init__(self, b: Builder, op: ir.Operation) -> None:
        self._b, self._type = b, ir.MemRefType(op.results[0].type)
        self._sizes = list(op.operands)

    def size(self, dim: int) -> ir.Value:
        """The extent of a dimension that is not static."""
        before = sum(extent == DYNAMIC for extent in self._type.shape[:dim])
        return self._b.one("arith.index_cast", self._b.i64, self._sizes[before])


class Symbols:
    """The numbers that are known at run time only: words of memrefs' descriptors, and sums of products of such.

    `values` has their values, from `materialize` on.
    """

    def __init__(self) -> None:
        self.values: list[ir.Value] = []
        self._keys: dict[Word | tuple[Product, ...], Product] = {}

    def add(self, key: Word | tuple[Product, ...]) -> Product:
        """The number that a word of a descriptor has, or the sum of some products."""
        if key not in self._keys:
            self._keys[key] = Product(1, (len(self._keys),))
        return self._keys[key]

    def materialize(self, b: Builder, descriptors: dict[ir.Value, Descriptor | Allocation]) -> None:
        """Creates the values that do not exist yet."""
        for key in list(self._keys)[len(self.values) :]:
            if not isinstance(key, Word):
                total: Int = 0
                for part in key:
                    total = b.add(total, evaluate(b, part, self.values))
                self.values.append(b.value(total))
                continue
            if key.memref not in descriptors:
                descriptors[key.memref] = Descriptor(b, key.memref)
            read = descriptors[key.memref]
            if key.what == "size":
                self.values.append(read.size(key.dim))
            else:
                assert isinstance(read, Descriptor)  # a new buffer has the identity layout
                self.values.append(read.stride(key.dim) if key.what == "stride" else read.offset())


@dataclass
class Access:
    """An operand in memory: its memref, the sum of products by which its first element is away from the start of that,
    element type, stride per loop (in elements), and whether the nest writes it and its body reads it.

    `base` is the address of the first element, from `Nest.materialize` on.
    """

    memref: ir.Value
    offset: tuple[Product, ...]
    element: ir.Type
    strides: list[Product]
    is_output: bool
    is_read: bool
    base: ir.Value | None = None


@dataclass
class Nest:
    """A `linalg.generic` as loops.

    `accesses` are its operands; one that is not in memory but a scalar is that value. `symbols` has the i64 values that
    extents and strides are made of.
    """

    op: ir.Operation
    loops: list[Loop]
    accesses: list[Access | ir.Value]
    body: ir.Block
    body_ops: list[ir.Operation]
    symbols: Sequence[ir.Value]
    indexed: set[int] = field(default_factory=set)  # iteration dimensions whose number the body asks for

    @cached_property
    def memory(self) -> list[Access]:
        """The operands in memory, inputs first."""
        return [access for access in self.accesses if isinstance(access, Access)]

    @cached_property
    def outputs(self) -> list[Access]:
        """The operands that the nest writes."""
        return [access for access in self.memory if access.is_output]

    @property
    def yielded(self) -> list[ir.Value]:
        """The body's results, one for each output."""
        return list(self.body_ops[-1].operands)

    @property
    def captured(self) -> list[ir.Value]:
        """The values from outside that the body uses."""
        inside = set(self.body.arguments) | {result for op in self.body_ops for result in op.results}
        return list(dict.fromkeys(value for op in self.body_ops for value in op.operands if value not in inside))

    def materialize(
        self, b: Builder, descriptors: dict[ir.Value, Descriptor | Allocation], absent: Collection[ir.Value] = ()
    ) -> None:
        """Creates the addresses of the accesses, once the values of the symbols are there; none for memrefs that are
        absent.
        """
        for access in self.memory:
            if access.base is None and access.memref not in absent:
                if access.memref not in descriptors:
                    descriptors[access.memref] = Descriptor(b, access.memref)
                start = descriptors[access.memref]
                assert isinstance(start, Descriptor)
                offset: Int = 0
                for part in access.offset:
                    offset = b.add(offset, evaluate(b, part, self.symbols))
                access.base = b.address(start.aligned(), offset, storage_type(access.element))


@record
class Seen:
    """A nest's values as seen from where its code is made: the accesses' base addresses (the scalar itself for an
    operand that is one), the values of its symbols, and what its body uses from outside: values, or the attributes of
    constants. `origins` are the numbers that iteration dimensions start from, where not from 0; `passed` is what the
    template asked for besides.
    """

    bases: Sequence[ir.Value]
    symbols: Sequence[ir.Value]
    captured: Mapping[ir.Value, ir.Value | ir.Attribute]
    origins: Mapping[int, Int] = field(default_factory=dict)
    passed: Sequence[ir.Value] = ()


class _Analysis:
    def __init__(self, form: Form, operands: Sequence[ir.Value], symbols: Symbols) -> None:
        self.form = form
        self.operands = operands
        self.symbols = symbols

    def extent(self, dim: int) -> Product:
        """The extent of a loop, static if any operand's type says it."""
        known = self.form.extents[dim]
        if known is None:
            raise ValueError(f"linalg.generic: loop {dim} has no extent")
        if isinstance(known, int):
            return Product(known)
        operand, position = known
        return self.symbols.add(Word(self.operands[operand], "size", position))

    def stored_strides(self, operand: int, layout: Layout, extents: Sequence[Product]) -> list[Product]:
        """The strides of the memref itself."""
        memref = self.operands[operand]
        if layout.identity:  # strides are products of sizes, which lets loops be merged
            strides: list[Product] = []
            stride = ONE
            for position in reversed(range(len(layout.shape))):
                strides.insert(0, stride)
                if position:
                    loop = self.form.indices[operand][position].loop
                    size = layout.shape[position]
                    if size != DYNAMIC:
                        stride *= Product(size)
                    elif loop is not None:
                        stride *= extents[loop]
                    else:
                        stride *= self.symbols.add(Word(memref, "size", position))
            return strides
        return [
            Product(stride) if stride != DYNAMIC else self.symbols.add(Word(memref, "stride", position))
            for position, stride in enumerate(layout.strides)
        ]

    def access(self, operand: int, layout: Layout, extents: Sequence[Product]) -> Access | None:
        memref = self.operands[operand]
        is_output, is_read = operand >= self.form.inputs, self.form.used[operand]
        known = self.form.known(operand)
        if known is not None:
            offset, strides = known
            parts = (Product(offset),) if offset else ()
            return Access(memref, parts, layout.element, [Product(each) for each in strides], is_output, is_read)
        start = self.symbols.add(Word(memref, "offset", 0)) if layout.offset == DYNAMIC else Product(layout.offset)
        offsets = [start]
        per_loop: list[list[Product]] = [[] for _ in extents]
        for stride, index in zip(
            self.stored_strides(operand, layout, extents), self.form.indices[operand], strict=True
        ):
            if index.factors is None:
                return None
            offsets.append(stride * Product(index.constant))
            for dim, factor in index.factors.items():
                per_loop[dim].append(stride * Product(factor))
        return Access(
            memref,
            tuple(part for part in offsets if part != ZERO),
            layout.element,
            [self.sum(parts) for parts in per_loop],
            is_output,
            is_read,
        )

    def sum(self, parts: Sequence[Product]) -> Product:
        parts = [part for part in parts if part != ZERO]
        if len(parts) < 2:
            return parts[0] if parts else ZERO
        if not any(part.symbols for part in parts):
            return Product(sum(part.constant for part in parts))
        return self.symbols.add(tuple(parts))


def evaluate(b: Builder, product: Product, symbols: Sequence[ir.Value]) -> Int:
    """The value of a product."""
    value: Int = product.constant
    for symbol in product.symbols:
        value = b.mul(value, symbols[symbol])
    return value


def storage_type(element: ir.Type) -> ir.Type:
    """The type as which an element is loaded and stored: a byte for i1, integers for the small floats.

    LLVM has no 8-bit floats, and would compute with 16-bit ones in f32 even where they are only moved.
    """
    if isinstance(element, ir.IndexType):
        return ir.IntegerType.get_signless(64)
    if isinstance(element, ir.IntegerType) and element.width < 8:
        return ir.IntegerType.get_signless(8)
    if isinstance(element, ir.FloatType) and element.width <= 16:
        return ir.IntegerType.get_signless(element.width)
    return element


def describe(
    op: ir.Operation, symbols: Symbols, extents: Mapping[int, Product] | None = None, forms: Forms | None = None
) -> Nest | None:
    """The nest of a `linalg.generic` or `memref.copy` on memrefs, not simplified; None when its indexing is not linear
    or its body has regions.

    `extents` are those of some of its loops, where they are known under the names that other nests have for them.
    `forms` remembers what was found out before.
    """
    form = forms.of(op) if forms is not None else Form(op)
    if not form.flat:
        return None
    operands = list(op.operands)
    analysis = _Analysis(form, operands, symbols)
    known = extents or {}
    sizes = [known[dim] if dim in known else analysis.extent(dim) for dim in range(len(form.reduces))]
    accesses: list[Access | ir.Value] = []
    for number, (operand, layout) in enumerate(zip(operands, form.layouts, strict=True)):
        access = operand if layout is None else analysis.access(number, layout, sizes)
        if access is None:
            return None
        accesses.append(access)
    loops = [Loop(size, reduces, dim) for dim, (size, reduces) in enumerate(zip(sizes, form.reduces, strict=True))]
    return Nest(op, loops, accesses, form.body, form.body_ops, symbols.values, form.indexed)


def simplify(nests: Sequence[Nest], shared: Sequence[Sequence[int]] = ()) -> int:
    """Drops loops of extent one, orders the rest (parallel ones as in the output, then reductions) and merges
    neighbours that walk memory as one loop, in each of some nests.

    `shared` are loops that all nests have, each by its numbers in them. They come first, are the same for all nests
    afterwards, and as many as is returned.
    """
    last = nests[-1]
    axes = [axis for axis in shared if last.loops[axis[-1]].extent != ONE]
    axes.sort(key=lambda axis: _place(last, axis[-1]))
    common: list[Sequence[int]] = []
    merged: list[list[int]] = []  # for each loop that remains, the axes in it
    for number, axis in enumerate(axes):
        if common and all(_mergeable(nest, common[-1][i], axis[i]) for i, nest in enumerate(nests)):
            merged[-1].append(number)
            common[-1] = axis
        else:
            merged.append([number])
            common.append(axis)
    for i, nest in enumerate(nests):
        taken = {axis[i] for axis in shared}
        own = sorted(
            (k for k, loop in enumerate(nest.loops) if loop.extent != ONE and k not in taken),
            key=lambda k: _place(nest, k),
        )
        parts = [[axes[number][i] for number in numbers] for numbers in merged]
        for k in own:
            if len(parts) > len(merged) and _mergeable(nest, parts[-1][-1], k):
                parts[-1].append(k)
            else:
                parts.append([k])
        for access in nest.memory:
            access.strides = [access.strides[part[-1]] for part in parts]
        nest.loops = [_merge([nest.loops[k] for k in part]) for part in parts]
    return len(merged)


def _place(nest: Nest, i: int) -> tuple[bool, int, int]:
    """Where a loop goes: a dynamic stride is larger than the static ones below it, and has more factors the further
    out it is.
    """
    stride = nest.outputs[0].strides[i]
    return nest.loops[i].reduces, -len(stride.symbols), -stride.constant


def _merge(loops: Sequence[Loop]) -> Loop:
    if len(loops) == 1:
        return loops[0]
    extent = ONE
    for loop in loops:
        extent *= loop.extent
    return Loop(extent, loops[0].reduces, None)


def _mergeable(nest: Nest, outer: int, inner: int) -> bool:
    """Whether a loop and one right inside it are like one loop."""
    if (
        nest.loops[outer].reduces != nest.loops[inner].reduces
        or {
            nest.loops[outer].dim,
            nest.loops[inner].dim,
        }
        & nest.indexed
    ):
        return False
    extent = nest.loops[inner].extent
    return all(access.strides[outer] == access.strides[inner] * extent for access in nest.memory)
