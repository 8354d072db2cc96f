# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a `linalg.generic` on memrefs is by itself, whatever nests it is looked at together with.

To find that out means many calls of MLIR, and nests are looked at again and again while groups are formed: `Forms`
remembers it.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from mlir import ir

from mograph import _native
from mograph.dialects.kit.values import listed
from mograph.targets.cpu.builder import DYNAMIC, operations


class Layout(NamedTuple):
    """The type of a memref: extents, strides and offset (DYNAMIC where not known), whether the elements lie one after
    the other by definition, and their type.
    """

    shape: Sequence[int]
    strides: Sequence[int]
    offset: int
    identity: bool
    element: ir.Type

    @property
    def static(self) -> bool:
        """Whether all strides and the offset are known."""
        inner = self.shape[1:] if self.identity else self.strides
        return self.offset != DYNAMIC and DYNAMIC not in inner


def layout_of(type_: ir.MemRefType) -> Layout:
    """The layout of a memref's type."""
    strides, offset = type_.get_strides_and_offset()
    return Layout(type_.shape, strides, offset, isinstance(type_.layout, ir.AffineMapAttr), type_.element_type)


class Index(NamedTuple):
    """What indexes one dimension of an operand: the loop where that is all, and the sum `constant` of what is known and
    each loop times its number in `factors`; None for what is no such sum.
    """

    loop: int | None
    constant: int
    factors: dict[int, int] | None


def iterator_types(op: ir.Operation) -> list[str]:
    """ "parallel" or "reduction" for each loop of a `linalg.generic`."""
    found: list[str] = _native.iterator_types(op)
    return found


class Form:
    """A `linalg.generic`: its body, which of its loops reduce and which its body asks the number of, how many operands
    are inputs, the layout of each (None for one that is not in memory), what indexes its dimensions, and whether the
    body uses it; and for each loop the extent that some operand's type says, or the place of one that says it at run
    time.
    """

    def __init__(self, op: ir.Operation) -> None:
        self.body = op.regions[0].blocks[0]
        self.body_ops = operations(self.body, op)
        self.flat = not any(len(inner.regions) for inner in self.body_ops)
        self.reduces = [kind == "reduction" for kind in iterator_types(op)]
        self.indexed = {
            ir.IntegerAttr(each.attributes["dim"]).value for each in self.body_ops if each.name == "linalg.index"
        }
        self.inputs = int(op.attributes["operandSegmentSizes"][0])
        used = {operand for inner in self.body_ops for operand in inner.operands}
        self.used = [argument in used for argument in self.body.arguments]
        types = [operand.type for operand in op.operands]
        self.layouts = [layout_of(type_) if isinstance(type_, ir.MemRefType) else None for type_ in types]
        maps = [attribute.value for attribute in listed(op.attributes["indexing_maps"])]
        self.indices = [[_index(expr) for expr in map_.results] for map_ in maps]
        self._known: dict[int, tuple[int, list[int]] | None] = {}
        self.extents: list[int | tuple[int, int] | None] = [None] * len(self.reduces)
        for operand, (layout, indices) in enumerate(zip(self.layouts, self.indices, strict=True)):
            for position, index in enumerate(indices if layout is not None else ()):
                if layout is None or index.loop is None or isinstance(self.extents[index.loop], int):
                    continue
                size = layout.shape[position]
                if size != DYNAMIC:
                    self.extents[index.loop] = size
                elif self.extents[index.loop] is None:
                    self.extents[index.loop] = (operand, position)

    def known(self, operand: int) -> tuple[int, list[int]] | None:
        """The offset of an operand and its stride per loop, where its type says all of them."""
        if operand not in self._known:
            self._known[operand] = self._strides(operand)
        return self._known[operand]

    def _strides(self, operand: int) -> tuple[int, list[int]] | None:
        layout = self.layouts[operand]
        if layout is None or not layout.static:
            return None
        stored = list(layout.strides)
        if layout.identity:
            stored = [math.prod(layout.shape[position + 1 :]) for position in range(len(layout.shape))]
        offset, strides = layout.offset, [0] * len(self.reduces)
        for stride, index in zip(stored, self.indices[operand], strict=True):
            if index.factors is None:
                return None
            offset += stride * index.constant
            for loop, factor in index.factors.items():
                strides[loop] += stride * factor
        return offset, strides


def _index(expr: ir.AffineExpr) -> Index:
    if isinstance(expr, ir.AffineDimExpr):
        return Index(expr.position, 0, {expr.position: 1})
    factors: dict[int, int] = {}
    constant = _linear(expr, 1, factors)
    return Index(None, 0, None) if constant is None else Index(None, constant, factors)


def _linear(expr: ir.AffineExpr, scale: int, into: dict[int, int]) -> int | None:
    """Adds the coefficients of a linear expression to `into` and returns its constant; None when it is not linear."""
    if isinstance(expr, ir.AffineDimExpr):
        into[expr.position] = into.get(expr.position, 0) + scale
        return 0
    if isinstance(expr, ir.AffineConstantExpr):
        return int(expr.value) * scale
    if isinstance(expr, ir.AffineAddExpr):
        left, right = _linear(expr.lhs, scale, into), _linear(expr.rhs, scale, into)
        return None if left is None or right is None else left + right
    if isinstance(expr, ir.AffineMulExpr):
        for factor, other in ((expr.lhs, expr.rhs), (expr.rhs, expr.lhs)):
            if isinstance(factor, ir.AffineConstantExpr):
                return _linear(other, scale * factor.value, into)
    return None


class Forms:
    """The forms of operations whose operands keep their types."""

    def __init__(self) -> None:
        self._forms: dict[ir.Operation, Form] = {}

    def of(self, op: ir.Operation) -> Form:
        """The form of an operation."""
        form = self._forms.get(op)
        if form is None:
            form = self._forms[op] = Form(op)
        return form

    def changed(self, ops: Sequence[ir.Operation]) -> None:
        """Forgets operations that have other operands now."""
        for op in ops:
            self._forms.pop(op, None)
