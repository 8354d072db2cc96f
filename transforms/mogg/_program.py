# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From a `mo.graph` to a `mogg.program`: launches of kernels, control flow of `scf`, scalars in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import mlir.ir as ir

from mograph.transforms.lower.builder import Emitter, KernelBuilder, Tensor
from mograph.transforms.lower.builder.binding import bind_shape
from mograph.transforms.lower.builder.dims import names_of
from mograph.transforms.lower.builder.dtype import INDEX
from mograph.transforms.lower.builder.scalar import Scalar, equal
from mograph.transforms.lower.registry import LoweringRegistry
from mograph.transforms.lower.rule import Elementwise, Rule, is_inline
from mograph.transforms.mogg import _groups
from mograph.transforms.mogg._buffers import Buffer, memref_type
from mograph.transforms.mogg._control import STRUCTURE, passed
from mograph.transforms.mogg._custom import CUSTOM
from mograph.transforms.mogg._effects import EFFECTS
from mograph.transforms.mogg._errors import LoweringError, blaming
from mograph.transforms.mogg._groups import Group, Member
from mograph.transforms.mogg._kernels import Canon, Kernels
from mograph.transforms.mogg._types import TensorInfo, Types
from mograph.transforms.mogg._views import OpView

__all__ = ["Callee", "ProgramBuilder"]


class Callee:
    """A graph as a call sees it: its program's symbol, whether it is private, its weights by name, and the types of the
    tensors that it takes and gives, in its own names.
    """

    def __init__(
        self,
        symbol: str,
        private: bool,
        weights: dict[str, TensorInfo],
        inputs: list[TensorInfo],
        outputs: list[TensorInfo],
    ) -> None:
        self.symbol = symbol
        self.private = private
        self.weights = weights
        self.inputs = inputs
        self.outputs = outputs


