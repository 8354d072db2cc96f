# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Long blocks are cut into functions.

Upstream's bufferisation compares operations pair by pair, some of its conversions move what follows each loop, and
LLVM's code generator is not linear in the length of a function either: a block of ten thousand operations would take
minutes. So a block of more than `LONG` operations becomes calls of private functions of `PIECE` operations each.
"""

from collections.abc import Sequence

from mlir import ir

from mograph.targets.cpu.builder import blocks_of, captured, find, is_used, operations, rename

LONG, PIECE = 384, 96
CHEAP = frozenset({"arith.constant", "tensor.empty"})
"""What is made anew where it is used, unless it has operands, instead of being handed over."""


def cut_blocks(module: ir.Module) -> None:
    """Cuts the long blocks of the module's functions, the inner ones of loops and branches first."""
    functions = find(module.operation, "func.func")
    taken = {ir.StringAttr(function.attributes["sym_name"]).value for function in functions}
    for function in functions:
        for op in [*reversed(find(function, "scf.while", "scf.for", "scf.if")), function]:
            for block in blocks_of(op):
                while len(ops := operations(block, op)) > LONG:  # the calls that come of it may be many, too
                    _Cut(function, taken).run(ops)


class _Cut:
    """One round of cutting a block in `function`; `taken` are the names of functions."""

    def __init__(self, function: ir.Operation, taken: set[str]) -> None:
        self._function = function
        self._taken = taken
        self._cheap: dict[ir.Value, ir.Operation] = {}
        self._given: dict[ir.Value, ir.Value] = {}  # what the calls return for the values that the pieces made

    def run(self, ops: Sequence[ir.Operation]) -> None:
        """Cuts the operations of a block, of which the last is its terminator."""
        *body, terminator = ops
        self._cheap = {op.results[0]: op for op in body if op.name in CHEAP and not len(op.operands)}
        moved = [op for op in body if not len(op.results) or op.results[0] not in self._cheap]
        pieces = [moved[start : start + PIECE] for start in range(0, len(moved), PIECE)]
        uses = [_uses(piece) for piece in [*pieces, [terminator]]]
        last = {value: number for number, used in enumerate(uses) for value in used}
        for number, (piece, used) in enumerate(zip(pieces, uses, strict=False)):
            made = [value for op in piece for value in op.results]
            own = set(made)
            inputs = [value for value in used if value not in own]
            self._move(piece, inputs, [value for value in made if last.get(value, number) > number])
        rename(terminator, self._given)
        for op in self._cheap.values():
            if not is_used(op.results[0]):
                op.erase()

    def _move(self, piece: Sequence[ir.Operation], inputs: Sequence[ir.Value], outputs: Sequence[ir.Value]) -> None:
        """Makes a function of `piece`, which takes `inputs` and gives `outputs`, and calls it."""
        location = piece[0].location
        handed = [value for value in inputs if value not in self._cheap]
        type_ = ir.FunctionType.get([value.type for value in handed], [value.type for value in outputs])
        symbol = self._symbol()
        call = ir.Operation.create(
            "func.call",
            results=type_.results,
            operands=[self._given.get(value, value) for value in handed],
            attributes={"callee": ir.FlatSymbolRefAttr.get(symbol)},
            loc=location,
            ip=ir.InsertionPoint(piece[0]),
        )
        block = self._define(symbol, type_, location)
        names = dict(zip(handed, block.arguments, strict=True))
        end = ir.Operation.create("func.return", operands=outputs, loc=location, ip=ir.InsertionPoint(block))
        for value in inputs:
            if value in self._cheap:
                names[value] = self._cheap[value].clone(ip=ir.InsertionPoint(end)).results[0]
        for op in piece:
            op.move_before(end)
            rename(op, names)
        self._given.update(zip(outputs, call.results, strict=True))

    def _define(self, symbol: str, type_: ir.FunctionType, location: ir.Location) -> ir.Block:
        # What a piece is handed may be used after it: it makes new tensors instead of writing to those.
        kept = ir.DictAttr.get({"bufferization.writable": ir.BoolAttr.get(False)})
        plain = ir.DictAttr.get({})
        tensors = [isinstance(each, ir.RankedTensorType) for each in type_.inputs]
        attributes = {
            "sym_name": ir.StringAttr.get(symbol),
            "function_type": ir.TypeAttr.get(type_),
            "sym_visibility": ir.StringAttr.get("private"),
            "arg_attrs": ir.ArrayAttr.get([kept if tensor else plain for tensor in tensors]),
        }
        function = ir.Operation.create(
            "func.func", attributes=attributes, regions=1, loc=location, ip=ir.InsertionPoint(self._function)
        )
        return ir.Block.create_at_start(function.regions[0], type_.inputs, [location] * len(type_.inputs))

    def _symbol(self) -> str:
        """A name for the next piece."""
        base = ir.StringAttr(self._function.attributes["sym_name"]).value
        number = len(self._taken)
        while (name := f"{base}.{number}") in self._taken:
            number += 1
        self._taken.add(name)
        return name


def _uses(piece: Sequence[ir.Operation]) -> dict[ir.Value, None]:
    """The values that operations of a block use, in order: operands, and what their regions take from outside."""
    return {value: None for op in piece for value in (*op.operands, *captured(op))}
