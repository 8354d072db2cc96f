# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Columns that do not count for a row, as those of later keys in causal attention.

Found by computing the bodies of the nests for such a column: a comparison of indices has one outcome for all of them,
it chooses minus infinity, whose power is zero, and that adds nothing to the sums. Whatever else a body uses is unknown
and taken for finite: a masked infinity or NaN among the values of attention does not get into the result.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from mlir import ir

from mograph._records import record
from mograph.targets.cpu.attention.roles import RowProduct
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import ONE, Nest, Product, Seen


@record
class Cut:
    """For row m only columns up to `m + ahead` count: of each nest in `loops`, by number, the loop that is cut. All
    have the extent that nest `number` knows.
    """

    number: int
    extent: Product
    ahead: int
    loops: Mapping[int, int]


class _Index(NamedTuple):
    """A column's number (`column`) or a row's, plus something."""

    column: bool
    plus: int


Known = Any  # a numpy scalar, an _Index, or None: not known
_KINDS: dict[str, Any] = {"f32": np.float32, "f64": np.float64, "i32": np.int32, "i64": np.int64, "i1": np.bool_}
_GREATER = {1: True, 2: False, 3: False, 4: True, 5: True, 6: False, 7: False, 8: True, 9: True, 0: False}
"""What each predicate of arith.cmpi says of a number and a smaller one, neither negative."""
_COMPARE: dict[int, Callable[[Any, Any], Any]] = {
    1: np.equal,
    2: np.greater,
    3: np.greater_equal,
    4: np.less,
    5: np.less_equal,
    10: lambda left, right: np.logical_not(left < right),
    12: lambda left, right: np.logical_not(left > right),
}
_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "arith.addf": np.add,
    "arith.subf": np.subtract,
    "arith.mulf": np.multiply,
    "arith.divf": np.divide,
    "arith.maximumf": np.maximum,
    "arith.minimumf": np.minimum,
    "arith.maxnumf": np.fmax,
    "math.copysign": np.copysign,
    "arith.addi": np.add,
    "arith.subi": np.subtract,
    "arith.andi": np.bitwise_and,
    "arith.ori": np.bitwise_or,
    "arith.shli": np.left_shift,
    "llvm.call_intrinsic": np.ldexp,
}


def cut(group: Group, products: Sequence[RowProduct], seen: Sequence[Seen]) -> Cut | None:
    """What can be left out; None when every column counts, or may."""
    loops = _columns(group, products[0])
    if loops is None:
        return None
    distances: list[int] = []
    for number in loops:
        _Column(group, number, loops, seen[number], None, distances).values()
    if not distances:
        return None
    ahead = max(distances)
    masked: dict[ir.Value, Known] = {}
    by_number = {product.number: product for product in products}
    for number, loop in loops.items():
        nest = group.nests[number]
        if number == products[0].number:
            continue
        column = _Column(group, number, loops, seen[number], ahead, [], masked)
        if nest.loops[loop].reduces:
            if not _neutral(nest, column, by_number.get(number)):
                return None
        else:
            values = column.values()
            masked.update(
                (access.memref, values.get(result)) for access, result in zip(nest.outputs, nest.yielded, strict=True)
            )
    first = products[0]
    extent = group.nests[first.number].loops[first.n].extent
    reduced = any(group.nests[number].loops[loop].reduces for number, loop in loops.items())
    return Cut(first.number, extent, ahead, loops) if reduced else None


def values_of(
    group: Group, number: int, known: Mapping[ir.Value, Known], constants: Mapping[ir.Value, ir.Attribute]
) -> list[Known]:
    """The results of a nest's body where the elements of some memrefs are known numbers; None for those that are not
    known then. The body asks for no index.
    """
    captured = {value: constants[value] for value in group.nests[number].captured if value in constants}
    values = _Column(group, number, {}, Seen([], [], captured), None, [], known).values()
    return [values.get(result) for result in group.nests[number].yielded]


def _columns(group: Group, first: RowProduct) -> dict[int, int] | None:
    """The loops over the columns that a product makes, by nest; None when they are needed outside."""
    made = group.nests[first.number].outputs[0].memref
    if made not in group.temps:
        return None
    wide, loops = {made}, {first.number: first.n}
    for number in range(first.number + 1, len(group.nests)):
        nest = group.nests[number]
        own = range(group.shared, len(nest.loops))
        found = {i for i in own for a in nest.memory if a.memref in wide and a.strides[i] == ONE}
        if not found:
            if any(access.memref in wide for access in nest.memory):
                return None
            continue
        if len(found) > 1:
            return None
        loops[number] = found.pop()
        if not nest.loops[loops[number]].reduces:
            if any(access.memref not in group.temps for access in nest.outputs):
                return None
            wide.update(access.memref for access in nest.outputs)
    return loops


