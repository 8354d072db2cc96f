# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is made of weights once, when a model is loaded: operands in the order in which kernels read them.

An entry's arguments that are weights have the attribute `mogg.weight`. Code that would rather read a weight in another
form asks for that by `Weights.prepare`: the function gets one more argument, a buffer of bytes, and next to `f` there
comes to be a function `mograph.prepare.f`, which takes the weights and the buffers and fills them. Callers hand on what
their callees ask for, up to the entries, whose buffers are the loader's to allocate and to have filled.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import DYNAMIC, Builder, Descriptor, Int, find
from mograph.targets.cpu.flow import VIEWS
from mograph.targets.cpu.nest import Access, storage_type
from mograph.targets.cpu.outline import Outliner

WEIGHT = "mogg.weight"
PREPARED = "mograph.prepared"
"""The attribute of a lowered module: by the name of each entry that has such buffers, the bytes of each, in order."""

Fill = Callable[[Builder, ir.Value, ir.Value, Int, Int], None]
"""`fill(b, source, target, lo, hi)` makes the code for the items lo <= i < hi of a buffer, given the addresses of the
first element that the access reads and of the buffer."""


@record
class Job:
    """How a buffer of so many bytes is filled: in so many items of about so many picoseconds each."""

    bytes: int
    items: int
    picoseconds: int
    fill: Fill


@record
class Part:
    """One of the `count` parts of a weight, `whole`, along its first dimension, `stride` elements apart. Which one is
    `index`, an index that is known when the function runs.
    """

    whole: ir.Value
    count: int
    stride: int
    index: ir.Value


_Make = Callable[[Builder, Callable[[ir.Value], ir.Value], Sequence[ir.Value], Outliner], None]


@record
class _Request:
    """Buffers of so many bytes, and `make(b, seen, buffers, outliner)`, the code that fills them: `seen` gives each
    weight as it is called there.
    """

    bytes: tuple[int, ...]
    make: _Make


