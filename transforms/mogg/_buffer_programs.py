# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs and kernels on buffers: made of the functions that bufferisation leaves, and turned into functions again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mlir.ir as ir

from mograph import _native
from mograph.dialects.mogg.view import DYNAMIC
from mograph.transforms.mogg._replacing import replaced

__all__ = ["Restorer", "to_memrefs"]

_FUNCTION = ("sym_name", "sym_visibility", "function_type")


class Restorer:
    """Remembers the programs and kernels of a module, and makes such of the functions that they have become."""

    def __init__(self, module: Any) -> None:
        self._module = module
        self._known: dict[str, tuple[str, dict[str, Any]]] = {}
        for each in module.regions[0].blocks[0].operations:
            op = each.operation
            if op.name in ("mogg.program", "mogg.kernel"):
                kept = {name: op.attributes[name] for name in op.attributes if name not in _FUNCTION}
                self._known[_symbol(op)] = op.name, kept

    def restore(self) -> None:
        """Turn the functions into programs and kernels on buffers."""
        functions = [op.operation for op in self._module.regions[0].blocks[0].operations]
        for function in functions:
            if function.name == "func.func" and _symbol(function) in self._known:
                self._function(function)

    def _function(self, function: Any) -> None:
        kind, kept = self._known[_symbol(function)]
        for op in _native.find_ops(function, ["func.call", "func.return"]):
            if op.name == "func.return":
                replaced(op, "mogg.return")
                continue
            callee = op.attributes["callee"]
            called = self._known.get(ir.FlatSymbolRefAttr(callee).value)
            if called is not None:
                name, key = ("mogg.launch", "kernel") if called[0] == "mogg.kernel" else ("mogg.call", "callee")
                replaced(op, name, {key: callee})
        if kind == "mogg.program":
            for op in _native.find_ops(function, list(_FROM_MEMREF)):
                _FROM_MEMREF[op.name](op)
        attributes = {name: function.attributes[name] for name in _FUNCTION if name in function.attributes}
        made = ir.Operation.create(
            kind, attributes={**attributes, **kept}, regions=1, loc=function.location, ip=ir.InsertionPoint(function)
        )
        function.regions[0].blocks[0].append_to(made.regions[0])
        function.erase()


def to_memrefs(module: Any) -> None:
    """Replace what programs do with buffers by operations of `memref`.

    Nothing is left of deallocations, also in kernels: a target on the host counts who uses a buffer.
    """
    for op in _native.find_ops(module, list(_TO_MEMREF)):
        _TO_MEMREF[op.name](op)


def _alloc(op: Any) -> None:
    alignment = op.attributes["alignment"] if "alignment" in op.attributes else _i64(op, 64)
    replaced(op, "mogg.alloc", {"alignment": alignment, "device": ir.StringAttr.get("cpu", op.context)})


def _i64(op: Any, value: int) -> Any:
    return ir.IntegerAttr.get(ir.IntegerType.get_signless(64, op.context), value)


def _copy(op: Any) -> None:
    replaced(op, "mogg.copy", {"stream": _i64(op, 0)})


def _dealloc(op: Any) -> None:
    replaced(op, "mogg.dealloc")


def _subview(op: Any) -> None:
    source, result = (ir.MemRefType(value.type) for value in (op.operands[0], op.results[0]))
    if source.rank == result.rank:
        lists = {name: op.attributes[f"static_{name}"] for name in ("offsets", "sizes", "strides")}
        replaced(op, "mogg.view", lists)


def _to_alloc(op: Any) -> None:
    segments = ir.DenseI32ArrayAttr.get([len(op.operands), 0], op.context)
    replaced(op, "memref.alloc", {"alignment": op.attributes["alignment"], "operandSegmentSizes": segments})


def _to_subview(op: Any) -> None:
    lists = {name: op.attributes[name] for name in ("offsets", "sizes", "strides")}
    dynamic = [sum(value == DYNAMIC for value in ir.DenseI64ArrayAttr(each)) for each in lists.values()]
    segments = ir.DenseI32ArrayAttr.get([1, *dynamic], op.context)
    replaced(
        op,
        "memref.subview",
        {**{f"static_{name}": value for name, value in lists.items()}, "operandSegmentSizes": segments},
    )


_FROM_MEMREF: dict[str, Callable[[Any], None]] = {
    "memref.alloc": _alloc,
    "memref.copy": _copy,
    "memref.dealloc": _dealloc,
    "memref.subview": _subview,
}
_TO_MEMREF: dict[str, Callable[[Any], None]] = {
    "mogg.alloc": _to_alloc,
    "mogg.copy": lambda op: replaced(op, "memref.copy"),
    "memref.dealloc": lambda op: op.erase(),
    "mogg.dealloc": lambda op: op.erase(),
    "mogg.view": _to_subview,
}


def _symbol(op: Any) -> str:
    return str(ir.StringAttr(op.attributes["sym_name"]).value)
