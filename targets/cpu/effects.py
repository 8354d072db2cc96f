# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which buffers operations write to; for calls, found in the bodies of the functions."""

from mlir import ir

from mograph.targets.cpu.builder import find
from mograph.targets.cpu.flow import VIEWS, Flow, Node

ACCESS = "bufferization.access"
READERS = VIEWS | {
    "arith.select",
    "func.return",
    "memref.alloc",
    "memref.alloca",
    "memref.dealloc",
    "memref.dim",
    "memref.extract_strided_metadata",
    "memref.get_global",
    "memref.load",
}
"""Operations that write to no buffer they are given; those of `scf` do not either."""


class Effects:
    """The effects of the functions of a module, each looked at once."""

    def __init__(self, module: ir.Module) -> None:
        functions = find(module.operation, "func.func")
        self._functions = {ir.StringAttr(op.attributes["sym_name"]).value: op for op in functions}
        self._written: dict[str, list[bool]] = {}
        self._flows: dict[str, Flow] = {}

    def written(self, node: Node) -> list[ir.Value]:
        """The memrefs that an operation writes to, apart from what is inside of it."""
        if node.name.startswith("linalg."):
            return list(node.op.operands)[int(node.op.attributes["operandSegmentSizes"][0]) :]
        if node.name in ("memref.copy", "memref.store"):
            return [node.op.operands[1]]
        if node.name == "func.call":
            return [
                value for value, is_written in zip(node.op.operands, self.of(callee(node)), strict=True) if is_written
            ]
        return [] if node.name in READERS or node.name.startswith("scf.") else node.memrefs

    def flow(self, name: str) -> Flow | None:
        """The flow through a function of the module; None where it is only declared."""
        if name not in self._flows:
            function = self._functions[name]
            if len(function.regions[0].blocks) != 1:
                return None
            self._flows[name] = Flow(function)
        return self._flows[name]

    def forget(self, function: ir.Operation) -> None:
        """Looks at a function anew when it is asked for again: it has been rewritten."""
        self._flows.pop(ir.StringAttr(function.attributes["sym_name"]).value, None)

    def of(self, name: str) -> list[bool]:
        """For each argument of a function whether it writes to it."""
        if name not in self._written:
            self._written[name] = _declared(self._functions[name])  # also while it is looked at, if it calls itself
            flow = self.flow(name)
            if flow is not None:
                targets = {
                    source for node in flow.nodes for value in self.written(node) for source in flow.sources(value)
                }
                self._written[name] = [argument in targets for argument in flow.root.arguments(0)]
        return self._written[name]


def callee(node: Node) -> str:
    """The function that a call calls."""
    return str(ir.FlatSymbolRefAttr(node.op.attributes["callee"]).value)


def _declared(function: ir.Operation) -> list[bool]:
    """For each argument whether a function may write to it, as far as its declaration says."""
    inputs = ir.FunctionType(ir.TypeAttr(function.attributes["function_type"]).value).inputs
    if "arg_attrs" not in function.attributes:
        return [True] * len(inputs)
    found = [ir.DictAttr(each) for each in ir.ArrayAttr(function.attributes["arg_attrs"])]
    return [ACCESS not in each or ir.StringAttr(each[ACCESS]).value != "read" for each in found]
