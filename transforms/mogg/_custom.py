# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Custom operations in programs: kernels made by their own rules, or of MLIR that they give as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import mlir.ir as ir

from mograph.dialects.custom import CustomOp, Out, find
from mograph.dialects.mo import shapes
from mograph.dialects.mo.custom import parameters_of, types_of
from mograph.transforms.lower.builder import KernelBuilder, Tensor
from mograph.transforms.lower.builder.dims import names_of
from mograph.transforms.lower.builder.dtype import INDEX
from mograph.transforms.lower.builder.scalar import Scalar, equal
from mograph.transforms.lower.rule import Elementwise, Rule
from mograph.transforms.mogg._buffers import contents, put
from mograph.transforms.mogg._control import Edge
from mograph.transforms.mogg._errors import LoweringError, blaming
from mograph.transforms.mogg._types import TensorInfo
from mograph.transforms.mogg._views import OpView

if TYPE_CHECKING:
    from mograph.transforms.mogg._program import ProgramBuilder

__all__ = ["CUSTOM"]


class _CustomView(OpView):
    """A `mo.custom` as its rule sees it: with its parameters, and the types that its declaration infers."""

    __slots__ = ("_parameters",)

    def __init__(self, op: Any, name: str, results: Sequence[TensorInfo], parameters: dict[str, Any]) -> None:
        super().__init__(op, name, results)
        self._parameters = parameters

    def __getattr__(self, name: str) -> Any:
        parameters = self._parameters
        return parameters[name] if name in parameters else super().__getattr__(name)


def _custom(builder: ProgramBuilder, op: Any) -> None:
    with blaming(op, op.callee):
        _lower(builder, op, find(op.callee))


def _lower(builder: ProgramBuilder, op: Any, declared: type[CustomOp]) -> None:
    name, results = declared.NAME, list(op.outputs)
    buffers = [builder.buffer(value) for value in op.buffers]
    if buffers:
        builder.bind(results.pop(), None)
    elif not results:
        return  # nothing comes of it
    parameters = parameters_of(declared, op.operation)
    types = types_of(declared, op.operation)
    infos = [builder.info(type_) for type_ in ([result.type for result in results] if types is None else types)]
    held = [TensorInfo(buffer.shape, buffer.dtype, "cpu") for buffer in buffers]
    view = _CustomView(op, name, infos, parameters)
    rule = _rule(declared, op)
    if isinstance(rule, Elementwise):
        _check_elementwise(builder, op, infos[0])
        if infos[0].shape and not buffers and infos[0] == builder.typed(results[0]):
            builder.wait(view, name, rule, results[0], infos[0])
            return
    operands = [*builder.tensors(op.args), *(contents(builder.k, buffer) for buffer in buffers)]
    edge = Edge(builder, f"mo.custom: {name}", results)
    outputs = [*infos, *held]
    names = [*declared.names(Out), *(f"what buffer {index} holds next" for index in range(len(buffers)))]

    def fitting(k: KernelBuilder, seen: Any, *tensors: Tensor) -> list[Tensor]:
        made = rule(k, seen, *tensors)
        listed = list(made) if isinstance(made, list | tuple) else [made]
        if len(listed) != len(outputs):
            raise ValueError(f"expected {len(outputs)} results ({', '.join(names)}), found {len(listed)}")
        return [_fit(k, what, x, info) for what, x, info in zip(names, listed, outputs, strict=True)]

    made = builder.launch(view, name, fitting, operands, outputs)
    for buffer, x in zip(buffers, made[len(results) :], strict=True):
        put(builder, x, buffer.value)
    builder.arrive(results, edge.send(made[: len(results)]))


def _rule(declared: type[CustomOp], op: Any) -> Rule | Elementwise:
    found: Rule | Elementwise | None = getattr(declared, "lower", None)
    if found is not None:
        return found
    body: str | Callable[[Any], str] | None = getattr(declared, "body", None)
    if body is None:
        raise LoweringError(
            op, f"custom operation '{declared.NAME}' has neither lower nor body: it is interpreted only"
        )

    def from_text(k: KernelBuilder, seen: Any, *tensors: Tensor) -> list[Any]:
        return _inlined(k, body if isinstance(body, str) else body(seen), tensors)

    return from_text


def _check_elementwise(builder: ProgramBuilder, op: Any, info: TensorInfo) -> None:
    operands = [builder.typed(value) for value in op.args]
    shape = shapes.broadcast_all(*(operand.shape for operand in operands if operand is not None))
    if tuple(shape) != tuple(info.shape):
        raise ValueError(
            f"expected an element-wise rule to give a result of the shape that its operands broadcast to, "
            f"{shapes.text(shape)}; found {shapes.text(info.shape)}"
        )


