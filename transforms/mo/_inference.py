# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One round of `mo-infer-shapes`: what contents say is put into types, operands and constants."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from mlir import ir

from mograph.dialects.kit import Dim, from_numpy, wrap_type
from mograph.dialects.mo import Constant, Slice, StaticRandomNormal, TensorType, contents
from mograph.dialects.mo.contents import Contents
from mograph.dialects.mo.numpy_ import np
from mograph.dialects.mo.symbolic import at_least
from mograph.transforms.mo._common import is_outside
from mograph.transforms.mo._effects import is_pure
from mograph.transforms.mo._extents import NAMES, OPTIONAL, extents, is_dropped, static_ranges
from mograph.transforms.mo._finding import find
from mograph.transforms.mo._flow import carried, flowing
from mograph.transforms.mo._names import Extents
from mograph.transforms.mo._unification import binders, unify
from mograph.transforms.mo._walking import block_of, terminator

__all__ = ["Found", "Inference"]


_SOURCES = frozenset({"mo.dim", "mo.shape_of"})
_COMPUTING = contents.NAMES - {"mo.constant"}
_GIVEN = frozenset({*OPTIONAL, "mo.random.normal"})


class Found(NamedTuple):
    """How much was found."""

    names: int
    operands: int
    constants: int
    assertions: int


class Inference:
    """One round over one graph."""

    def __init__(self, graph: Any) -> None:
        self._graph = graph
        self._contents = Contents()
        ops = find(graph, _SOURCES | NAMES | {"mo.if", "mo.while"})
        self._sources = any(op.operation.name in _SOURCES for op in ops)
        self._ops = [op for op in ops if op.operation.name not in _SOURCES and _is_open(op)]

    def run(self) -> Found:
        """Change the graph; what comes of new types is left to the next round."""
        if not self._ops and not self._sources:
            return Found(0, 0, 0, 0)
        constants = self._materialize()
        equal = self._equalities()
        names = unify(self._graph, equal)
        if names:
            self._contents = Contents()
        return Found(names, self._drop() + self._slice(), constants, self._prove())

    def _materialize(self) -> int:
        """Put constants in the place of values whose elements are known numbers.

        Only where extents are asked for: without them, it is what canonicalisation does.
        """
        made = 0
        for op in find(self._graph, _COMPUTING if self._sources else ()):
            for result in op.operation.results:
                if next(iter(result.uses), None) is None:
                    continue
                elements = self._contents.of(result)
                if elements is None or not all(isinstance(each, int) for each in elements.flat) or not is_pure(op):
                    continue
                type_ = TensorType(result.type)
                value = from_numpy(np.array(elements.tolist()).reshape(elements.shape), type_.dtype)
                place = ir.InsertionPoint(op.operation)
                constant = Constant.build(results=[type_], value=value, loc=op.location, ip=place)
                result.replace_all_uses_with(constant.result)
                made += 1
        if made:
            self._contents = Contents()
        return made

    def _equalities(self) -> Extents:
        """What names stand for: of those that a result binds whose extents are known."""
        found: Extents = {}
        bound: dict[str, Any] | None = None
        for op in self._ops:
            for result, declared, extent in self._known(op):
                if extent is None or extent == declared or not _is_name(declared) or not at_least(extent, 0):
                    continue
                bound = binders(self._graph) if bound is None else bound
                binder = bound.get(str(declared))
                if binder is not None and binder == result and _is_visible(extent, op, bound):
                    found.setdefault(str(declared), extent)
        return _resolved(found)

    def _known(self, op: Any) -> Iterator[tuple[Any, Any, Any]]:
        """Results with a declared extent and what is known of it."""
        name = op.operation.name
        if name in ("mo.if", "mo.while"):
            yield from (flowing if name == "mo.if" else carried)(op)
        elif not self._only_output(op):
            for result, dims in zip(op.operation.results, extents(op, self._contents), strict=False):
                for declared, extent in zip(TensorType(result.type).shape, dims, strict=True):
                    yield result, declared, extent

    def _only_output(self, op: Any) -> bool:
        """Whether it is an assertion that gives a result of the graph its declared type, and nothing else."""
        if op.operation.name != "mo.rebind":
            return False
        end = terminator(block_of(self._graph.body)).operation
        return all(use.owner.operation == end for use in op.result.uses)

    def _drop(self) -> int:
        """Remove operands that only say what the types say."""
        dropped = 0
        for op in find(self._graph, _GIVEN):
            static = op.operation.name == "mo.random.normal"
            if not static and not is_dropped(op):
                continue
            known = extents(op, self._contents)
            types = [TensorType(result.type) for result in op.operation.results]
            if len(known) != len(types) or not all(
                tuple(dims) == type_.shape and all(at_least(extent, 0) for extent in type_.shape)
                for dims, type_ in zip(known, types, strict=True)
            ):
                continue
            made = _without(op, types, static)
            for old, new in zip(op.operation.results, made.operation.results, strict=True):
                old.replace_all_uses_with(new)
            op.operation.erase()
            dropped += 1
        return dropped

    def _slice(self) -> int:
        """Let slices by known ranges be what they are at compile time."""
        made = 0
        for op in find(self._graph, ("mo.dynamic.slice",)):
            ranges = static_ranges(op, self._contents)
            if ranges is None or Slice.infer(TensorType(op.input.type), *ranges) != op.result.type:
                continue
            starts, stops, steps = ranges
            place = ir.InsertionPoint(op.operation)
            new = Slice.build(op.input, starts=starts, stops=stops, steps=steps, loc=op.location, ip=place)
            op.result.replace_all_uses_with(new.result)
            op.operation.erase()
            made += 1
        return made

    def _prove(self) -> int:
        """Remove assertions between equal types."""
        proven = 0
        for op in find(self._graph, ("mo.rebind",)):
            if op.input.type == op.result.type:
                op.result.replace_all_uses_with(op.input)
                op.operation.erase()
                proven += 1
        return proven


