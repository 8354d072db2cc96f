# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a thread reads, computes and writes of a nest at one point, or at some neighbours along one loop."""

from collections.abc import Callable, Collection, Mapping, Sequence

from mlir import ir

from mograph.targets.cpu.body import VectorBody, from_storage, spread, to_storage, vector_of
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import ONE, ZERO, Access, Nest, Product, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import element_bytes

VECTOR = 16  # bytes that a thread loads or stores at once
WIDEST = 16  # elements
LONG = 8  # bytes of a number that takes two registers
NARROW = 1 << 31
UNSIGNED_LESS, EQUAL = 6, 0  # arith's predicates


class Points:
    """Makes what threads do at points of a nest, of which neighbours are along the loop `along`, if any."""

    def __init__(self, b: Builder, nest: Nest, seen: Seen, along: int | None) -> None:
        self.b, self.nest, self.seen, self.along = b, nest, seen, along
        self._body = VectorBody(b, nest, seen, along or 0, fused=False)
        self._strides = [
            [evaluate(b, stride, seen.symbols) for stride in access.strides] if isinstance(access, Access) else []
            for access in nest.accesses
        ]
        self.reads = [k for k, each in enumerate(nest.accesses) if isinstance(each, Access) and each.is_read]
        self.first_output = len(nest.accesses) - len(nest.outputs)

    def access(self, k: int) -> Access:
        """An operand that is in memory."""
        access = self.nest.accesses[k]
        assert isinstance(access, Access)
        return access

    def address(self, k: int, indices: Mapping[int, Int]) -> ir.Value:
        """Where an operand is at these indices of the loops; those that are not given are 0."""
        offset: Int = 0
        for loop, index in indices.items():
            offset = self.b.add(offset, self.b.mul(index, self._strides[k][loop]))
        return self.b.address(self.seen.bases[k], offset, storage_type(self.access(k).element))

    def load(self, k: int, indices: Mapping[int, Int], width: int) -> ir.Value:
        """An operand: `width` neighbours, or a scalar where they are all the same."""
        access, b = self.access(k), self.b
        storage, bytes_ = storage_type(access.element), element_bytes(access.element)
        stride = ZERO if self.along is None else access.strides[self.along]
        address = self.address(k, indices)
        if width == 1 or stride == ZERO:
            return from_storage(b, b.load(storage, address, bytes_), access.element)
        type_ = vector_of(storage, width)
        if stride == ONE:
            return from_storage(b, b.load(type_, address, min(VECTOR, width * bytes_)), access.element)
        step, value = evaluate(b, stride, self.seen.symbols), b.number(type_, 0)
        for lane in range(width):
            element = b.load(storage, b.address(address, b.mul(step, lane), storage), bytes_)
            at = ir.DenseI64ArrayAttr.get([lane])
            value = b.one("vector.insert", type_, element, value, static_position=at)
        return from_storage(b, value, access.element)

    def store(self, k: int, indices: Mapping[int, Int], value: ir.Value, width: int) -> None:
        """Stores an output that `width` neighbours have; they lie together where that is not 1."""
        access = self.access(k)
        value = to_storage(self.b, spread(self.b, value, width), access.element)
        self.b.store(value, self.address(k, indices), min(VECTOR, width * element_bytes(access.element)))

    def apply(self, arguments: Mapping[int, ir.Value], indices: Mapping[int, Int], width: int) -> list[ir.Value]:
        """The body's results; `arguments` has the values of operands in memory that it reads, by number."""
        given = {k: self.seen.bases[k] for k, each in enumerate(self.nest.accesses) if not isinstance(each, Access)}
        return self._body.apply({**given, **arguments}, indices, width)


def evaluate_all(
    group: Group,
    points: Sequence[Points],
    indices: Mapping[int, Int],
    width: int,
    given: tuple[int, Callable[[Mapping[ir.Value, ir.Value]], Sequence[ir.Value]]] | None = None,
) -> None:
    """Computes all nests of a group at one place, from values that are known already where nests hand them on, and then
    stores what is read elsewhere. The nest whose number is `given` has its results made of the values known so far.
    """
    known: dict[ir.Value, ir.Value] = {}
    stores = []
    last = {access.memref: number for number, nest in enumerate(group.nests) for access in nest.outputs}
    for number, at in enumerate(points):
        if given is not None and given[0] == number:
            values = given[1](known)
        else:
            arguments = {}
            for k in at.reads:
                memref = at.access(k).memref
                arguments[k] = known[memref] if memref in known else at.load(k, indices, width)
            values = at.apply(arguments, indices, width)
        for k, value in enumerate(values, at.first_output):
            memref = at.access(k).memref
            known[memref] = value
            if memref not in group.temps and last[memref] == number:
                stores.append((at, k, value))
    for at, k, value in stores:
        at.store(k, indices, value, width)


def width_of(nests: Sequence[Nest], along: int, temps: Collection[ir.Value] = ()) -> int:
    """How many neighbours along a loop that all nests have threads take at once, as `width_of_walks` says."""
    return width_of_walks([(nest, along) for nest in nests], temps)


