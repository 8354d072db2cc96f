# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`cf.assert` becomes a call of the runtime, which ends the call of the entry and raises the message as a Python
exception. Where two indices were expected to be equal, as extents are, the message ends in both.

Upstream's lowering prints the message and aborts the process.
"""

from mlir import ir

from mograph.targets.cpu.builder import Builder, find
from mograph.targets.cpu.outline import Runtime

FAIL, FAIL_COMPARED = "mograph_fail", "mograph_fail_compared"
_EQUAL = 0  # arith's predicate


def lower_checks(module: ir.Module) -> None:
    """Replaces every `cf.assert` by a conditional call of the runtime's fail with the message."""
    messages: dict[str, str] = {}
    runtime = Runtime(module)
    for function in find(module.operation, "func.func"):
        asserts = find(function, "cf.assert")
        comparisons = find(function, "arith.cmpi") if asserts else []
        compared = {op.results[0]: op for op in comparisons if _compares_indices(op)}
        for op in asserts:
            with op.location:
                b = Builder.before(op, function)
                text = ir.StringAttr(op.attributes["msg"]).value
                if text not in messages:
                    messages[text] = f"message_{len(messages)}"
                    define_text(module, messages[text], text)
                failed = b.one("arith.xori", b.i1, op.operands[0], b.number(b.i1, 1))

                found = compared.get(op.operands[0])
                values = list(found.operands) if found is not None else []

                def fail(b: Builder = b, symbol: str = messages[text], values: list[ir.Value] = values) -> None:
                    address = b.one("llvm.mlir.addressof", b.ptr, global_name=ir.FlatSymbolRefAttr.get(symbol))
                    numbers = [b.one("arith.index_cast", b.i64, value) for value in values]
                    runtime.call(b, FAIL_COMPARED if numbers else FAIL, [address, *numbers])

                b.if_(failed, fail)
            op.erase()


def _compares_indices(op: ir.Operation) -> bool:
    is_equal = ir.IntegerAttr(op.attributes["predicate"]).value == _EQUAL
    return is_equal and isinstance(op.operands[0].type, ir.IndexType)


def define_text(module: ir.Module, symbol: str, text: str) -> None:
    """Defines a constant: the text, ended by a 0."""
    data = text.encode() + b"\0"
    attributes = {
        "sym_name": ir.StringAttr.get(symbol),
        "global_type": ir.TypeAttr.get(ir.Type.parse(f"!llvm.array<{len(data)} x i8>")),
        "linkage": ir.Attribute.parse("#llvm.linkage<internal>"),
        "constant": ir.UnitAttr.get(),
        "value": ir.StringAttr.get(data),
        "addr_space": ir.IntegerAttr.get(ir.IntegerType.get_signless(32), 0),
    }
    ir.Operation.create(
        "llvm.mlir.global", attributes=attributes, regions=1, ip=ir.InsertionPoint.at_block_begin(module.body)
    )
