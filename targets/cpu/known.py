# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Numbers that are known when a function starts: those that follow from its arguments' extents."""

from functools import cached_property

from mlir import ir

from mograph.targets.cpu.builder import Builder, find

HARMLESS = frozenset(
    f"arith.{name}"
    for name in (
        "addi", "subi", "muli", "maxsi", "minsi", "maxui", "minui", "select", "cmpi", "andi", "ori", "xori",
        "index_cast", "index_castui", "extsi", "extui", "trunci",
    )
)  # fmt: skip
DIVISIONS = frozenset(f"arith.{name}" for name in ("divsi", "divui", "ceildivsi", "floordivsi", "remsi", "remui"))
"""They end the process where they divide by zero, or by -1 what has no positive counterpart."""


class Known:
    """What a function knows when it starts."""

    def __init__(self, function: ir.Operation) -> None:
        self._function = function
        self._seen: dict[ir.Value, bool] = {}
        self._made: dict[ir.Value, ir.Value] = {}

    def is_known(self, value: ir.Value) -> bool:
        """Whether a value follows from the arguments and their extents, by steps that cannot fail."""
        if value not in self._seen:
            self._seen[value] = value in self._arguments or self._is_harmless(value)
        return self._seen[value]

    def at_start(self, b: Builder, value: ir.Value) -> ir.Value:
        """A known value, computed anew where `b` creates, at the start of the function."""
        if value in self._arguments:
            return value
        if value not in self._made:
            op = self._definitions[value]
            if op.name == "arith.constant":
                self._made[value] = b.constant(value.type, op.attributes["value"])
            else:
                operands = [self.at_start(b, operand) for operand in op.operands]
                attributes = {name: op.attributes[name] for name in op.attributes}
                self._made[value] = b.create(op.name, [value.type], operands, attributes).results[0]
        return self._made[value]

    @cached_property
    def _arguments(self) -> set[ir.Value]:
        return set(self._function.regions[0].blocks[0].arguments)

    @cached_property
    def _definitions(self) -> dict[ir.Value, ir.Operation]:
        names = ("arith.constant", "memref.dim", *HARMLESS, *DIVISIONS)
        return {op.results[0]: op for op in find(self._function, *names)}

    def _is_harmless(self, value: ir.Value) -> bool:
        op = self._definitions.get(value)
        if op is None:
            return False
        if op.name == "memref.dim" and op.operands[0] not in self._arguments:
            return False
        if op.name in DIVISIONS and not self._is_above_zero(op.operands[1]):
            return False
        return all(self.is_known(operand) for operand in op.operands)

    def _is_above_zero(self, value: ir.Value) -> bool:
        op = self._definitions.get(value)
        if op is None or op.name != "arith.constant":
            return False
        return isinstance(op.attributes["value"], ir.IntegerAttr) and ir.IntegerAttr(op.attributes["value"]).value > 0
