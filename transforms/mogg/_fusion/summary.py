# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What fusion needs to know of a kernel, read off its body once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mlir.ir as ir

from mograph import _native
from mograph._records import record
from mograph.dialects.kit.values import listed
from mograph.dialects.mogg.kernel import PLACE

__all__ = ["KINDS", "UNKNOWN_EXTENT", "VIEWS", "Summary", "bytes_of", "elements_of", "placed", "summarize"]

KINDS = ("move", "elementwise", "join", "rows", "reduction", "contraction", "window", "opaque")
"""Kinds of kernels, each of which includes those before it: one that only copies elements; one that computes each
element by itself; one that puts tensors into parts of another, as concatenations and paddings do; one that also
reduces, where all loops but the outermost ones belong to one row; any other reduction; products of matrices; sums over
windows; and what has loops of its own, which is fused with nothing."""

UNKNOWN_EXTENT = 128
"""What an extent that is not known counts as in estimates."""

VIEWS = frozenset({"tensor.cast", "tensor.collapse_shape", "tensor.expand_shape", "tensor.extract_slice"})
"""Operations of tensors that compute nothing, and may stand in programs as well as in kernels."""

_NEUTRAL = VIEWS | {
    "affine.apply",
    "arith.constant",
    PLACE,
    "cf.assert",
    "linalg.fill",
    "tensor.dim",
    "tensor.empty",
    "tensor.extract",
    "tensor.from_elements",
    "tensor.insert_slice",
}
_PRODUCTS = frozenset({"linalg.batch_matmul", "linalg.matmul", "linalg.matvec", "linalg.vecmat", "linalg.dot"})
_CONVERSIONS = frozenset({"arith.extf", "arith.extsi", "arith.extui", "arith.sitofp", "arith.uitofp"})
_FREE = frozenset({"arith.constant", "linalg.index", "linalg.yield", "tensor.extract"}) | _CONVERSIONS
_DEAR = 10
"""What a function of the math dialect counts as, in operations."""


@record
class Summary:
    """What a kernel does.

    `inputs` is the number of arguments before the destinations. `rows` is how many outermost loops all its loop nests
    have in common. `aligned_in` and `aligned_out` say of each argument and result how many of its first dimensions are
    walked by the outermost loops, in order; `whole_in` whether each nest that reads an argument reads every element
    once, in order, and `once_in` whether it does in any order. `work` is the number of arithmetic operations for each
    element of the largest nest, `flops` that in all, `steps` the number of nests, and `products` that of those that
    multiply matrices.
    """

    kind: str
    inputs: int
    rows: int
    aligned_in: tuple[int, ...]
    whole_in: tuple[bool, ...]
    once_in: tuple[bool, ...]
    aligned_out: tuple[int, ...]
    work: int
    flops: int
    steps: int
    products: int
    may_fail: bool = False


def elements_of(type_: Any) -> int:
    """The number of elements of a tensor type, an estimate where extents are not known; 1 for a scalar."""
    if not isinstance(type_, ir.RankedTensorType):
        return 1
    return math.prod(extent if extent >= 0 else UNKNOWN_EXTENT for extent in type_.shape)


def placed(value: Any) -> Any:
    """What is put in a destination to be `value`, or `value` itself."""
    owner = value.owner
    return value if isinstance(owner, ir.Block) or owner.name != PLACE else owner.operands[0]