class Weights:
    """The weights among the arguments of a function, by number, and what its code wants of them."""

    def __init__(self, function: ir.Operation, marked: Sequence[int] = ()) -> None:
        self.function, self._marked = function, marked
        self._requests: dict[object, tuple[_Request, list[ir.Value]]] = {}
        self._views: dict[ir.Value, ir.Operation | None] = {}
        self._parts: dict[ir.Value, Part] = {}
        if not marked:
            return
        arguments = function.regions[0].blocks[0].arguments
        self._views = {arguments[number]: None for number in marked}
        self._constants = {op.results[0]: op for op in find(function, "arith.constant")}
        for op in find(function, *VIEWS):
            source, *others = op.operands
            if source in self._views and all(other in self._constants for other in others):
                self._views[op.results[0]] = op
            elif source in self._views and op.name == "memref.subview":
                part = _part(op)
                if part is not None:
                    self._parts[op.results[0]] = part

    def has(self, memref: ir.Value) -> bool:
        """Whether a memref is a weight, or always the same part of one."""
        return memref in self._views

    def part(self, memref: ir.Value) -> Part | None:
        """Which part of a weight a memref is that is not always the same one; None where it is no such part."""
        return self._parts.get(memref)

    def prepare(self, access: Access, key: object, job: Job) -> ir.Value:
        """The buffer, a memref of bytes at the start of a line, that `job` has filled from what a nest reads. It is the
        same for the same key and what is read is the same.

        `access` is to a memref that `has` is true of, and it and the job depend on nothing that is known only when the
        function runs.
        """
        start = sum(part.constant for part in access.offset)
        element = storage_type(access.element)

        def make(
            b: Builder, seen: Callable[[ir.Value], ir.Value], buffers: Sequence[ir.Value], outliner: Outliner
        ) -> None:
            source = b.address(Descriptor(b, seen(access.memref)).aligned(), start, element)
            target = Descriptor(b, buffers[0]).aligned()

            def body(inner: Builder, values: Mapping[ir.Value, ir.Value], lo: ir.Value, hi: ir.Value) -> None:
                job.fill(inner, values[source], values[target], lo, hi)

            outliner.launch(b, [source, target], body, job.items, 1, job.picoseconds)

        return self._ask((access.memref, start, key), _Request((job.bytes,), make))[0]

    def hand_on(self, calls: Iterable[ir.Operation], functions: "Mapping[str, Weights]") -> None:
        """Gives the calls of the function the buffers that what they call asks for."""
        for call in calls:
            callee = functions.get(_callee(call))
            if callee is None or not callee._requests:
                continue
            given = [call.operands[number] for number in callee._marked]
            buffers = self._ask((callee._name, *given), _Request(callee.bytes, callee._call(given)))
            new = ir.Operation.create(
                "func.call",
                results=[result.type for result in call.results],
                operands=[*call.operands, *buffers],
                attributes={each: call.attributes[each] for each in call.attributes},
                ip=ir.InsertionPoint(call),
                loc=call.location,
            )
            for old, result in zip(call.results, new.results, strict=True):
                old.replace_all_uses_with(result)
            call.erase()

    @property
    def bytes(self) -> tuple[int, ...]:
        """The sizes of the buffers that are asked for."""
        return tuple(size for request, _ in self._requests.values() for size in request.bytes)

    @property
    def is_entry(self) -> bool:
        """Whether the function is public."""
        return "sym_visibility" not in self.function.attributes

    @property
    def _name(self) -> str:
        return str(ir.StringAttr(self.function.attributes["sym_name"]).value)

    def _call(self, given: Sequence[ir.Value]) -> _Make:
        callee = ir.FlatSymbolRefAttr.get(prepare_symbol(self._name))

        def make(
            b: Builder, seen: Callable[[ir.Value], ir.Value], buffers: Sequence[ir.Value], _outliner: Outliner
        ) -> None:
            b.create("func.call", [], [*map(seen, given), *buffers], {"callee": callee})

        return make

    def _ask(self, key: object, request: _Request) -> list[ir.Value]:
        if key not in self._requests:
            function = self.function
            block = function.regions[0].blocks[0]
            self._requests[key] = request, [block.add_argument(_buffer(n), function.location) for n in request.bytes]
        return self._requests[key][1]

    def _declare(self) -> None:
        """Says in the type of the function which arguments its body has by now."""
        function, types = self.function, [each.type for each in self.function.regions[0].blocks[0].arguments]
        old = ir.FunctionType(ir.TypeAttr(function.attributes["function_type"]).value)
        function.attributes["function_type"] = ir.TypeAttr.get(ir.FunctionType.get(types, old.results))
        if "arg_attrs" in function.attributes:
            given = list(ir.ArrayAttr(function.attributes["arg_attrs"]))
            more = [ir.DictAttr.get({})] * (len(types) - len(given))
            function.attributes["arg_attrs"] = ir.ArrayAttr.get([*given, *more])

    def write(self, outliner: Outliner) -> None:
        """Makes the function that fills the buffers, where there are any, which become arguments of this one."""
        if not self._requests:
            return
        self._declare()
        arguments = self.function.regions[0].blocks[0].arguments
        given = [arguments[number] for number in self._marked]
        types = [*(each.type for each in given), *map(_buffer, self.bytes)]
        function = ir.Operation.create(
            "func.func",
            attributes={
                "sym_name": ir.StringAttr.get(prepare_symbol(self._name)),
                "function_type": ir.TypeAttr.get(ir.FunctionType.get(types, [])),
                **({} if self.is_entry else {"sym_visibility": ir.StringAttr.get("private")}),
            },
            regions=1,
            ip=ir.InsertionPoint(outliner.module.body),
            loc=self.function.location,
        )
        block = ir.Block.create_at_start(function.regions[0], types, [self.function.location] * len(types))
        end = ir.Operation.create("func.return", ip=ir.InsertionPoint(block), loc=self.function.location)
        b = Builder.before(end, function)
        known = dict(zip(given, block.arguments, strict=False))

        def seen(memref: ir.Value) -> ir.Value:
            if memref not in known:
                view = self._views[memref]
                assert view is not None
                clone = view.clone(ip=b.at)
                clone.operands[0] = seen(view.operands[0])
                for number, other in list(enumerate(view.operands))[1:]:
                    clone.operands[number] = self._constants[other].clone(ip=b.at).results[0]
                known[memref] = clone.results[0]
            return known[memref]

        buffers = iter(list(block.arguments)[len(given) :])
        with self.function.location:
            for request, _ in self._requests.values():
                request.make(b, seen, [next(buffers) for _ in request.bytes], outliner)