def _fit(k: KernelBuilder, what: str, given: Any, info: TensorInfo) -> Tensor:
    """A tensor, or an `ir.Value`, in the shape that is declared; compares what is not known to be equal."""
    x = given if isinstance(given, Tensor) else _wrapped(k, what, given, info)
    if x.dtype is not info.element:
        raise ValueError(f"expected {what} of dtype {info.dtype}, found {x.dtype.name}")
    if x.rank != len(info.shape):
        raise ValueError(f"expected {what} of rank {len(info.shape)}, {shapes.text(info.shape)}; found {x.rank}")
    if x.shape == tuple(info.shape):
        return x
    for axis, (have, wanted) in enumerate(zip(x.shape, info.shape, strict=True)):
        if isinstance(have, int) and isinstance(wanted, int) and have != wanted:
            raise ValueError(f"expected {what} of the shape {shapes.text(info.shape)}, found {have} on axis {axis}")
        if have != wanted and not any(map(k.unbound, names_of(wanted))):
            same = equal(_extent(k, x, axis), k.index(k.dim(wanted)))
            k.require(same, f"expected {what} to have {wanted} elements on axis {axis}, found another number")
    if x.uniform is not None:
        return k.full(info.shape, x.uniform, x.dtype)
    type_ = k.em.tensor_type(info.shape, info.element)
    value = x.value if x.value.type == type_ else k.em.value("tensor.cast", type_, [x.value])
    return k.input(value, info.element, info.shape)


def _extent(k: KernelBuilder, x: Tensor, axis: int) -> Scalar:
    if x.uniform is not None:
        return k.index(k.dim(x.shape[axis]))
    return Scalar(k.em, k.em.value("tensor.dim", "index", [x.value, k.dims.value(axis)]), INDEX)


class _Unknown:
    """An extent that only the tensor itself tells."""


def _inlined(k: KernelBuilder, text: str, tensors: Sequence[Tensor]) -> list[Any]:
    """The results of the one function in a module of MLIR, whose operations are put here."""
    try:
        module = ir.Module.parse(text, k.em.context)
    except ir.MLIRError as error:
        raise ValueError(f"its body is no module of MLIR: {error}") from None
    functions = [op for op in module.body.operations if op.operation.name == "func.func"]
    if len(functions) != 1 or len(module.body.operations) != 1 or len(functions[0].regions[0].blocks) != 1:
        raise ValueError("expected its body to be one function of one block")
    block = functions[0].regions[0].blocks[0]
    if len(block.arguments) != len(tensors):
        raise ValueError(
            f"expected the function in its body to take {len(tensors)} tensors, found {len(block.arguments)}"
        )
    known = {
        argument: _as(k, index, x, argument.type)
        for index, (argument, x) in enumerate(zip(block.arguments, tensors, strict=True))
    }
    *ops, end = (op.operation for op in block.operations)
    for op in ops:
        copy = op.clone(ip=k.em.place)
        _rewire(copy, known)
        known.update(zip(op.results, copy.results, strict=True))
    return [known.get(value, value) for value in end.operands]


def _as(k: KernelBuilder, index: int, x: Tensor, type_: Any) -> Any:
    value = x.value
    if value.type == type_:
        return value
    if not isinstance(type_, ir.RankedTensorType) or (type_.rank, str(type_.element_type)) != (x.rank, x.dtype.storage):
        raise ValueError(f"expected argument {index} of the function in its body to take a {value.type}, found {type_}")
    for axis in range(x.rank):
        if not type_.is_dynamic_dim(axis) and x.shape[axis] != type_.get_dim_size(axis):
            raise ValueError(
                f"expected argument {index} of the function in its body to take a {value.type}, found {type_}"
            )
    return k.em.value("tensor.cast", type_, [value])


def _rewire(copy: Any, known: dict[Any, Any]) -> None:
    def step(op: Any) -> Any:
        for index, operand in enumerate(op.operands):
            if operand in known:
                op.operands[index] = known[operand]
        return ir.WalkResult.ADVANCE

    copy.walk(step, ir.WalkOrder.PRE_ORDER)


def _wrapped(k: KernelBuilder, what: str, value: Any, info: TensorInfo) -> Tensor:
    """The tensor of what a function in a body returns."""
    type_ = value.type
    if not isinstance(type_, ir.RankedTensorType) or str(type_.element_type) != info.element.storage:
        raise ValueError(f"expected {what} as a tensor of {info.element.storage}, found {type_}")
    shape = [_Unknown() if type_.is_dynamic_dim(axis) else type_.get_dim_size(axis) for axis in range(type_.rank)]
    return k.input(value, info.element, shape)


CUSTOM: dict[str, Callable[[ProgramBuilder, Any], None]] = {"mo.custom": _custom}
