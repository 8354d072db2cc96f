# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Control flow in programs: `mo.if` and `mo.while` become `scf.if` and `scf.while`.

What flows along an edge, into a region or out of it, may have another type than the one declared at its end, where
dimensions are names. A name that has no value in front of the operation is new: each arrival binds it. Any other is
compared before the edge is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from mograph.transforms.lower.builder import Tensor
from mograph.transforms.lower.builder.dims import names_of
from mograph.transforms.lower.builder.scalar import equal
from mograph.transforms.mogg._types import TensorInfo

if TYPE_CHECKING:
    from mograph.transforms.mogg._program import ProgramBuilder

__all__ = ["STRUCTURE", "Edge", "passed"]


def passed(x: Tensor, as_scalar: bool) -> Any:
    """The `ir.Value` that stands for `x` between regions and programs."""
    return x.scalar.value if as_scalar and x.rank == 0 else x.value


class Edge:
    """The end of an edge of control flow: what is declared there. Made in front of the operation `name`."""

    def __init__(self, builder: ProgramBuilder, name: str, values: Iterable[Any]) -> None:
        self._builder = builder
        self._name = name
        found = [(index, builder.typed(value)) for index, value in enumerate(values)]
        self._ends = [(index, info) for index, info in found if info is not None]
        self._new = {
            name
            for _, info in self._ends
            for dim in info.shape
            for name in names_of(dim)
            if builder.k.dims.unbound(name)
        }

    @property
    def types(self) -> list[Any]:
        """The builtin types of what arrives."""
        return [self._builder.passed_type(info, True) for _, info in self._ends]

    def send(self, tensors: Sequence[Tensor]) -> list[Any]:
        """The `ir.Value`s that arrive for `tensors`; compares, at run time, what their types leave open."""
        pairs = list(zip(tensors, self._ends, strict=True))
        given: dict[str, Any] = {}
        for x, (_, info) in pairs:
            for have, declared in zip(x.shape, info.shape, strict=True):
                if str(declared) in self._new:
                    given.setdefault(str(declared), have)
        for x, (index, info) in pairs:
            for axis, (have, declared) in enumerate(zip(x.shape, info.shape, strict=True)):
                wanted = declared if isinstance(declared, int) else declared.substitute(given)
                if have != wanted and not self._new & set(names_of(wanted)) - set(given):
                    self._compare(have, wanted, f"dimension {axis} of value {index} to be {declared}", declared)
        return [self._cast(passed(x, True), info) for x, (_, info) in pairs]

    def _compare(self, have: Any, wanted: Any, what: str, declared: Any) -> None:
        k = self._builder.k
        which = "" if wanted == declared else f", which is {wanted} here"
        message = f"{self._name}: expected {what}{which}, found another {have}"
        k.require(equal(k.index(k.dim(have)), k.index(k.dim(wanted))), message)

    def _cast(self, value: Any, info: TensorInfo) -> Any:
        type_ = self._builder.passed_type(info, True)
        return value if value.type == type_ else self._builder.em.value("tensor.cast", type_, [value])


def if_(builder: ProgramBuilder, op: Any) -> None:
    """`mo.if`."""
    builder.flush()
    condition = builder.tensors([op.condition])[0].scalar.value
    outputs = list(op.operation.results)
    edge = Edge(builder, "mo.if", outputs)
    made = builder.em.create("scf.if", edge.types, [condition], regions=2)
    for region, target in zip(op.operation.regions, made.regions, strict=True):
        if len(region.blocks):
            _region(builder, region.blocks[0], builder.em.block(target, ()), "scf.yield", edge)
    builder.arrive(outputs, made.results)


def while_(builder: ProgramBuilder, op: Any) -> None:
    """`mo.while`."""
    builder.flush()
    outputs = list(op.operation.results)
    edge = Edge(builder, "mo.while", outputs)
    values = edge.send(builder.tensors(list(op.operation.operands)))
    made = builder.em.create("scf.while", edge.types, values, regions=2)
    for region, target, terminator in zip(
        op.operation.regions, made.regions, ("scf.condition", "scf.yield"), strict=True
    ):
        _region(builder, region.blocks[0], builder.em.block(target, edge.types), terminator, edge)
    builder.arrive(outputs, made.results)


def _region(builder: ProgramBuilder, block: Any, target: Any, terminator: str, edge: Edge) -> None:
    """Lower a region's block into `target`, whose arguments are those of `block`; it ends where `edge` does."""
    with builder.em.inside(target), builder.k.dims.scope():
        builder.arrive(list(block.arguments), target.arguments)
        tensors = builder.tensors(builder.block(block))
        chosen = [tensors.pop(0).scalar.value] if terminator == "scf.condition" else []
        builder.em.create(terminator, (), [*chosen, *edge.send(tensors)])


STRUCTURE: dict[str, Callable[[ProgramBuilder, Any], None]] = {"mo.if": if_, "mo.while": while_}
