# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Transpositions that move through operations, join and cancel."""

from collections.abc import Sequence
from typing import Any

from mlir import ir

from mograph.dialects.kit import wrap_type
from mograph.dialects.mo import Mo, Transpose
from mograph.dialects.mo.elementwise import families
from mograph.transforms.mo._grouping import LEAVES
from mograph.transforms.mo._walking import operations

__all__ = ["drop_unused", "join", "move", "rank_of", "transposed"]

_ALONG_AXIS = ("mo.batch_norm", "mo.cumprod", "mo.cumsum", "mo.hardmax", "mo.log_softmax", "mo.lp_norm", "mo.softmax")
_OTHER_ELEMENTWISE = ("mo.cast", "mo.clamp", "mo.prelu", "mo.select")
_BY_AXIS = {"mo.pad": ("low", "high"), "mo.slice": ("starts", "stops", "steps")}


def rank_of(value: Any) -> int:
    """How many axes a value has."""
    return len(wrap_type(value.type).shape)


def transposed(value: Any, perm: Sequence[int]) -> Any:
    """The value with its axes in another order: a transposition of what it is one of already, or none."""
    inner = _source(value)
    if inner is not None:
        value, perm = inner.input, [inner.perm[axis] for axis in perm]
    return value if list(perm) == sorted(perm) else Transpose.build(value, perm=list(perm)).result


def _source(value: Any) -> Any:
    """The transposition that gives a value, or None."""
    op = value.owner.operation.opview if isinstance(value, ir.OpResult) else None
    return op if isinstance(op, Transpose) else None


def _inverse(perm: Sequence[int]) -> list[int]:
    return sorted(range(len(perm)), key=lambda axis: perm[axis])


def join(op: Any) -> int:
    """Make one transposition of two that follow each other, or none; gives how many went away."""
    if _source(op.input) is None and list(op.perm) != sorted(op.perm):
        return 0
    with ir.InsertionPoint(op.operation), op.location:
        op.result.replace_all_uses_with(transposed(op.input, op.perm))
    op.operation.erase()
    return 1


def move(op: Any) -> bool:
    """Let an operation work on what its operands are transpositions of, and transpose its result."""
    if len(op.operation.results) != 1 or list(op.operation.regions):
        return False
    perm = next((list(found.perm) for found in map(_source, op.operation.operands) if found), None)
    if perm is None:
        return False
    planned = _plan(op, perm)
    if planned is None:
        return False
    there, attributes, after = planned
    with ir.InsertionPoint(op.operation), op.location:
        operands = []
        for index, operand in enumerate(op.operation.operands):
            if index in there and rank_of(operand):
                operand = transposed(_of_rank(operand, len(perm)), _inverse(perm))
            operands.append(operand)
        result = _rebuilt(op, operands, attributes)
        op.operation.results[0].replace_all_uses_with(transposed(result, after))
    op.operation.erase()
    return True


def _plan(op: Any, perm: list[int]) -> tuple[set[int], dict[str, Any], list[int]] | None:
    """For an operation on transposed operands: which of them are, the attributes without, and the order of the result.

    None where a transposition does not move through it.
    """
    name, operands = op.operation.name, list(op.operation.operands)
    rank = len(perm)
    everything = set(range(len(operands)))
    if isinstance(op, families.Unary | families.Binary) or name in _OTHER_ELEMENTWISE:
        fits = rank_of(op.operation.results[0]) == rank and all(map(_can_be, operands, [perm] * len(operands)))
        return (everything, {}, perm) if fits else None
    if name == "mo.concat":
        same = all(found and list(found.perm) == perm for found in map(_source, operands))
        return (everything, {"axis": perm[op.axis % rank]}, perm) if same else None
    if not _source(operands[0]):
        return None
    if name in _ALONG_AXIS:
        return {0}, {"axis": perm[op.axis % rank]}, perm
    if name in _BY_AXIS:
        undone = _inverse(perm)
        return {0}, {each: [getattr(op, each)[axis] for axis in undone] for each in _BY_AXIS[name]}, perm
    if name.startswith("mo.reduce.") and "axes" in type(op).FIELDS:
        gone = [axis % rank for axis in (range(rank) if op.axes is None else op.axes)]
        axes = [perm[axis] for axis in gone]
        if op.keepdims:
            return {0}, {"axes": axes}, perm
        kept = [axis for axis in range(rank) if axis not in axes]
        return {0}, {"axes": axes}, [kept.index(perm[axis]) for axis in range(rank) if axis not in gone]
    return None


def _can_be(operand: Any, perm: list[int]) -> bool:
    """Whether an operand is there in the other order: it is transposed, a number, or a constant or weight."""
    found = _source(operand)
    return rank_of(operand) == 0 or (list(found.perm) == perm if found else _is_leaf(operand))


def _is_leaf(value: Any) -> bool:
    return isinstance(value, ir.OpResult) and value.owner.operation.name in LEAVES


def _of_rank(value: Any, rank: int) -> Any:
    """The value with axes of extent 1 in front."""
    type_ = wrap_type(value.type)
    shape = [1] * (rank - len(type_.shape)) + list(type_.shape)
    if len(shape) == len(type_.shape):
        return value
    return Mo.ops["mo.reshape"].build(value, results=[type(type_).get(shape, type_.dtype, type_.device)]).result


def _rebuilt(op: Any, operands: Sequence[Any], changed: dict[str, Any]) -> Any:
    """The result of the operation on other operands, with some other attributes."""
    cls = Mo.ops[op.operation.name]
    left = iter(operands)
    groups: list[Any] = []
    for field in cls.OPERANDS:
        given = getattr(op, field.name)
        if field.arity == "variadic":
            groups.append([next(left) for _ in given])
        else:
            groups.append(None if given is None else next(left))
    attributes = {name: value for name, value in op.operation.attributes.items() if name in cls.FIELDS} | changed
    results = None
    if op.operation.name == "mo.cast":
        to, source = wrap_type(op.operation.results[0].type), wrap_type(operands[0].type)
        results = [type(to).get(source.shape, to.dtype, to.device)]
    return cls.build(*groups, results=results, **attributes).operation.results[0]


def drop_unused(graph: Any) -> int:
    """Erase transpositions that nothing uses; gives how many."""
    gone = 0
    for op in reversed(list(operations(graph))):
        if op.operation.name == "mo.transpose" and next(iter(op.result.uses), None) is None:
            op.operation.erase()
            gone += 1
    return gone