def bytes_of(type_: Any) -> int:
    """The bytes of a tensor, or of a scalar; see `elements_of`."""
    element = type_.element_type if isinstance(type_, ir.RankedTensorType) else type_
    width = getattr(element, "width", 64)
    return elements_of(type_) * max(1, width // 8)


def summarize(kernel: Any) -> Summary:
    """The summary of a `mogg.kernel` in value style."""
    return _Reader(kernel).summary()


@dataclass
class _Nest:
    """A loop nest: for each operand (inputs, then outputs) the loop of each dimension, see `_loops`."""

    reduces: list[bool]
    operands: list[tuple[Any, list[int | None]]]
    results: list[Any]
    inputs: int
    work: int
    size: int


class _Reader:
    def __init__(self, kernel: Any) -> None:
        self._block = kernel.regions[0].blocks[0]
        self._ops = _native.block_ops(self._block)
        self._nests: list[_Nest] = []
        self._products = 0
        self._windows = False
        self._joins = False
        self._opaque = False
        self._may_fail = False

    def summary(self) -> Summary:
        for op in self._ops[:-1]:
            self._note(op)
        returned = list(self._ops[-1].operands)
        results = [placed(value) for value in returned]
        inputs = len(self._block.arguments) - sum(a != b for a, b in zip(returned, results, strict=True))
        arguments = list(self._block.arguments)[:inputs]
        rows = min((_shared(nest) for nest in self._nests), default=0)
        kind = self._kind(rows)
        if kind == "opaque":
            rows = 0
        reads = {argument: self._reads(argument) for argument in arguments}
        return Summary(
            kind,
            inputs,
            rows,
            tuple(min((_in_order(at) for _, at in reads[a]), default=0) for a in arguments),
            tuple(bool(reads[a]) and all(at == list(range(len(n.reduces))) for n, at in reads[a]) for a in arguments),
            tuple(
                bool(reads[a]) and all(set(at) == set(range(len(n.reduces))) for n, at in reads[a]) for a in arguments
            ),
            tuple(self._written_in_order(value) for value in results),
            max((nest.work for nest in self._nests), default=0),
            sum(nest.work * nest.size for nest in self._nests),
            len(self._nests),
            self._products,
            self._may_fail,
        )

    def _kind(self, rows: int) -> str:
        if self._opaque or not (self._nests or self._joins):
            return "opaque"
        if not self._nests:
            return "join"
        if self._windows:
            return "window"
        if self._products:
            return "contraction"
        if any(any(nest.reduces) for nest in self._nests):
            return "rows" if rows else "reduction"
        return "elementwise" if any(nest.work for nest in self._nests) else "move"

    def _note(self, op: Any) -> None:
        name = op.name
        if name == "linalg.generic":
            nest = _generic(op)
            self._nests.append(nest)
            self._windows |= any(nest.reduces) and any(None in at for _, at in nest.operands)
            self._products += _multiplies_matrices(nest)
        elif name in _PRODUCTS:
            self._products += 1
            self._nests.append(_product(op))
        elif name == "cf.assert":
            self._may_fail = True
        elif name == "tensor.insert_slice":
            self._joins = True
        elif name not in _NEUTRAL and not (name.startswith(("arith.", "math.", "index.")) and not len(op.regions)):
            self._opaque = True

    def _reads(self, argument: Any) -> list[tuple[_Nest, list[int | None]]]:
        """The reads of an argument by nests; those through anything else count as one in no order."""
        found: list[tuple[_Nest, list[int | None]]] = []
        for nest in self._nests:
            found += [(nest, at) for value, at in nest.operands[: nest.inputs] if value == argument]
        others = sum(user.name != "tensor.dim" for user in _native.users_of(argument)) - len(found)
        if others and isinstance(argument.type, ir.RankedTensorType) and self._nests:
            found.append((self._nests[0], [None]))
        return found

    def _written_in_order(self, value: Any) -> int:
        for nest in self._nests:
            for result, (_, at) in zip(nest.results, nest.operands[nest.inputs :], strict=True):
                if result == value:
                    return _in_order(at)
        return 0


def _generic(op: Any) -> _Nest:
    maps = [attribute.value for attribute in listed(op.attributes["indexing_maps"])]
    reduces = [kind == "reduction" for kind in _native.iterator_types(op)]
    operands = [(value, _loops(map_)) for value, map_ in zip(op.operands, maps, strict=True)]
    inputs = ir.DenseI32ArrayAttr(op.attributes["operandSegmentSizes"])[0]
    names = [inner.name for inner in _native.block_ops(op.regions[0].blocks[0])]
    work = sum(_DEAR if name.startswith("math.") else 1 for name in names if name not in _FREE)
    return _Nest(reduces, operands, list(op.results), inputs, work, _size(len(reduces), operands))


def _product(op: Any) -> _Nest:
    """A named product of matrices, whose loops are batches, m, n and k; vectors lack m or n."""
    size = math.prod([elements_of(op.results[0].type), *(e for e in op.operands[0].type.shape[-1:] if e >= 0)])
    none: list[int | None] = [None]
    batch = 1 if op.name == "linalg.batch_matmul" else 0
    loops = batch + 3
    operands = [(value, none) for value in list(op.operands)[:2]]
    operands.append((list(op.operands)[2], list(range(len(op.results[0].type.shape)))))
    return _Nest([False] * (loops - 1) + [True], operands, list(op.results), 2, 2, size)


def _loops(map_: Any) -> list[int | None]:
    """The loop of each dimension: -1 where it is a constant, None where it is anything else."""
    return [
        e.position if isinstance(e, ir.AffineDimExpr) else -1 if isinstance(e, ir.AffineConstantExpr) else None
        for e in map_.results
    ]


def _in_order(at: Sequence[int | None]) -> int:
    """How many of the first dimensions are walked by as many outermost loops, in order."""
    return next((i for i, loop in enumerate(at) if loop != i), len(at))


def _size(loops: int, operands: Sequence[tuple[Any, list[int | None]]]) -> int:
    """How often the body of a nest runs."""
    extents = dict.fromkeys(range(loops), UNKNOWN_EXTENT)
    for value, at in operands:
        if isinstance(value.type, ir.RankedTensorType):
            for loop, extent in zip(at, value.type.shape, strict=True):
                if loop is not None and loop >= 0 and extent >= 0:
                    extents[loop] = extent
    return math.prod(extents.values())


def _shared(nest: _Nest) -> int:
    """How many outermost loops of a nest are parallel and walk the first dimensions of each operand that they move."""
    for loop, reduces in enumerate(nest.reduces):
        if reduces:
            return loop
        for value, at in nest.operands:
            if (
                isinstance(value.type, ir.RankedTensorType)
                and (loop in at or None in at)
                and at[loop : loop + 1] != [loop]
            ):
                return loop
    return len(nest.reduces)


def _multiplies_matrices(nest: _Nest) -> bool:
    """Whether one operand is read again for each element along a loop, while another moves on along it."""
    summed = {loop for loop, reduces in enumerate(nest.reduces) if reduces}
    kept = {loop for loop, reduces in enumerate(nest.reduces) if not reduces}
    inputs = [set(at) for value, at in nest.operands[: nest.inputs] if len(at)]
    return sum(1 for each in inputs if each & summed) > 1 and any(each & summed and kept - each for each in inputs)
