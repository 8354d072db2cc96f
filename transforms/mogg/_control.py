# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Control flow in programs: `mo.if` and `mo.while` become `scf.if` and `scf.while`; other regions are put in place.

What flows along an edge, into a region or out of it, may have another type than the one declared at its end, where
dimensions are names. A name that has no value in front of the operation is new: each arrival binds it. Any other is
compared before the edge is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from mograph.transforms.lower.builder import Tensor
from mograph.transforms.lower.builder.dims import names_of
from mograph.transforms.lower.builder.dtype import INDEX
from mograph.transforms.lower.builder.scalar import Scalar, equal
from mograph.transforms.mogg._buffers import Buffer

if TYPE_CHECKING:
    from mograph.transforms.mogg._program import ProgramBuilder

__all__ = ["STRUCTURE", "Edge", "passed"]


def passed(x: Tensor | Buffer, as_scalar: bool) -> Any:
    """The `ir.Value` that stands for `x` between regions and programs."""
    return x.scalar.value if isinstance(x, Tensor) and as_scalar and x.rank == 0 else x.value


class Edge:
    """The end of an edge of control flow: what is declared there. Made in front of the operation `name`."""

    def __init__(self, builder: ProgramBuilder, name: str, values: Iterable[Any]) -> None:
        self._builder = builder
        self._name = name
        found = [(index, builder.typed(value)) for index, value in enumerate(values)]
        self._ends = [(index, info) for index, info in found if info is not None]
        self.new = {
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

    def send(self, tensors: Sequence[Tensor | Buffer]) -> list[Any]:
        """The `ir.Value`s that arrive for `tensors`; compares, at run time, what their types leave open."""
        pairs = list(zip(tensors, self._ends, strict=True))
        given: dict[str, Any] = {}
        for x, (_, info) in pairs:
            for have, declared in zip(x.shape, info.shape, strict=True):
                if str(declared) in self.new:
                    given.setdefault(str(declared), have)
        for x, (index, info) in pairs:
            for axis, (have, declared) in enumerate(zip(x.shape, info.shape, strict=True)):
                wanted = declared if isinstance(declared, int) else declared.substitute(given)
                if have != wanted and not self.new & set(names_of(wanted)) - set(given):
                    self._compare(have, wanted, f"dimension {axis} of value {index} to be {declared}", declared)
        return [self._builder.cast(passed(x, True), self._builder.passed_type(info, True)) for x, (_, info) in pairs]

    def _compare(self, have: Any, wanted: Any, what: str, declared: Any) -> None:
        k = self._builder.k
        which = "" if wanted == declared else f", which is {wanted} here"
        message = f"{self._name}: expected {what}{which}, found another {have}"
        k.require(equal(k.index(k.dim(have)), k.index(k.dim(wanted))), message)


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


def sequence(builder: ProgramBuilder, op: Any) -> None:
    """`mo.sequence`: one stream is all that the host has, so the region takes the place of the operation."""
    outputs = list(op.operation.results)
    edge = Edge(builder, "mo.sequence", outputs)
    builder.arrive(outputs, _launch(builder, op.body.blocks[0], (), edge))


def parallel(builder: ProgramBuilder, op: Any) -> None:
    """`mo.parallel`: a copy of the region for each launch, one after the other."""
    builder.flush()  # what waits for the first launch would be gone for the others
    launches = len(op.devices)
    inputs, outputs = list(op.inputs), list(op.outputs)
    edges = [Edge(builder, "mo.parallel", outputs[launch::launches]) for launch in range(launches)]
    block = op.body.blocks[0]
    sent = [
        _launch(builder, block, [builder.tensor(value) for value in inputs[launch::launches]], edge)
        for launch, edge in enumerate(edges)
    ]
    for launch, (edge, values) in enumerate(zip(edges, sent, strict=True)):
        builder.arrive(outputs[launch::launches], values)
        for value in outputs[launch::launches] if launch else ():
            _compare_new(builder, edge, value)


def _compare_new(builder: ProgramBuilder, edge: Edge, value: Any) -> None:
    """Compare extents of `value`, of a later launch, whose names the results of an earlier one may have bound."""
    info, k = builder.typed(value), builder.k
    for axis, dim in enumerate(info.shape if info else ()):
        names = set(names_of(dim))
        if names & edge.new and not any(map(k.dims.unbound, names)):
            found = Scalar(builder.em, builder.extent(builder.tensor(value), axis), INDEX)
            message = f"mo.parallel: expected dimension {axis} of a result to be {dim} in every launch, found another"
            k.require(equal(found, k.index(k.dim(dim))), message)


def _launch(builder: ProgramBuilder, block: Any, arguments: Sequence[Tensor | Buffer | None], edge: Edge) -> list[Any]:
    """Lower a region's block right here; gives what it sends along `edge`."""
    with builder.k.dims.scope():
        for value, x in zip(block.arguments, arguments, strict=True):
            builder.bind(value, x)
        return edge.send(builder.tensors(builder.block(block)))


STRUCTURE: dict[str, Callable[[ProgramBuilder, Any], None]] = {
    "mo.if": if_,
    "mo.parallel": parallel,
    "mo.sequence": sequence,
    "mo.while": while_,
}
