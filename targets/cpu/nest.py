# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Analysis of `linalg.generic` on memrefs: a loop nest, and for each operand how far each loop moves its address.

That form is all that the code generator looks at. It covers permutations, broadcasts, strided views and convolution
windows alike: an operand's address is `base + sum(stride[loop] * index[loop])`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mlir import ir

from mograph.targets.cpu.builder import DYNAMIC, Builder, Descriptor, Int, operations


@dataclass(frozen=True)
class Product:
    """`constant` times the values of `symbols`, which are indices into `Nest.symbols`."""

    constant: int
    symbols: tuple[int, ...] = ()

    def __mul__(self, other: "Product") -> "Product":
        constant = self.constant * other.constant
        return Product(constant, tuple(sorted(self.symbols + other.symbols)) if constant else ())


ZERO, ONE = Product(0), Product(1)


@dataclass(frozen=True)
class Loop:
    """One loop: its extent, whether it reduces, and the iteration dimension that it stands for (None when several were
    merged).
    """

    extent: Product
    reduces: bool
    dim: int | None


@dataclass
class Access:
    """An operand in memory: address of its first element, element type, stride per loop (in elements), and whether the
    body reads it.
    """

    base: ir.Value
    element: ir.Type
    strides: list[Product]
    is_output: bool
    is_read: bool


@dataclass
class Nest:
    """A `linalg.generic` as loops.

    `accesses` are its operands; one that is not in memory but a scalar is that value. `symbols` are the i64 values that
    extents and strides are made of, computed before the operation.
    """

    op: ir.Operation
    loops: list[Loop]
    accesses: list[Access | ir.Value]
    body: ir.Block
    body_ops: list[ir.Operation]
    symbols: list[ir.Value]
    indexed: set[int] = field(default_factory=set)  # iteration dimensions whose number the body asks for

    @property
    def memory(self) -> list[Access]:
        """The operands in memory, inputs first."""
        return [access for access in self.accesses if isinstance(access, Access)]

    @property
    def outputs(self) -> list[Access]:
        """The operands that the nest writes."""
        return [access for access in self.memory if access.is_output]

    @property
    def yielded(self) -> list[ir.Value]:
        """The body's results, one for each output."""
        return list(self.body_ops[-1].operands)


@dataclass(frozen=True)
class Seen:
    """A nest's values as seen from where its code is made: the accesses' base addresses (the scalar itself for an
    operand that is one), the values of
    its symbols, and what its body uses from outside: values, or the attributes of constants."""

    bases: Sequence[ir.Value]
    symbols: Sequence[ir.Value]
    captured: Mapping[ir.Value, ir.Value | ir.Attribute]


def _linear(expr: ir.AffineExpr, scale: int, into: dict[int, int]) -> int | None:
    """Adds the coefficients of a linear expression to `into` and returns its constant; None when it is not linear."""
    if isinstance(expr, ir.AffineDimExpr):
        into[expr.position] = into.get(expr.position, 0) + scale
        return 0
    if isinstance(expr, ir.AffineConstantExpr):
        return int(expr.value) * scale
    if isinstance(expr, ir.AffineAddExpr):
        left, right = _linear(expr.lhs, scale, into), _linear(expr.rhs, scale, into)
        return None if left is None or right is None else left + right
    if isinstance(expr, ir.AffineMulExpr):
        for factor, other in ((expr.lhs, expr.rhs), (expr.rhs, expr.lhs)):
            if isinstance(factor, ir.AffineConstantExpr):
                return _linear(other, scale * factor.value, into)
    return None


def iterator_types(op: ir.Operation) -> list[str]:
    """ "parallel" or "reduction" for each loop of a `linalg.generic`."""
    return re.findall("<([a-z]+)>", str(op.attributes["iterator_types"]))


