# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Vector code for a loop nest under a plan.

The code needs none of LLVM's optimisations before instruction selection: loads are hoisted to the loop that they depend
on, and vector operations are explicit.

A vectorised parallel loop takes `width` elements at once and the rest `tail` at once, the last of these partially. A
vectorised reduction carries a vector of partial results through all reduction loops and combines its elements at the
end. The order of a sum thus depends on the shape alone.
"""

from collections.abc import Mapping, Sequence

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.extremes import EXTREMES, best, better
from mograph.targets.cpu.gathers import gather, loads, moving
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import ONE, ZERO, Access, Nest, Seen, evaluate, storage_type
from mograph.targets.cpu.partial import Partial, element_bits, element_bytes
from mograph.targets.cpu.plan import COMBINERS, LINE, Plan, combiners


@record
class Place:
    """Where in the nest code is being made: index of each loop entered, offset of each access, what is known so far of
    the values in the body (scalars, or vectors), and how many elements of the vectorised loop are taken: `width`, of
    which only the first `count` exist unless that is None.
    """

    indices: Mapping[int, Int]
    offsets: Sequence[Int]
    known: Mapping[ir.Value, ir.Value]
    width: int = 1
    count: Int | None = None


class NestCode:
    """Makes the code of one nest with builder `b`. A `fresh` reduction does not add to what its outputs hold."""

    def __init__(
        self,
        b: Builder,
        nest: Nest,
        plan: Plan,
        seen: Seen,
        machine: Machine,
        fresh: bool = False,
        ahead: Mapping[int, Int] | None = None,
    ) -> None:
        self.b, self.nest, self.plan, self.bases, self.captured = b, nest, plan, seen.bases, seen.captured
        self.origins, self.fresh, self.ahead = seen.origins, fresh, ahead or {}
        self._from_neutral = False  # whether a reduction's partial results start with neutral elements
        self._moving = moving(nest, plan.loop) if plan.loop is not None and loads(nest) else set[ir.Value]()
        self._numbers: dict[ir.Value, int] = {}  # results of `linalg.index`, and of which dimensions
        self.partial = Partial(b, machine.masks)
        symbols = seen.symbols
        self.extents = [evaluate(b, loop.extent, symbols) for loop in nest.loops]
        self.strides = [
            [evaluate(b, stride, symbols) for stride in access.strides] if isinstance(access, Access) else []
            for access in nest.accesses
        ]
        self.reductions = next((i for i, loop in enumerate(nest.loops) if loop.reduces), len(nest.loops))
        order = list(range(len(nest.loops)))
        if plan.loop is not None:  # the vectorised loop is the innermost of its kind
            order.remove(plan.loop)
            order.insert(len(order) if nest.loops[plan.loop].reduces else self.reductions - 1, plan.loop)
        self.order = order
        self.first_output = len(nest.accesses) - len(nest.outputs)

    def emit(self, lo: Int, hi: Int) -> None:
        """The nest with its outermost loop going from `lo` to `hi`."""
        self._parallel(0, self._start(), (lo, hi))

    def emit_all(self) -> None:
        """The whole nest."""
        self._parallel(0, self._start())

    def _start(self) -> Place:
        return Place({}, [0] * len(self.nest.accesses), {})

    def emit_point(self, indices: Mapping[int, Int], width: int = 1) -> None:
        """The nest at these indices of its parallel loops, for so many elements of the vectorised one."""
        place = Place({}, [0] * len(self.nest.accesses), {})
        for loop, index in indices.items():
            place = self._enter(place, loop, index, width if loop == self.plan.loop else None)
        self._reduce_or_compute(self.reductions, self._hoist(self.reductions, place))

    # Loops

    def _enter(self, place: Place, loop: int, index: Int, width: int | None = None, count: Int | None = None) -> Place:
        offsets = [
            self.b.add(offset, self.b.mul(index, self.strides[k][loop])) if isinstance(access, Access) else 0
            for k, (access, offset) in enumerate(zip(self.nest.accesses, place.offsets, strict=True))
        ]
        return Place(
            {**place.indices, loop: index}, offsets, place.known, width or place.width, count if width else place.count
        )

    def _bounds(self, depth: int, outermost: tuple[Int, Int] | None) -> tuple[Int, Int]:
        return outermost if depth == 0 and outermost else (0, self.extents[self.order[depth]])

    def _parallel(self, depth: int, place: Place, outermost: tuple[Int, Int] | None = None) -> None:
        place = self._hoist(depth, place)
        if depth == self.reductions:
            self._reduce_or_compute(depth, place)
            return
        loop = self.order[depth]
        lo, hi = self._bounds(depth, outermost)
        if loop != self.plan.loop:
            self.b.each(lo, hi, 1, lambda index: self._parallel(depth + 1, self._enter(place, loop, index)))
            return
        if self.plan.stream is not None and not self.plan.stream.aligned:
            self._from_line(depth, place, loop, lo, hi)
            return
        if self._whole(loop) and not (depth == 0 and outermost):
            self._vectors(depth, place, loop, lo, hi)
            return
        main = self._wide(depth, place, loop, lo, hi)
        self._narrow(depth, place, loop, main, hi)

    def _whole(self, loop: int) -> bool:
        """Whether a loop is known to be made of whole vectors."""
        return self.nest.loops[loop].extent.constant % self.plan.width == 0

    def _wide(self, depth: int, place: Place, loop: int, lo: Int, hi: Int) -> Int:
        """Takes as many whole vectors as there are; returns where they end."""
        main = self.b.add(lo, self.b.round_down(self.b.sub(hi, lo), self.plan.width))
        self._vectors(depth, place, loop, lo, main)
        return main

    def _vectors(self, depth: int, place: Place, loop: int, lo: Int, hi: Int) -> None:
        """Takes whole vectors only."""
        width = self.plan.width
        self.b.each(lo, hi, width, lambda index: self._parallel(depth + 1, self._enter(place, loop, index, width)))

    def _narrow(self, depth: int, place: Place, loop: int, lo: Int, hi: Int) -> None:
        tail = self.plan.tail

        def rest(index: Int) -> None:
            left = self.b.sub(hi, index)
            count = self.b.min(left, tail)
            self._parallel(depth + 1, self._enter(place, loop, index, tail, None if count == tail else count))

        self.b.each(lo, hi, tail, rest)

    def _from_line(self, depth: int, place: Place, loop: int, lo: Int, hi: Int) -> None:
        """Takes vectors from where a line of the cache starts on, and what is before and behind them in two trips of a
        loop, so that the code of that is there once.
        """
        b, stream = self.b, self.plan.stream
        assert stream is not None
        access = self._access(stream.operand)
        bytes_ = element_bytes(access.element)
        start = b.address(
            self.bases[stream.operand], b.add(place.offsets[stream.operand], lo), storage_type(access.element)
        )
        away = b.one("arith.subi", b.i64, b.value(0), b.one("llvm.ptrtoint", b.i64, start))
        elements = b.one(
            "arith.shrui", b.i64, b.one("arith.andi", b.i64, away, b.value(LINE - 1)), b.value(bytes_.bit_length() - 1)
        )
        first = b.add(lo, b.min(elements, b.sub(hi, lo)))
        main = b.add(first, b.round_down(b.sub(hi, first), self.plan.width))

        def part(number: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            before = b.one("arith.cmpi", b.i1, number, b.value(0), predicate=ir.IntegerAttr.get(b.i64, 0))

            def choose(one: Int, other: Int) -> ir.Value:
                return b.one("arith.select", b.i64, before, b.value(one), b.value(other))

            self._narrow(depth, place, loop, choose(lo, main), choose(first, hi))
            self._wide(depth, place, loop, first, choose(main, first))
            return []

        b.loop(0, 2, 1, [], part)

    def _reduce_or_compute(self, depth: int, place: Place) -> None:
        if self.reductions == len(self.order):
            self._store(place, self._compute(place, {}))
            return
        horizontal = self.plan.loop is not None and self.nest.loops[self.plan.loop].reduces
        self._from_neutral = horizontal or self.fresh
        outputs = range(self.first_output, len(self.nest.accesses))
        kinds = combiners(self.nest) or []
        if self.fresh:
            elements = [self._access(k).element for k in outputs]
            start = [self._neutral(kind, element, place.width) for kind, element in zip(kinds, elements, strict=True)]
        else:
            start = [self._load(k, place) for k in outputs]
        if not horizontal:
            self._store(place, self._reduce(depth, place, start))
            return
        neutral = [self._neutral(kind, value.type, self.plan.width) for kind, value in zip(kinds, start, strict=True)]
        partial = self._reduce(depth, place, neutral)
        self._store(place, [self._combine(kind, a, v) for kind, a, v in zip(kinds, start, partial, strict=True)])

    def _reduce(self, depth: int, place: Place, carried: list[ir.Value]) -> list[ir.Value]:
        place = self._hoist(depth, place)
        if depth == len(self.order):
            outputs = range(self.first_output, len(self.nest.accesses))
            return self._compute(place, dict(zip(outputs, carried, strict=True)))
        loop = self.order[depth]
        hi = self.extents[loop]
        if loop != self.plan.loop:
            return self.b.loop(
                0,
                hi,
                1,
                carried,
                lambda index, values: self._reduce(depth + 1, self._enter(place, loop, index), values),
            )
        width = self.plan.width
        main = hi if self._whole(loop) else self.b.round_down(hi, width)
        if main != 0:
            carried = self.b.loop(
                0,
                main,
                width,
                carried,
                lambda index, values: self._reduce(depth + 1, self._enter(place, loop, index, width), values),
            )
        if main == hi:
            return carried
        left = self.b.sub(hi, main)

        def rest(index: Int, values: list[ir.Value]) -> list[ir.Value]:
            new = self._reduce(depth + 1, self._enter(place, loop, index, width, left), values)
            mask = self.partial.mask(width, left)
            pairs = zip(new, values, strict=True)
            return [self.b.one("arith.select", value.type, mask, value, old) for value, old in pairs]

        if isinstance(main, int):
            return rest(main, carried)
        return self.b.loop(main, hi, width, carried, rest)

    # Reductions of a vector

    def _neutral(self, kind: str, scalar: ir.Type, width: int) -> ir.Value:
        text = COMBINERS[kind][1]
        number: float
        if not isinstance(scalar, ir.IntegerType):
            number = float(text)
        elif text in ("lowest", "highest"):
            number = -(1 << (scalar.width - 1)) if text == "lowest" else (1 << (scalar.width - 1)) - 1
        else:
            number = abs(int(text)) if scalar.width == 1 else int(text)
        return self.b.number(self._vector(scalar, width), number)

    def _combine(self, kind: str, start: ir.Value, partial: ir.Value) -> ir.Value:
        name = COMBINERS[kind][0]
        if kind in EXTREMES:
            return self.b.one(kind, start.type, start, best(self.b, kind, partial))
        attributes: dict[str, ir.Attribute] = {"kind": ir.Attribute.parse(f"#vector.kind<{name}>")}
        if kind in ("arith.addf", "arith.mulf"):
            attributes["fastmath"] = ir.Attribute.parse("#arith.fastmath<reassoc>")
        total = self.b.create("vector.reduction", [start.type], [partial], attributes).results[0]
        return self.b.one(kind, start.type, start, total)

    # The body

    def _vector(self, element: ir.Type, width: int) -> ir.Type:
        return ir.VectorType.get([width], element) if width > 1 else element

    def _spread(self, value: ir.Value, width: int) -> ir.Value:
        if width == 1 or isinstance(value.type, ir.VectorType):
            return value
        return self.b.one("vector.broadcast", ir.VectorType.get([width], value.type), value)

    def _compute(self, place: Place, carried: Mapping[int, ir.Value]) -> list[ir.Value]:
        """The body's results."""
        values = dict(place.known)
        for k, (argument, access) in enumerate(zip(self.nest.body.arguments, self.nest.accesses, strict=True)):
            if k in carried:
                values[argument] = carried[k]
            elif argument not in values and (not isinstance(access, Access) or access.is_read):
                values[argument] = self._load(k, place) if isinstance(access, Access) else self.bases[k]
        for op in self.nest.body_ops[:-1]:
            if not len(op.results) or op.results[0] not in values:
                self._clone(op, place, values, place.width)
        return [self._operand(value, values, place.width) for value in self.nest.yielded]

    def _operand(self, value: ir.Value, values: Mapping[ir.Value, ir.Value], width: int) -> ir.Value:
        if value in values:
            return self._spread(values[value], width)
        outer = self.captured[value]
        if isinstance(outer, ir.Attribute):
            return self.b.constant(self._vector(value.type, width), outer)
        return self._spread(outer, width)

    def _clone(self, op: ir.Operation, place: Place, values: dict[ir.Value, ir.Value], width: int) -> None:
        b = self.b
        if op.name == "linalg.index":
            self._numbers[op.results[0]] = ir.IntegerAttr(op.attributes["dim"]).value
            values[op.results[0]] = self._index(self._numbers[op.results[0]], b.index, place)
        elif op.name == "arith.index_cast" and op.operands[0] in self._numbers:  # a vector of narrow numbers is shorter
            values[op.results[0]] = self._index(self._numbers[op.operands[0]], op.results[0].type, place)
        elif op.name == "arith.constant":
            values[op.results[0]] = b.constant(self._vector(op.results[0].type, width), op.attributes["value"])
        elif op.name in EXTREMES and self._from_neutral and op.results[0] in self.nest.yielded:
            totals = list(self.nest.body.arguments)[self.first_output :]
            term, total = sorted(op.operands, key=lambda operand: operand in totals)
            pair = [self._operand(value, values, width) for value in (term, total)]
            values[op.results[0]] = better(self.b, op.name, *pair)
        else:
            if op.name == "memref.load":
                operands = [
                    self._memref(op.operands[0]),
                    *(self._operand(value, values, width) for value in list(op.operands)[1:]),
                ]
                if width > 1:
                    mask = None if place.count is None else self.partial.mask(width, place.count)
                    values[op.results[0]] = gather(b, op, operands, self._moving, mask)
                    return
            else:
                operands = [self._operand(value, values, width) for value in op.operands]
            clone = op.clone(ip=b.at)  # with its attributes, which are not looked at: that would import their dialect
            for number, operand in enumerate(operands):
                clone.operands[number] = operand
            for result in clone.results:
                result.set_type(self._vector(result.type, width))
            values.update(zip(op.results, clone.results, strict=True))

    def _memref(self, value: ir.Value) -> ir.Value:
        outer = self.captured[value]
        assert isinstance(outer, ir.Value)
        return outer

    def _index(self, dim: int, type_: ir.Type, place: Place) -> ir.Value:
        """Where in a dimension the elements are, as numbers of an integer type or index."""
        b, width = self.b, place.width
        loop = next((i for i, loop in enumerate(self.nest.loops) if loop.dim == dim), None)
        number = b.value(b.add(self.origins.get(dim, 0), place.indices[loop] if loop is not None else 0))
        if isinstance(type_, ir.IndexType):
            number = b.one("arith.index_cast", type_, number)
        elif type_.width < 64:
            number = b.one("arith.trunci", type_, number)
        value = self._spread(number, width)
        if loop is None or loop != self.plan.loop or width == 1:
            return value
        if isinstance(type_, ir.IndexType):
            return b.one("arith.addi", value.type, value, b.one("vector.step", value.type))
        steps = ir.DenseElementsAttr.get([ir.IntegerAttr.get(type_, i) for i in range(width)], value.type)
        return b.one("arith.addi", value.type, value, b.constant(value.type, steps))

    # Memory

    def _hoist(self, depth: int, place: Place) -> Place:
        """Loads the inputs whose address no deeper loop changes, and computes what follows from them alone."""
        inner = self.order[depth:]
        known = dict(place.known)
        for k, (argument, access) in enumerate(zip(self.nest.body.arguments, self.nest.accesses, strict=True)):
            if k >= self.first_output or not isinstance(access, Access) or not access.is_read or argument in known:
                continue
            if all(access.strides[i] == ZERO for i in inner):
                known[argument] = self._load(k, place)
        if inner and len(known) > len(place.known):
            for op in self.nest.body_ops[:-1]:
                found = [known[operand] for operand in op.operands if operand in known]
                if not found or op.results[0] in known or op.name == "memref.load":  # that may not be in bounds yet
                    continue
                if all(operand in known or operand in self.captured for operand in op.operands):
                    vector = any(isinstance(value.type, ir.VectorType) for value in found)
                    self._clone(op, place, known, place.width if vector else 1)
        return Place(place.indices, place.offsets, known, place.width, place.count)

    def _is_vector(self, access: Access, place: Place) -> bool:
        return place.width > 1 and self.plan.loop is not None and access.strides[self.plan.loop] == ONE

    def _access(self, k: int) -> Access:
        access = self.nest.accesses[k]
        assert isinstance(access, Access)
        return access

    def _load(self, k: int, place: Place) -> ir.Value:
        access = self._access(k)
        storage = storage_type(access.element)
        address = self.b.address(self.bases[k], place.offsets[k], storage)
        if not self._is_vector(access, place):
            value = self._from_storage(self.b.load(storage, address, element_bytes(storage)), access.element)
            return self._spread(value, place.width) if access.is_output else value
        if k in self.ahead and place.count is None and place.width == self.plan.width:
            later, bytes_ = self.b.add(place.offsets[k], self.ahead[k]), element_bytes(storage)
            for line in range(0, place.width * bytes_, LINE):
                self.b.prefetch(self.b.address(self.bases[k], self.b.add(later, line // bytes_), storage), 2)
        return self._from_storage(
            self.partial.load(self._vector(storage, place.width), address, place.count), access.element
        )

    def _store(self, place: Place, values: Sequence[ir.Value]) -> None:
        stream = self.plan.stream
        for k, value in zip(range(self.first_output, len(self.nest.accesses)), values, strict=True):
            access = self._access(k)
            storage = storage_type(access.element)
            address = self.b.address(self.bases[k], place.offsets[k], storage)
            value = self._to_storage(value, access.element)
            if stream is not None and stream.operand == k and place.count is None and place.width == self.plan.width:
                self.b.store(value, address, LINE, past_caches=True)
            elif isinstance(value.type, ir.VectorType):
                self.partial.store(value, address, place.count)
            else:
                self.b.store(value, address, element_bytes(storage))

    def _from_storage(self, value: ir.Value, element: ir.Type) -> ir.Value:
        return self._convert(value, element, "arith.trunci", element_bits(element) == 1)

    def _to_storage(self, value: ir.Value, element: ir.Type) -> ir.Value:
        return self._convert(value, storage_type(element), "arith.extui", element_bits(element) == 1)

    def _convert(self, value: ir.Value, element: ir.Type, boolean: str, is_boolean: bool) -> ir.Value:
        old = value.type.element_type if isinstance(value.type, ir.VectorType) else value.type
        if old == element:
            return value
        width = value.type.shape[0] if isinstance(value.type, ir.VectorType) else 1
        cast = (
            "arith.index_cast"
            if isinstance(old, ir.IndexType) or isinstance(element, ir.IndexType)
            else "arith.bitcast"
        )
        return self.b.one(boolean if is_boolean else cast, self._vector(element, width), value)