def _neutral(nest: Nest, column: "_Column", product: RowProduct | None) -> bool:
    """Whether a masked column leaves the results of a reduction as they are."""
    if product is not None:
        names = [op.name for op in product.body.core]
        left = column.arguments().get(nest.body.arguments[product.a])
        return names == ["arith.mulf", "arith.addf"] and not product.body.left.ops and left is not None and left == 0
    values = column.values()
    totals = list(nest.body.arguments)[-len(nest.outputs) :]
    operations = {op.results[0]: op for op in nest.body_ops if len(op.results) == 1}
    for total, result in zip(totals, nest.yielded, strict=True):
        op = operations.get(result)
        if (
            op is None
            or op.name not in ("arith.maximumf", "arith.maxnumf", "arith.addf")
            or total not in list(op.operands)
        ):
            return False
        other = values.get(next((v for v in op.operands if v != total), total))
        if other is None or other != (0 if op.name == "arith.addf" else -np.inf):
            return False
    return True


@dataclass
class _Column:
    """What the body of a nest computes in a column that is more than `ahead` beyond the row. Distances between rows and
    columns that it compares are added to `distances`. `masked` has what is known of the operands.
    """

    group: Group
    number: int
    loops: Mapping[int, int]
    seen: Seen
    ahead: int | None
    distances: list[int]
    masked: Mapping[ir.Value, Known] = field(default_factory=dict)

    def arguments(self) -> dict[ir.Value, Known]:
        """What is known of the operands."""
        nest = self.group.nests[self.number]
        pairs = zip(nest.body.arguments, nest.accesses, strict=True)
        return {argument: self.masked.get(getattr(access, "memref", None)) for argument, access in pairs}

    def values(self) -> dict[ir.Value, Known]:
        """What is known of all values of the body."""
        nest = self.group.nests[self.number]
        values = self.arguments()
        for value, outer in self.seen.captured.items():
            values[value] = _number(outer) if isinstance(outer, ir.Attribute) else None
        with np.errstate(all="ignore"):
            for op in nest.body_ops[:-1]:
                if len(op.results) == 1:
                    values[op.results[0]] = self._result(op, [values.get(operand) for operand in op.operands])
        return values

    def _result(self, op: ir.Operation, known: list[Known]) -> Known:
        name, kind = op.name, _KINDS.get(str(op.results[0].type))
        if name == "linalg.index":
            dim, nest = ir.IntegerAttr(op.attributes["dim"]).value, self.group.nests[self.number]
            places = {nest.loops[self.loops[self.number]].dim: True, nest.loops[self.group.shared - 1].dim: False}
            return _Index(places[dim], 0) if dim in places else None
        if name == "arith.constant":
            return _number(op.attributes["value"])
        if name == "arith.select":
            if known[0] is None:
                return known[1] if known[1] is not None and known[1] == known[2] else None
            return known[1] if known[0] else known[2]
        if any(isinstance(each, _Index) for each in known):
            return self._of_indices(op, known)
        if name in ("arith.addf", "arith.subf") and None in known and known != [None, None]:
            number = known[0] if known[1] is None else known[1] if name == "arith.addf" else None
            return number if number == -np.inf else None
        if name in ("arith.mulf", "arith.divf") and known[0] is not None and known[0] == 0:
            return known[0]
        if None in known or kind is None:
            return None
        if name in _BINARY and len(known) == 2:
            return kind(_BINARY[name](*known))
        if name == "math.fma":
            return kind(np.float64(known[0]) * np.float64(known[1]) + np.float64(known[2]))
        if name == "arith.bitcast":
            return known[0].view(kind)
        if name == "arith.cmpf":
            compare = _COMPARE.get(ir.IntegerAttr(op.attributes["predicate"]).value)
            return None if compare is None else compare(*known)
        return None

    def _of_indices(self, op: ir.Operation, known: list[Known]) -> Known:
        if op.name == "arith.index_cast":
            return known[0]
        left, right = known if len(known) == 2 else (None, None)
        if op.name == "arith.addi" and isinstance(left, _Index) and isinstance(right, (int, np.integer)):
            return _Index(left.column, left.plus + int(right))
        if op.name != "arith.cmpi" or not isinstance(left, _Index) or not isinstance(right, _Index):
            return None
        if left.column == right.column:
            return None
        column, row = (left, right) if left.column else (right, left)
        predicate = ir.IntegerAttr(op.attributes["predicate"]).value
        if predicate > 5 and min(column.plus, row.plus) < 0:
            return None
        self.distances.append(max(0, row.plus - column.plus))
        if self.ahead is None or self.ahead + column.plus < row.plus:
            return None
        if left.column:
            return np.bool_(_GREATER[predicate])
        return np.bool_(not _GREATER[predicate] if predicate > 1 else _GREATER[predicate])


def _number(attribute: ir.Attribute) -> Known:
    if isinstance(attribute, ir.FloatAttr):
        kind = _KINDS.get(str(attribute.type))
        return None if kind is None else kind(attribute.value)
    if isinstance(attribute, ir.IntegerAttr):
        kind = _KINDS.get(str(attribute.type), np.int64)
        return kind(attribute.value)
    return None