def _is_visible(extent: "int | Dim", op: Any, bound: dict[str, Any]) -> bool:
    """Whether no name in `extent` is bound inside of `op`."""
    names = [] if isinstance(extent, int) else extent.names()
    return all(name in bound and is_outside(bound[name], op) for name in names)


def _is_open(op: Any) -> bool:
    """Whether something may be found out: it has an operand that gives extents, or names in its results' types."""
    if op.operation.name in ("mo.dynamic.slice", "mo.random.normal") or is_dropped(op):
        return True
    types = (wrap_type(result.type) for result in op.operation.results)
    return any(not isinstance(dim, int) for type_ in types for dim in getattr(type_, "shape", ()))


def _is_name(dim: "int | Dim") -> bool:
    return isinstance(dim, Dim) and dim.names() == [str(dim)]


def _resolved(found: Extents) -> Extents:
    """The extents with other names replaced that stand for something, too; none of them depends on itself."""
    resolved: Extents = {}
    for name, extent in found.items():
        if isinstance(extent, Dim):
            extent = extent.substitute(resolved)
        if not isinstance(extent, Dim) or not set(extent.names()) & ({name} | (found.keys() - resolved.keys())):
            resolved[name] = extent
    return resolved


def _without(op: Any, types: list[ir.Type], static: bool) -> Any:
    """The operation without the operand that gives its extents, before it."""
    place = ir.InsertionPoint(op.operation)
    if static:
        return StaticRandomNormal.build(op.mean, op.std, op.seed, results=types, loc=op.location, ip=place)
    gone = OPTIONAL[op.operation.name]
    operands = [None if field.name == gone else getattr(op, field.name) for field in type(op).OPERANDS]
    attributes = {field.name: getattr(op, field.name) for field in type(op).ATTRIBUTES}
    return type(op).build(*operands, results=types, loc=op.location, ip=place, **attributes)