def width_of_walks(walks: Sequence[tuple[Nest, int]], temps: Collection[ir.Value]) -> int:
    """How many neighbours threads take at once, each nest along a loop of its own, so that they load or store `VECTOR`
    bytes of the narrowest operand that is in memory, which `temps` are not; fewer where numbers of 64 bits would take
    many registers, and 1 where bodies take no vectors or outputs do not lie together.
    """
    sizes, most = [], WIDEST
    for nest, along in walks:
        if any(op.name == "memref.load" for op in nest.body_ops):
            return 1
        if any(element_bytes(result.type) >= LONG for op in nest.body_ops for result in op.results):
            most = VECTOR // LONG
        for access in nest.memory:
            if access.strides[along] == ONE and access.memref not in temps:
                sizes.append(element_bytes(access.element))
            elif access.strides[along] not in (ZERO, ONE) and access.is_output:
                return 1
    return max(1, min(most, VECTOR // min(sizes), 2 * VECTOR // max(sizes))) if sizes else 1


def steps(nests: Sequence[Nest], along: int) -> list[Product]:
    """What has to be a multiple of the width for vectors along a loop to be aligned: strides along other loops, and
    offsets.
    """
    found = []
    for nest in nests:
        for access in nest.memory:
            if access.strides[along] == ONE:
                others = [stride for loop, stride in enumerate(access.strides) if loop != along]
                found += [each for each in (*others, *access.offset) if each != ZERO]
    return list(dict.fromkeys(found))


def aligned(steps: Sequence[Product], width: int) -> tuple[int, list[Product]]:
    """The largest width, of those that divide the given one, that all known steps are multiples of; and the steps that
    have to be looked at when it runs.
    """
    for step in steps:
        while not step.symbols and step.constant % width:
            width //= 2
    return width, [step for step in steps if step.constant % width]


def fits(b: Builder, steps: Sequence[Product], width: int, symbols: Sequence[ir.Value]) -> ir.Value | None:
    """Whether all steps are multiples of the width; None where there are none to ask for."""
    if not steps or width == 1:
        return None
    bits = b.value(0)
    for step in steps:
        bits = b.one("arith.ori", b.i64, bits, b.value(evaluate(b, step, symbols)))
    rest = b.one("arith.andi", b.i64, bits, b.value(width - 1))
    return compare(b, EQUAL, rest, 0)


def compare(b: Builder, predicate: int, left: Int, right: Int) -> ir.Value:
    """`arith.cmpi` of i64."""
    return b.one("arith.cmpi", b.i1, b.value(left), b.value(right), predicate=ir.IntegerAttr.get(b.i64, predicate))


def less(b: Builder, left: Int, right: Int) -> ir.Value | None:
    """Whether one number that is not negative is less than another; None where it is known to be."""
    return (
        None
        if isinstance(left, int) and isinstance(right, int) and left < right
        else compare(b, UNSIGNED_LESS, left, right)
    )


def where(
    b: Builder, condition: ir.Value | None, then: Callable[[], None], otherwise: Callable[[], None] | None = None
) -> None:
    """`scf.if` without results; `then` alone where there is no condition."""
    if condition is None:
        then()
        return
    op = b.create("scf.if", [], [condition], regions=2)
    for region, code in zip(op.regions, (then, otherwise), strict=True):
        if code is not None:
            with b.inside(ir.Block.create_at_start(region)):
                code()
                b.create("scf.yield", [], [])


def both(b: Builder, *conditions: ir.Value | None) -> ir.Value | None:
    """Whether all of some conditions hold; None is one that does."""
    known = [each for each in conditions if each is not None]
    result = known[0] if known else None
    for each in known[1:]:
        result = b.one("arith.andi", b.i1, result, each)
    return result


def split(b: Builder, number: Int, extents: Sequence[Int], narrow: bool) -> list[Int]:
    """The indices of loops of these extents, the last of which changes fastest, at a point by number; computed in 32
    bits where `narrow` says that all numbers have no more.
    """
    indices: list[Int] = []
    for extent in reversed(extents[1:]):
        if not narrow or not isinstance(number, ir.Value) or not isinstance(extent, int) or extent == 1:
            number, index = b.split(number, extent)
        else:
            short, by = b.one("arith.trunci", b.i32, number), b.number(b.i32, extent)
            quotient, rest = b.one("arith.divui", b.i32, short, by), b.one("arith.remui", b.i32, short, by)
            number, index = (b.one("arith.extui", b.i64, each) for each in (quotient, rest))
        indices.insert(0, index)
    return [number, *indices] if extents else []


def is_narrow(extents: Sequence[Product]) -> bool:
    """Whether the number of points of some loops is known to have fewer than 32 bits."""
    total = 1
    for extent in extents:
        total *= extent.constant
    return total < NARROW and not any(extent.symbols for extent in extents)


def name_of(what: str, extents: Sequence[Product]) -> str:
    """A name for a kernel: what it does, and the extents of its loops, `n` where they are not known."""
    known = ("n" if extent.symbols else str(extent.constant) for extent in extents)
    return "_".join(filter(None, (what, "x".join(known))))
