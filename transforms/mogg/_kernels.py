# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kernels: made where a program needs one, each content once, with a telling name."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import mlir.ir as ir

from mograph._records import record
from mograph.dialects.mogg.kernel import PLACE
from mograph.transforms.lower.builder import DType, Emitter, KernelBuilder, Tensor
from mograph.transforms.lower.builder.dims import Dims, names_of
from mograph.transforms.lower.builder.scalar import Scalar
from mograph.transforms.mogg._names import Symbols, kernel_name
from mograph.transforms.mogg._types import renamed

__all__ = ["Canon", "Kernels", "Output"]

Output = tuple[DType, tuple[Any, ...]]
"""The dtype and shape of a result."""
Build = Callable[[KernelBuilder, list[Tensor]], Sequence[Tensor]]


class Canon:
    """Numbers the names of dimensions as they are met, so that kernels that differ in names alone have one key."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def shape(self, shape: Sequence[Any]) -> tuple[Any, ...]:
        """`shape` in canonical names."""
        for dim in shape:
            if not isinstance(dim, int):
                for name in names_of(dim):
                    self.names.setdefault(name, f"d{len(self.names)}")
        return tuple(renamed(dim, self.names) for dim in shape)

    def tensor(self, x: Tensor) -> Hashable:
        """What of an operand a kernel depends on: all but its value, and that too where it is a number."""
        number = None if x.uniform is None or isinstance(x.uniform, Scalar) else repr(x.uniform)
        return x.dtype.name, self.shape(x.shape), x.uniform is None, number


@record
class _Kernel:
    symbol: str
    extents: tuple[str, ...]
    """Canonical names of the extents that it is given after its tensors."""
    results: tuple[Any, ...]
    placed: tuple[int, ...]
    """The results that it is given destinations for, after the extents."""


class Kernels:
    """The kernels of a module. `taken` are the names of its symbols."""

    def __init__(self, em: Emitter, module_block: Any, taken: set[str]) -> None:
        self._em = em
        em.declare = self.declare
        self._place = ir.InsertionPoint(module_block)
        self.symbols = Symbols(taken)
        self._known: dict[Hashable, _Kernel] = {}
        self._declared: dict[Hashable, str] = {}

    def launch(
        self,
        k: KernelBuilder,
        key: Hashable,
        canon: Canon,
        names: Sequence[str],
        operands: Sequence[Tensor],
        outputs: Sequence[Output],
        build: Build,
    ) -> list[Tensor]:
        """Launch the kernel of this `key` in the program that `k` builds; `build` makes it when it is new.

        `names` are the operations that it is called after, and `canon` the names of dimensions in its key.
        """
        unbound = tuple(canon.names[name] for name in canon.names if k.dims.unbound(name))
        whole = (key, unbound)
        kernel = self._known.get(whole)
        if kernel is None:
            kernel = self._known[whole] = self._make(k, canon, names, operands, outputs, build)
        em = self._em
        original = {canonical: name for name, canonical in canon.names.items()}
        arguments = [_passed(x) for x in operands if _is_passed(x)]
        arguments += [k.dims.value(original[extent]) for extent in kernel.extents]
        arguments += [self._destination(k, kernel.results[i], outputs[i][1]) for i in kernel.placed]
        launch = em.create("mogg.launch", kernel.results, arguments, {"kernel": em.symbol(kernel.symbol)})
        return [k.input(value, dtype, shape) for value, (dtype, shape) in zip(launch.results, outputs, strict=True)]

    def _destination(self, k: KernelBuilder, type_: Any, shape: tuple[Any, ...]) -> Any:
        """Where a kernel is to put a result of this type."""
        dynamic = [k.dims.value(dim) for axis, dim in enumerate(shape) if type_.is_dynamic_dim(axis)]
        return self._em.value("tensor.empty", type_, dynamic)

    def declare(self, wanted: str, inputs: Sequence[Any], attributes: dict[str, Any]) -> str:
        """Declare a function that the target supplies, which takes values of these types and changes none of the
        tensors; returns its symbol.
        """
        em, key = self._em, (wanted, tuple(inputs), *attributes.items())
        if key in self._declared:
            return self._declared[key]
        symbol = self._declared[key] = self.symbols.new(wanted)
        read = ir.DictAttr.get({"bufferization.access": em.string("read")}, context=em.context)
        none = ir.DictAttr.get({}, context=em.context)
        access = [read if isinstance(type_, ir.RankedTensorType) else none for type_ in inputs]
        fixed = {
            "sym_name": em.string(symbol),
            "sym_visibility": em.string("private"),
            "function_type": _function_type(em, inputs, ()),
            "arg_attrs": ir.ArrayAttr.get(access, context=em.context),
        }
        before, em.place = em.place, self._place
        em.create("func.func", attributes={**fixed, **attributes}, regions=1)
        em.place = before
        return symbol

    def _make(
        self,
        program: KernelBuilder,
        canon: Canon,
        names: Sequence[str],
        operands: Sequence[Tensor],
        outputs: Sequence[Output],
        build: Build,
    ) -> _Kernel:
        em = self._em
        dtype = outputs[0][0]
        symbol = self.symbols.new(kernel_name(names, "bool" if dtype.kind == "bool" else dtype.name))
        before, em.place = em.place, self._place
        try:
            op = em.create(
                "mogg.kernel",
                attributes={
                    "sym_name": em.string(symbol),
                    "sym_visibility": em.string("private"),
                    "function_type": _function_type(em, (), ()),
                },
                regions=1,
            )
            block = em.block(op.regions[0], [_passed(x).type for x in operands if _is_passed(x)])
            em.place = ir.InsertionPoint(block)
            body = _Body(em, block, program, [x for x in operands if _is_passed(x)])
            inside = [body.tensor(x) for x in operands]
            tensors = build(body.k, inside)
            values = [(x.scalar.value if x.rank == 0 else x.value) for x, _ in zip(tensors, outputs, strict=True)]
            placed = tuple(i for i, (_, shape) in enumerate(outputs) if _is_placed(program, shape))
            for i in placed:
                destination = block.add_argument(values[i].type, em.location)
                values[i] = em.value(PLACE, values[i].type, [values[i], destination])
            em.create("mogg.return", (), values)
        finally:
            em.place = before
        results = tuple(value.type for value in values)
        op.attributes["function_type"] = _function_type(em, [argument.type for argument in block.arguments], results)
        inputs = len(block.arguments) - len(body.extents) - len(placed)
        roles = ["in"] * inputs + ["extent"] * len(body.extents) + ["out"] * len(placed)
        for key, texts in (("roles", roles), ("operations", names)):
            op.attributes[key] = ir.ArrayAttr.get([em.string(text) for text in texts], context=em.context)
        return _Kernel(symbol, tuple(canon.names[name] for name in body.extents), results, placed)


class _Body:
    """The inside of a kernel: its arguments, and the extents that it reads off them or asks for."""

    def __init__(self, em: Emitter, block: Any, program: KernelBuilder, passed: Sequence[Tensor]) -> None:
        self._em = em
        self._block = block
        self._program = program
        self._arguments = iter(list(block.arguments))
        self._axes: dict[str, tuple[Any, int]] = {}
        for argument, x in zip(block.arguments, passed, strict=True):
            for axis, dim in enumerate(x.shape if x.uniform is None else ()):
                self._axes.setdefault(str(dim), (argument, axis))
        self.extents: list[str] = []
        self.k = KernelBuilder(em, Dims(em, self._find))

    def tensor(self, x: Tensor) -> Tensor:
        """The operand `x` of the launch, as the kernel sees it."""
        if not _is_passed(x):
            return Tensor(self.k, x.dtype, x.shape, uniform=x.uniform)
        argument = next(self._arguments)
        if x.uniform is None:
            return Tensor(self.k, x.dtype, x.shape, value=argument)
        return Tensor(self.k, x.dtype, x.shape, uniform=Scalar(self._em, argument, x.dtype))

    def _find(self, name: str) -> Any:
        if name in self._axes:
            value, axis = self._axes[name]
            index = self._em.value("arith.constant", "index", (), {"value": self._em.integer(axis, "index")})
            return self._em.value("tensor.dim", "index", [value, index])
        if self._program.dims.unbound(name):
            return None
        self.extents.append(name)
        return self._block.add_argument(self._em.type("index"), self._em.location)


def _is_placed(program: KernelBuilder, shape: tuple[Any, ...]) -> bool:
    """Whether the program knows the extents of a result before the kernel runs, and so can say where it goes."""
    return len(shape) > 0 and not any(program.dims.unbound(name) for dim in shape for name in names_of(dim))


def _is_passed(x: Tensor) -> bool:
    return x.uniform is None or isinstance(x.uniform, Scalar)


def _passed(x: Tensor) -> Any:
    return x.value if x.uniform is None else x.scalar.value


def _function_type(em: Emitter, inputs: Sequence[Any], results: Sequence[Any]) -> Any:
    type_ = ir.FunctionType.get(list(inputs), list(results), context=em.context)
    return ir.TypeAttr.get(type_, context=em.context)