def _part(op: ir.Operation) -> Part | None:
    """The part that a subview is of a memref of known extents: one index of its first dimension, and all of others."""
    type_ = ir.MemRefType(op.operands[0].type)
    offsets, sizes, steps = (
        list(ir.DenseI64ArrayAttr(op.attributes[name])) for name in ("static_offsets", "static_sizes", "static_strides")
    )
    whole = type_.has_static_shape and offsets[0] == DYNAMIC and not any(offsets[1:])
    if not whole or sizes != [1, *type_.shape[1:]] or set(steps) != {1}:
        return None
    strides, offset = type_.get_strides_and_offset()
    if DYNAMIC in (offset, strides[0]):
        return None
    return Part(op.operands[0], type_.shape[0], strides[0], op.operands[1])


def prepare_symbol(name: str) -> str:
    """What the function is called that fills the buffers of the function `name`."""
    return f"mograph.prepare.{name}"


def _buffer(size: int) -> ir.Type:
    return ir.MemRefType.get([size], ir.IntegerType.get_signless(8))


def _callee(call: ir.Operation) -> str:
    return str(ir.FlatSymbolRefAttr(call.attributes["callee"]).value)


def prepare_weights(module: ir.Module, outliner: Outliner, weights: Mapping[str, Weights]) -> None:
    """Makes the functions that fill what the functions of a module, whose `weights_of` they are, ask for, and writes
    down what their entries have to be given.
    """
    prepared = {}
    for each in weights.values():
        each.hand_on(find(each.function, "func.call"), weights)
    for name, each in weights.items():
        each.write(outliner)
        if each.is_entry and each.bytes:
            prepared[name] = ir.DenseI64ArrayAttr.get(each.bytes)
    if prepared:
        module.operation.attributes[PREPARED] = ir.DictAttr.get(prepared)


def weights_of(module: ir.Module) -> dict[str, Weights]:
    """The weights of each function with a body, those that are called before their callers.

    An argument of a private function is a weight where all callers give it one.
    """
    functions = {
        str(ir.StringAttr(op.attributes["sym_name"]).value): op
        for op in find(module.operation, "func.func")
        if len(op.regions[0].blocks)
    }
    if not any(map(marked, functions.values())):
        return {name: Weights(op) for name, op in functions.items()}
    calls = {name: [c for c in find(op, "func.call") if _callee(c) in functions] for name, op in functions.items()}
    taken = {str(ir.FlatSymbolRefAttr(op.attributes["value"]).value) for op in find(module.operation, "func.constant")}
    found: dict[str, Weights] = {}
    given: dict[str, set[int]] = {}
    for name in reversed(_callees_first(calls)):
        function = functions[name]
        private = sorted(given.get(name, ())) if name not in taken else []
        weights = found[name] = Weights(
            function, private if "sym_visibility" in function.attributes else marked(function)
        )
        for call in calls[name]:
            passed = {number for number, operand in enumerate(call.operands) if weights.has(operand)}
            given[_callee(call)] = given[_callee(call)] & passed if _callee(call) in given else passed
    return dict(reversed(found.items()))


def marked(function: ir.Operation) -> list[int]:
    """The numbers of the arguments that the function itself says are weights."""
    if "arg_attrs" not in function.attributes:
        return []
    attributes = ir.ArrayAttr(function.attributes["arg_attrs"])
    return [number for number, each in enumerate(attributes) if WEIGHT in ir.DictAttr(each)]


def forget_weights(module: ir.Module) -> None:
    """Lets no function say that any of its arguments is a weight."""
    for function in find(module.operation, "func.func"):
        if marked(function):
            kept = (
                ir.DictAttr.get({name.name: name.attr for name in ir.DictAttr(each) if name.name != WEIGHT})
                for each in ir.ArrayAttr(function.attributes["arg_attrs"])
            )
            function.attributes["arg_attrs"] = ir.ArrayAttr.get(list(kept))


def _callees_first(calls: Mapping[str, Sequence[ir.Operation]]) -> list[str]:
    order: list[str] = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name not in seen:
            seen.add(name)
            for call in calls[name]:
                visit(_callee(call))
            order.append(name)

    for name in calls:
        visit(name)
    return order
