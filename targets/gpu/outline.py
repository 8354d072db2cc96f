# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kernels: functions of `gpu.module @kernels`, and calls of the runtime that launch them."""

from collections.abc import Callable, Mapping, Sequence

from mlir import ir

from mograph.targets.cpu.builder import Builder
from mograph.targets.cpu.outline import Runtime
from mograph.targets.cpu.slots import Slots
from mograph.targets.gpu.group import Grid, Thread

KERNELS = "kernels"
"""The name of the module of kernels."""
GLOBAL = 1
"""The number of the memory that all threads share, in LLVM's code for every kind of GPU."""
SHARED = 3
"""The number of the memory that the threads of a block share."""
LAUNCH = "mograph_device_launch"
BESIDE = "blocks_beside"
"""The attribute of a kernel that says how many of its blocks leave registers for each other on a multiprocessor."""

KernelBody = Callable[[Builder, Mapping[ir.Value, ir.Value], Thread], None]


class Kernels:
    """The kernels of a module, which are numbered; those of equal content are one. `newest` is the function that is
    being made, or was made last.
    """

    def __init__(self, module: ir.Module) -> None:
        self.runtime = Runtime(module)
        self._numbers: dict[str, int] = {}
        self._shared: set[str] = set()
        self.newest: ir.Operation | None = None
        op = ir.Operation.create(
            "gpu.module",
            attributes={"sym_name": ir.StringAttr.get(KERNELS)},
            regions=1,
            ip=ir.InsertionPoint(module.body),
            loc=ir.Location.unknown(),
        )
        self.operation = op
        self._block = ir.Block.create_at_start(op.regions[0], [])

    def launch(
        self, b: Builder, program: ir.Value, name: str, passed: Sequence[ir.Value], body: KernelBody, grid: Grid
    ) -> None:
        """Makes a kernel of `body(builder, values, thread)`, where `values` are the `passed` ones as seen inside, and
        launches it.
        """
        slots = Slots(b)
        reads = [slots.add(value) for value in passed]
        number = self._number(self._function(name, slots, passed, reads, body, grid))
        words = slots.write()
        operands = [program, b.value(number), *map(b.value, grid.blocks), words, b.value(len(slots.words))]
        self.runtime.call(b, LAUNCH, operands)

    def _function(
        self,
        name: str,
        slots: Slots,
        passed: Sequence[ir.Value],
        reads: Sequence[Callable[..., ir.Value]],
        body: KernelBody,
        grid: Grid,
    ) -> ir.Operation:
        pointer = ir.Type.parse(f"!llvm.ptr<{GLOBAL}>")
        types = [pointer if word.type == slots.b.ptr else word.type for word in slots.words]
        attributes = {
            "sym_name": ir.StringAttr.get(f"{name}_{len(self._numbers)}"),
            "function_type": ir.TypeAttr.get(ir.FunctionType.get(types, [])),
            "gpu.kernel": ir.UnitAttr.get(),
            "known_block_size": ir.DenseI32ArrayAttr.get(grid.threads),
            "workgroup_attributions": ir.IntegerAttr.get(slots.b.i64, 0),
            **({BESIDE: ir.IntegerAttr.get(slots.b.i32, grid.beside)} if grid.beside else {}),
        }
        function = ir.Operation.create("gpu.func", attributes=attributes, regions=1, ip=ir.InsertionPoint(self._block))
        self.newest = function
        block = ir.Block.create_at_start(function.regions[0], types, [ir.Location.unknown()] * len(types))
        end = ir.Operation.create("gpu.return", ip=ir.InsertionPoint(block))
        first = ir.Operation.create(
            "arith.constant",
            results=[slots.b.i64],
            attributes={"value": ir.IntegerAttr.get(slots.b.i64, 0)},
            ip=ir.InsertionPoint(end),
        )
        inner = Builder(ir.InsertionPoint(end), start=ir.InsertionPoint(first), space=GLOBAL)

        def word(at: int, type_: ir.Type) -> ir.Value:
            return block.arguments[at]

        values = {value: read(inner, word) for value, read in zip(passed, reads, strict=True)}
        taken: list[int] = []

        def share(where: Builder, bytes_: int) -> ir.Value:
            taken.append(bytes_)
            return self._share(where, len(taken), bytes_)

        body(inner, values, Thread(inner, share))
        return function

    def _share(self, b: Builder, number: int, bytes_: int) -> ir.Value:
        """The address of memory of a block: kernels that ask for as much have it under one name, each for itself."""
        name = f"shared_{number}_{bytes_}"
        if name not in self._shared:
            self._shared.add(name)
            attributes = {
                "sym_name": ir.StringAttr.get(name),
                "global_type": ir.TypeAttr.get(ir.Type.parse(f"!llvm.array<{bytes_} x i8>")),
                "linkage": ir.Attribute.parse("#llvm.linkage<internal>"),
                "addr_space": ir.IntegerAttr.get(b.i32, SHARED),
                "alignment": ir.IntegerAttr.get(b.i64, 16),
            }
            at = ir.InsertionPoint.at_block_begin(self._block)
            ir.Operation.create("llvm.mlir.global", attributes=attributes, regions=1, ip=at)
        pointer = ir.Type.parse(f"!llvm.ptr<{SHARED}>")
        return b.one("llvm.mlir.addressof", pointer, global_name=ir.FlatSymbolRefAttr.get(name))

    def _number(self, function: ir.Operation) -> int:
        """The number of a function, which is erased where there is one of equal content."""
        name = function.attributes["sym_name"]
        function.attributes["sym_name"] = ir.StringAttr.get("kernel")
        text = str(function)
        if text in self._numbers:
            function.erase()
        else:
            function.attributes["sym_name"] = name
            self._numbers[text] = len(self._numbers)
        return self._numbers[text]