class _Analysis:
    def __init__(self, op: ir.Operation, b: Builder) -> None:
        self.op = op
        self.b = b
        self.symbols: list[ir.Value] = []
        self.maps: list[ir.AffineMap] = [attribute.value for attribute in op.attributes["indexing_maps"]]
        self.descriptors: dict[int, Descriptor] = {}
        self.reduces = [kind == "reduction" for kind in iterator_types(op)]
        self.extents = [self.extent(dim) for dim in range(len(self.reduces))]

    def symbol(self, value: Int) -> Product:
        if isinstance(value, int):
            return Product(value)
        self.symbols.append(value)
        return Product(1, (len(self.symbols) - 1,))

    def descriptor(self, operand: int) -> Descriptor:
        if operand not in self.descriptors:
            self.descriptors[operand] = Descriptor(self.b, self.op.operands[operand])
        return self.descriptors[operand]

    def extent(self, dim: int) -> Product:
        """The extent of a loop, static if any operand's type says it."""
        dynamic: tuple[int, int] | None = None
        for operand, map_ in enumerate(self.maps):
            for position, expr in enumerate(map_.results):
                if isinstance(expr, ir.AffineDimExpr) and expr.position == dim:
                    size = ir.MemRefType(self.op.operands[operand].type).shape[position]
                    if size != DYNAMIC:
                        return Product(size)
                    dynamic = dynamic or (operand, position)
        if dynamic is None:
            raise ValueError(f"linalg.generic: loop {dim} has no extent")
        return self.symbol(self.descriptor(dynamic[0]).size(dynamic[1]))

    def stored_strides(self, operand: int) -> list[Product]:
        """The strides of the memref itself."""
        type_ = ir.MemRefType(self.op.operands[operand].type)
        static, _ = type_.get_strides_and_offset()
        if isinstance(
            type_.layout, ir.AffineMapAttr
        ):  # the identity: strides are products of sizes, which lets loops be merged
            strides: list[Product] = []
            stride = ONE
            for position in reversed(range(type_.rank)):
                strides.insert(0, stride)
                if position:
                    expr = self.maps[operand].results[position]
                    size = type_.shape[position]
                    if size != DYNAMIC:
                        stride *= Product(size)
                    elif isinstance(expr, ir.AffineDimExpr):
                        stride *= self.extents[expr.position]
                    else:
                        stride *= self.symbol(self.descriptor(operand).size(position))
            return strides
        return [
            Product(stride) if stride != DYNAMIC else self.symbol(self.descriptor(operand).stride(position))
            for position, stride in enumerate(static)
        ]

    def access(self, operand: int, is_output: bool, is_read: bool) -> Access | None:
        type_ = ir.MemRefType(self.op.operands[operand].type)
        _, static_offset = type_.get_strides_and_offset()
        offset: Int = self.descriptor(operand).offset() if static_offset == DYNAMIC else static_offset
        per_loop: list[list[Product]] = [[] for _ in self.extents]
        for stride, expr in zip(self.stored_strides(operand), self.maps[operand].results, strict=True):
            coefficients: dict[int, int] = {}
            constant = _linear(expr, 1, coefficients)
            if constant is None:
                return None
            offset = self.b.add(offset, self.b.mul(constant, evaluate(self.b, stride, self.symbols)))
            for dim, coefficient in coefficients.items():
                per_loop[dim].append(stride * Product(coefficient))
        strides = [self.sum(parts) for parts in per_loop]
        base = self.b.address(self.descriptor(operand).aligned(), offset, storage_type(type_.element_type))
        return Access(base, type_.element_type, strides, is_output, is_read)

    def sum(self, parts: Sequence[Product]) -> Product:
        if len(parts) < 2:
            return parts[0] if parts else ZERO
        total: Int = 0
        for part in parts:
            total = self.b.add(total, evaluate(self.b, part, self.symbols))
        return self.symbol(total)


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


def analyze(op: ir.Operation, b: Builder) -> Nest | None:
    """The nest of a `linalg.generic` on memrefs, with `b` creating before it; None when its indexing is not linear or
    its body has regions.
    """
    body = op.regions[0].blocks[0]
    body_ops = operations(body, op)
    if any(len(inner.regions) for inner in body_ops):
        return None
    analysis = _Analysis(op, b)
    used = {operand for inner in body_ops for operand in inner.operands}
    inputs = int(op.attributes["operandSegmentSizes"][0])
    accesses: list[Access | ir.Value] = []
    for number, operand in enumerate(op.operands):
        if isinstance(operand.type, ir.MemRefType):
            access = analysis.access(number, number >= inputs, body.arguments[number] in used)
            if access is None:
                return None
            accesses.append(access)
        else:
            accesses.append(operand)
    loops = [Loop(analysis.extents[dim], analysis.reduces[dim], dim) for dim in range(len(analysis.extents))]
    indexed = {ir.IntegerAttr(inner.attributes["dim"]).value for inner in body_ops if inner.name == "linalg.index"}
    return simplify(Nest(op, loops, accesses, body, body_ops, analysis.symbols, indexed))


def simplify(nest: Nest) -> Nest:
    """Drops loops of extent one, orders the rest (parallel ones as in the output, then reductions) and merges
    neighbours that walk memory as one loop.
    """
    kept = [i for i, loop in enumerate(nest.loops) if loop.extent != ONE]
    first_output = nest.outputs[0].strides

    def place(i: int) -> tuple[bool, int, int]:
        stride = first_output[
            i
        ]  # a dynamic stride is larger than the static ones below it, and has more factors the further out it is
        return nest.loops[i].reduces, -len(stride.symbols), -stride.constant

    kept.sort(key=place)
    order: list[int] = []
    loops: list[Loop] = []
    for i in kept:
        loop = nest.loops[i]
        if loops and _mergeable(nest, loops[-1], order[-1], loop, i):
            loops[-1] = replace(loop, extent=loops[-1].extent * loop.extent, dim=None)
            order[-1] = i
        else:
            loops.append(loop)
            order.append(i)
    for access in nest.memory:
        access.strides = [access.strides[i] for i in order]
    nest.loops = loops
    return nest


def _mergeable(nest: Nest, outer: Loop, outer_at: int, inner: Loop, inner_at: int) -> bool:
    if outer.reduces != inner.reduces or nest.indexed & {outer_at, inner_at}:
        return False
    return all(access.strides[outer_at] == access.strides[inner_at] * inner.extent for access in nest.memory)
