# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Patterns of cutting and joining: `mo.slice`, `mo.concat`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from mlir import ir

from mograph.dialects.mo import shapes
from mograph.dialects.mo.canonical.constants import defining
from mograph.dialects.mo.types import TensorType
from mograph.dialects.rewrite.patterns import RewritePattern

if TYPE_CHECKING:
    from mograph.dialects.rewrite.rewriter import Rewriter

__all__ = ["ConcatFlattened", "ConcatOfSlices", "SliceOfConcat", "SliceOfSlice"]

_END, _FRONT = 2**63 - 1, -(2**63)
Range = tuple[int, int, int]
"""start, stop and step of a slice along one axis."""


def _shape(value: ir.Value) -> "shapes.Shape":
    shape: shapes.Shape = TensorType(value.type).shape
    return shape


def _ranges(op: Any) -> list[Range]:
    return list(zip(op.starts, op.stops, op.steps, strict=True))


def _slice(op_class: Any, value: ir.Value, ranges: Sequence[Range]) -> Any:
    starts, stops, steps = zip(*ranges, strict=True) if ranges else ((), (), ())
    return op_class.build(value, starts=starts, stops=stops, steps=steps)


def _written(found: range) -> Range:
    """A range of indices as a slice of an axis of known extent."""
    if not found:
        return (0, 0, 1)
    stop = found.start + len(found) * found.step
    return (found.start, _FRONT if stop < 0 else stop, found.step)


def _composed(extent: "shapes.Extent", first: Range, second: Range) -> Range | None:
    """One slice for two of an axis; None where that depends on the extent."""
    if isinstance(extent, int):
        return _written(range(*slice(*first).indices(extent))[slice(*second)])
    if first == (0, _END, 1):
        return second
    if second == (0, _END, 1):
        return first
    # Both from the front, or from an element to the end.
    if first[2] == second[2] == 1 and first[1] == second[1] == _END and first[0] >= 0 and second[0] >= 0:
        return (first[0] + second[0], _END, 1)
    if first[2] == second[2] == 1 and first[0] == second[0] == 0 and first[1] >= 0 and second[1] >= 0:
        return (0, min(first[1], second[1]), 1)
    return None


class SliceOfSlice(RewritePattern, root="mo.slice", operands=["mo.slice"]):
    """A slice of a slice is one."""

    def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> "bool | None":
        inner = defining(op.input, "mo.slice")
        if inner is None:
            return rewriter.notify_match_failure(op, "its operand is no slice")
        ranges = []
        for extent, first, second in zip(_shape(inner.input), _ranges(inner), _ranges(op), strict=True):
            composed = _composed(extent, first, second)
            if composed is None:
                return rewriter.notify_match_failure(op, "which elements it has depends on a named extent")
            ranges.append(composed)
        starts, stops, steps = zip(*ranges, strict=True)
        if type(op).infer(TensorType(inner.input.type), starts, stops, steps) != op.result.type:
            return rewriter.notify_match_failure(op, "the extents would be other expressions")
        rewriter.replace(op, _slice(type(op), inner.input, ranges))
        return True


class SliceOfConcat(RewritePattern, root="mo.slice", operands=["mo.concat"]):
    """A slice that lies in one input of a concatenation is a slice of that."""

    def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> "bool | None":
        inner = defining(op.input, "mo.concat")
        if inner is None:
            return rewriter.notify_match_failure(op, "its operand is no concatenation")
        axis = inner.axis % len(op.starts)
        extent = _shape(op.input)[axis]
        if not isinstance(extent, int):
            return rewriter.notify_match_failure(op, "how long the concatenation is depends on a named extent")
        ranges = _ranges(op)
        wanted = range(*slice(*ranges[axis]).indices(extent))
        if not wanted:
            return rewriter.notify_match_failure(op, "it has no elements")
        low, high = min(wanted[0], wanted[-1]), max(wanted[0], wanted[-1])
        begin = 0
        for input in inner.inputs:
            size = _shape(input)[axis]
            if not isinstance(size, int):
                break
            if begin <= low and high < begin + size:
                found = range(wanted.start - begin, wanted.stop - begin, wanted.step)
                ranges[axis] = _written(found)
                rewriter.replace(op, _slice(type(op), input, ranges))
                return True
            begin += size
        return rewriter.notify_match_failure(op, "it lies in several inputs")


