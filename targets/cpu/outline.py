# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions for the thread pool: (context, lo, hi) over a range of items, with all that they need in the context.

The context is an array of words on the caller's stack.
"""

from collections.abc import Callable, Mapping, Sequence

from mlir import ir

from mograph import _native
from mograph.targets.cpu.builder import Builder, Int, operations
from mograph.targets.cpu.slots import Slots

PARALLEL = "mograph_parallel"

KernelBody = Callable[[Builder, Mapping[ir.Value, ir.Value], ir.Value, ir.Value], None]


class Outliner:
    """Makes functions in one module, which are called `name` and a number. `made` are those of them that nobody has
    taken from there yet.
    """

    def __init__(self, module: ir.Module, name: str = "kernel") -> None:
        self.module = module
        self.name = name
        self.count = 0
        self.made: list[ir.Operation] = []
        self._names: dict[bytes, str] = {}
        self.runtime = Runtime(module)

    def launch(
        self,
        b: Builder,
        passed: Sequence[ir.Value],
        body: KernelBody,
        items: Int,
        unit: int,
        picoseconds: Int,
        serial: bool = False,
    ) -> None:
        """Makes a function of `body(builder, values, lo, hi)`, where `values` are the `passed` ones as seen inside, and
        calls it over 0 <= i < items. Where one of the same code was made before, that one is called.
        """
        name = f"{self.name}_{self.count}"
        self.count += 1
        location = ir.Location.unknown()
        type_ = ir.FunctionType.get([b.ptr, b.i64, b.i64], [])
        attributes = {
            "sym_name": ir.StringAttr.get(name),
            "function_type": ir.TypeAttr.get(type_),
            "sym_visibility": ir.StringAttr.get("private"),
            "llvm.linkage": ir.Attribute.parse("#llvm.linkage<internal>"),
        }
        function = ir.Operation.create(
            "func.func", attributes=attributes, regions=1, ip=ir.InsertionPoint(self.module.body)
        )
        block = ir.Block.create_at_start(function.regions[0], [b.ptr, b.i64, b.i64], [location] * 3)
        end = ir.Operation.create("func.return", ip=ir.InsertionPoint(block))
        context, lo, hi = block.arguments
        first = ir.Operation.create(
            "arith.constant",
            results=[b.i64],
            attributes={"value": ir.IntegerAttr.get(b.i64, 0)},
            ip=ir.InsertionPoint(end),
        )
        inner = Builder(ir.InsertionPoint(end), start=ir.InsertionPoint(first))
        slots = Slots(b)
        reads = [slots.add(value) for value in passed]
        memory = slots.write()

        def word(at: int, type_: ir.Type) -> ir.Value:
            return inner.load(type_, inner.address(context, at, inner.i64), 8)

        body(inner, {value: read(inner, word) for value, read in zip(passed, reads, strict=True)}, lo, hi)
        first_name = self._names.setdefault(_native.function_code(function), name)
        if first_name == name:
            self.made.append(function)
        else:
            function.erase()
        symbol = ir.FlatSymbolRefAttr.get(first_name)
        if serial:
            b.create("func.call", [], [memory, b.value(0), b.value(items)], {"callee": symbol})
            return
        pointer = b.cast(b.ptr, b.one("func.constant", type_, value=symbol))
        self.runtime.call(b, PARALLEL, [pointer, memory, b.value(items), b.value(unit), b.value(picoseconds)])


class Runtime:
    """The functions of the runtime that a module calls, each declared once."""

    def __init__(self, module: ir.Module) -> None:
        self._module = module
        names = (op.attributes["sym_name"] for op in operations(module.body, module.operation))
        self._declared = {ir.StringAttr(name).value for name in names}

    def call(
        self, b: Builder, name: str, operands: Sequence[ir.Value], results: Sequence[ir.Type] = ()
    ) -> list[ir.Value]:
        """Calls a function of the runtime; gives its results."""
        if name not in self._declared:
            self._declared.add(name)
            attributes = {
                "sym_name": ir.StringAttr.get(name),
                "function_type": ir.TypeAttr.get(ir.FunctionType.get([value.type for value in operands], results)),
                "sym_visibility": ir.StringAttr.get("private"),
            }
            ir.Operation.create(
                "func.func",
                attributes=attributes,
                regions=1,
                ip=ir.InsertionPoint.at_block_begin(self._module.body),
                loc=ir.Location.unknown(),
            )
        return list(b.create("func.call", results, operands, {"callee": ir.FlatSymbolRefAttr.get(name)}).results)