class ProgramBuilder:
    """Builds the body of one program at the place of `em`.

    Tensors of rank 0 are scalars there. `callees` are the graphs of the module by symbol, `weights` this one's weights
    by name.
    """

    def __init__(
        self,
        em: Emitter,
        types: Types,
        registry: LoweringRegistry,
        target: str,
        kernels: Kernels,
        callees: dict[str, Callee],
    ) -> None:
        self.em = em
        self.k = KernelBuilder(em)
        self.weights: dict[str, Tensor] = {}
        self._types = types
        self._registry = registry
        self._target = target
        self._kernels = kernels
        self._callees = callees
        self._values: dict[Any, Tensor | Buffer | None] = {}
        self._waiting: dict[Any, Member] = {}
        self._groups: dict[int, Group] = {}
        self._order = 0
        self._structure: dict[str, Callable[[Any], None]] = {
            "mo.call": self._call,
            "mo.chain.create": self._chain,
            "mo.constant.external": self._external,
            **{name: partial(lower, self) for name, lower in (STRUCTURE | EFFECTS | CUSTOM).items()},
        }

    # Values.

    def bind(self, value: Any, tensor: Tensor | Buffer | None) -> None:
        """Let the value of `mo` be `tensor` here (None: a chain, of which nothing is left)."""
        self._values[value] = tensor

    def tensor(self, value: Any) -> Any:
        """What `value` is here: a tensor, a buffer, or None for a chain; emits the group that it waits in."""
        member = self._waiting.get(value)
        if member is not None:
            self._emit(self._group_of(member))
        return self._values[value]

    def tensors(self, values: Sequence[Any]) -> list[Any]:
        """`tensor` of each that is not a chain."""
        return [x for x in map(self.tensor, values) if x is not None]

    def buffer(self, value: Any) -> Buffer:
        """What `value`, a buffer, is here."""
        found = self._values[value]
        assert isinstance(found, Buffer)
        return found

    def info(self, type_: Any) -> TensorInfo:
        """A type of a tensor or a buffer, read."""
        found = self._types.tensor(type_)
        assert found is not None
        return found

    def typed(self, value: Any) -> TensorInfo | None:
        """The type of `value`, None for a chain."""
        return self._types.tensor(value.type)

    def arrive(self, values: Sequence[Any], found: Sequence[Any]) -> None:
        """Let `values` be what `found` has for each that is no chain; binds the names that are new in their types."""
        remaining = iter(list(found))
        for value in values:
            info = self.typed(value)
            x = None if info is None else self.received(next(remaining), info)
            self.bind(value, x)
            if x is not None:
                self.bind_extents(x)

    def received(self, value: Any, info: TensorInfo) -> Tensor | Buffer:
        """What `value`, of the builtin type that passes for `info`, is here."""
        if info.mutable:
            return Buffer(info.element, info.shape, value)
        return self.k.input(value, info.element, info.shape)

    def bind_extents(self, x: Tensor | Buffer) -> None:
        """Bind the names in the shape of `x` that have no value yet to its extents."""
        for axis, dim in enumerate(x.shape):
            if self.k.dims.unbound(dim):
                self.k.dims.bind(str(dim), self.extent(x, axis))

    def extent(self, x: Tensor | Buffer, axis: int) -> Any:
        """The index value of the extent that `x` has along an axis."""
        op = "memref.dim" if isinstance(x, Buffer) else "tensor.dim"
        return self.em.value(op, "index", [x.value, self.k.dims.value(axis)])

    # Operations.

    def block(self, block: Any) -> list[Any]:
        """Lower all of `block` but its terminator, whose operands are returned as values of `mo`."""
        *ops, terminator = block.operations
        for op in ops:
            self.em.location = op.location
            name = op.operation.name
            structure = self._structure.get(name)
            if structure is not None:
                structure(op)
            else:
                self._by_rule(op, name)
        self.em.location = terminator.location
        operands = list(terminator.operation.operands)
        self.flush()
        return operands

    def flush(self) -> None:
        """Emit every group that waits."""
        for group in list(self._groups.values()):
            self._emit(group)

    def _by_rule(self, op: Any, name: str) -> None:
        results = list(op.operation.results)
        infos = [self._types.tensor(result.type) for result in results]
        outputs = [info for info in infos if info is not None]
        with blaming(op, name):
            rule = self._registry.find(name, self._target)
            view = OpView(op, name, outputs)
            if isinstance(rule, Elementwise) and outputs[0].shape:
                self.wait(view, name, rule, results[0], outputs[0])
                return
            operands = self.tensors(op.operation.operands)
            if is_inline(rule) or isinstance(rule, Elementwise):
                made = _listed(rule(self.k, view, *operands))
            else:
                made = self.launch(view, name, rule, operands, outputs)
        places = [result for result, info in zip(results, infos, strict=True) if info is not None]
        for result, tensor in zip(places, made, strict=True):
            self._values[result] = tensor
            self.bind_extents(tensor)

    def launch(
        self, view: OpView, name: str, rule: Rule, operands: list[Tensor], outputs: list[TensorInfo]
    ) -> list[Tensor]:
        """Launch the kernel that `rule` makes, called after `name`; gives its results, of the types `outputs`."""
        canon = Canon()
        key = (
            name,
            _attributes(view),
            tuple(canon.tensor(x) for x in operands),
            tuple((info.dtype, canon.shape(info.shape)) for info in outputs),
        )

        def build(body: KernelBuilder, tensors: list[Tensor]) -> Sequence[Tensor]:
            return _listed(rule(body, view, *tensors))

        results = [(info.element, info.shape) for info in outputs]
        return self._kernels.launch(self.k, key, canon, [name], operands, results, build)

    # Groups.

    def wait(self, view: OpView, name: str, rule: Elementwise, value: Any, info: TensorInfo) -> None:
        """Let an element-wise operation that gives `value` wait in a group for others."""
        operands = list(view.operation.operands)
        if rule.takes_shape(view):
            bind_shape(self.k, view, info.shape, *self.tensors(operands[-1:]))
            operands = operands[:-1]
        joined: list[Group] = []
        for operand in operands:
            member = self._waiting.get(operand)
            if member is not None:
                group = self._group_of(member)
                if not group.fits(info):
                    self._emit(group)
                elif group not in joined:
                    joined.append(group)
        if sum(len(group.members) for group in joined) >= _groups.MOST:
            for group in joined:
                self._emit(group)
            joined = []
        sources = [self._waiting.get(operand) or self._values[operand] for operand in operands]
        known = tuple(source for source in sources if isinstance(source, Tensor | Member))
        if all(isinstance(source, Tensor) and source.uniform is not None for source in known):
            self._values[value] = rule.apply(self.k, view, *self.tensors(operands))
            return
        group = joined[0] if joined else Group(info)
        for other in joined[1:]:
            group.absorb(other)
            self._adopt(group, other)
        member = Member(self._order, view, name, rule, _attributes(view), known, value, info)
        self._order += 1
        group.members.append(member)
        self._waiting[value] = member
        self._groups[member.order] = group

    def _group_of(self, member: Member) -> Group:
        return self._groups[member.order]

    def _adopt(self, group: Group, other: Group) -> None:
        for member in other.members:
            self._groups[member.order] = group

    def _emit(self, group: Group) -> None:
        if not any(member.order in self._groups for member in group.members):
            return
        for member in group.members:
            del self._groups[member.order]
            del self._waiting[member.value]
        location = self.em.location
        self._values.update(_groups.emit(group, self.k, self._kernels))
        self.em.location = location

    # Structure.

    def _chain(self, op: Any) -> None:
        self._values[op.operation.results[0]] = None

    def _external(self, op: Any) -> None:
        self._values[op.operation.results[0]] = self.weights[op.weight]

    def _call(self, op: Any) -> None:
        callee = self._callees.get(op.callee)
        if callee is None:
            raise LoweringError(op, f"expected the symbol of a graph, found @{op.callee}")
        prefix = op.prefix or ""
        given = [passed(x, callee.private) for x in self.tensors(op.operation.operands)]
        given = [self._as(value, info, callee) for value, info in zip(given, callee.inputs, strict=True)]
        given += [passed(self.weights[prefix + name], callee.private) for name in callee.weights]
        types = [self.passed_type(info, callee.private) for info in callee.outputs]
        call = self.em.create("mogg.call", types, given, {"callee": self.em.symbol(callee.symbol)})
        made = iter(list(call.results))
        known = {name for operand in op.operation.operands for name in self._names(operand)}
        for result in op.operation.results:
            info = self.typed(result)
            self._values[result] = None
            if info is not None:
                x = self.received(self._as(next(made), info, callee), info)
                self._values[result] = x
                self._settle(x, known)

    def _as(self, value: Any, info: TensorInfo, callee: Callee) -> Any:
        """`value` as what passes for `info`: a graph and its caller may know different extents as constants."""
        return self.cast(value, self.passed_type(info, callee.private))

    def cast(self, value: Any, type_: Any) -> Any:
        """`value` as the builtin type `type_`, which may know other extents as constants."""
        if value.type == type_:
            return value
        return self.em.value("memref.cast" if isinstance(type_, ir.MemRefType) else "tensor.cast", type_, [value])

    def _names(self, value: Any) -> set[str]:
        """The names of dimensions in the type of a value."""
        info = self.typed(value)
        return {name for dim in (info.shape if info else ()) for name in names_of(dim)}

    def _settle(self, x: Tensor | Buffer, known: set[str]) -> None:
        """Bind the names in the shape of `x` that are new; compare the others, unless they are `known` to hold."""
        for axis, dim in enumerate(x.shape):
            if isinstance(dim, int) or str(dim) in known or names_of(dim) != (str(dim),):
                continue
            extent = self.extent(x, axis)
            if self.k.dims.unbound(str(dim)):
                self.k.dims.bind(str(dim), extent)
            else:
                same = equal(Scalar(self.em, extent, INDEX), self.k.index(self.k.dim(dim)))
                self.k.require(same, f"mo.call: expected dimension {axis} of a result to be {dim}, found another")

    def call_external(self, name: str, operands: Sequence[Any], attributes: dict[str, Any]) -> None:
        """Call a function that the target supplies; the attributes of its declaration say what it does. It only reads
        the tensors that it is given.
        """
        symbol = self._kernels.declare(name, [value.type for value in operands], attributes)
        self.em.create("func.call", (), operands, {"callee": self.em.symbol(symbol)})

    def passed_type(self, info: TensorInfo, as_scalar: bool) -> Any:
        """The builtin type that a value of this type has between regions and programs; of rank 0 perhaps a scalar."""
        if info.mutable:
            return memref_type(self.k, info.shape, info.element)
        if as_scalar and not info.shape:
            return self.em.type(info.element.storage)
        return self.em.tensor_type(info.shape, info.element)


def _listed(results: Tensor | Sequence[Tensor]) -> Sequence[Tensor]:
    return [results] if isinstance(results, Tensor) else results


def _attributes(view: OpView) -> tuple[tuple[str, Any], ...]:
    attributes = view.operation.attributes
    return tuple(attributes.items()) if len(attributes) else ()