class ConcatFlattened(RewritePattern, root="mo.concat"):
    """Inputs that are concatenations along the same axis are replaced by theirs; empty ones are left out."""

    def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> "bool | None":
        axis = op.axis % len(_shape(op.result))
        inputs: list[ir.Value] = []
        for input in op.inputs:
            inner = defining(input, "mo.concat")
            if inner is not None and inner.axis % len(_shape(input)) == axis:
                inputs += inner.inputs
            else:
                inputs.append(input)
        kept = [input for input in inputs if _shape(input)[axis] != 0] or inputs[:1]
        if kept == list(op.inputs):
            return rewriter.notify_match_failure(op, "no input is a concatenation along the axis, or empty")
        rewriter.replace(op, type(op).build(kept, axis=op.axis))
        return True


class _Piece(NamedTuple):
    """The elements from `start` to `stop` of an axis of `source`, and all along the others."""

    source: ir.Value
    start: int
    stop: int


def _piece(value: ir.Value, axis: int) -> _Piece | None:
    """`value` as a piece, if it is such a slice."""
    op = defining(value, "mo.slice")
    if op is None:
        return None
    found = None
    for index, (extent, each) in enumerate(zip(_shape(op.input), _ranges(op), strict=True)):
        start, stop, step = each
        if isinstance(extent, int):
            start, stop, step = slice(*each).indices(extent)
        if step != 1:
            return None
        if index == axis:
            if not 0 <= start <= stop:
                return None
            found = _Piece(op.input, start, stop)
        elif start != 0 or stop != (extent if isinstance(extent, int) else _END):
            return None
    return found


class ConcatOfSlices(RewritePattern, root="mo.concat", operands=["mo.slice"]):
    """Neighbouring slices of one tensor that adjoin along the axis, and are whole along the others, are one."""

    def match_and_rewrite(self, op: Any, rewriter: "Rewriter") -> "bool | None":
        axis = op.axis % len(_shape(op.result))
        pieces: list[_Piece | ir.Value] = []
        for input in op.inputs:
            piece = _piece(input, axis)
            last = pieces[-1] if pieces else None
            if isinstance(last, _Piece) and piece and piece.source == last.source and piece.start == last.stop:
                pieces[-1] = last._replace(stop=piece.stop)
            else:
                pieces.append(piece or input)
        if len(pieces) == len(op.inputs):
            return rewriter.notify_match_failure(op, "no two neighbours are slices that adjoin")
        total: shapes.Extent = 0
        for each in pieces:
            total = total + (_length(each, axis) if isinstance(each, _Piece) else _shape(each)[axis])
        if total != _shape(op.result)[axis]:
            return rewriter.notify_match_failure(op, "the extent would be another expression")
        values = [_value(each, axis) if isinstance(each, _Piece) else each for each in pieces]
        rewriter.replace(op, values[0] if len(values) == 1 else type(op).build(values, axis=op.axis))
        return True


def _length(piece: _Piece, axis: int) -> "shapes.Extent":
    return shapes.sliced(_shape(piece.source)[axis], piece.start, piece.stop, 1)


def _value(piece: _Piece, axis: int) -> ir.Value:
    """The source where the piece is all of it, or a new slice."""
    from mograph.dialects.mo.slice import Slice  # which imports this module

    extent = _shape(piece.source)[axis]
    if piece.start == 0 and piece.stop == (extent if isinstance(extent, int) else _END):
        return piece.source
    ranges: list[Range] = [(0, _END, 1)] * len(_shape(piece.source))
    ranges[axis] = (piece.start, piece.stop, 1)
    return _slice(Slice, piece.source, ranges).result
