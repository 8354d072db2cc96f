# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs lowering rules: builds functions with the kernel builder, compiles them by upstream's plainest pipeline and
calls them.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ml_dtypes
import mlir._mlir_libs
import mlir.ir as ir
import numpy as np
from mlir.execution_engine import ExecutionEngine
from mlir.passmanager import PassManager

from mograph.dialects.kit import Dim
from mograph.transforms.lower.builder import Emitter, KernelBuilder, Tensor, dtype_of
from mograph.transforms.lower.registry import first_party

NUMPY = {
    "i1": np.dtype(np.bool_),
    **{
        f"{sign}{bits}": np.dtype(f"{'u' * (sign == 'ui')}int{bits}")
        for sign in ("si", "ui")
        for bits in (8, 16, 32, 64)
    },
    "f16": np.dtype(np.float16),
    "f32": np.dtype(np.float32),
    "f64": np.dtype(np.float64),
    "bf16": np.dtype(ml_dtypes.bfloat16),
    "f8E4M3FN": np.dtype(ml_dtypes.float8_e4m3fn),
    "f8E5M2": np.dtype(ml_dtypes.float8_e5m2),
}
STORED = {
    "f8E4M3FNUZ": np.dtype(ml_dtypes.float8_e4m3fnuz),
    "f8E5M2FNUZ": np.dtype(ml_dtypes.float8_e5m2fnuz),
    "f8E8M0FNU": np.dtype(ml_dtypes.float8_e8m0fnu),
    "f4E2M1FN": np.dtype(ml_dtypes.float4_e2m1fn),
    "si4": np.dtype(ml_dtypes.int4),
    "ui4": np.dtype(ml_dtypes.uint4),
    "si2": np.dtype(ml_dtypes.int2),
    "ui2": np.dtype(ml_dtypes.uint2),
}
"""Dtypes that nothing computes with."""
NAMES = {dtype: name for name, dtype in (NUMPY | STORED).items()}

RUNNER = str(Path(mlir._mlir_libs.__file__).parent.parent / "lib" / "libmlir_c_runner_utils.so")
TO_LOOPS = """builtin.module(
  canonicalize, cse, eliminate-empty-tensors, empty-tensor-to-alloc-tensor,
  one-shot-bufferize{bufferize-function-boundaries=true allow-return-allocs-from-loops=true
    function-boundary-type-conversion=identity-layout-map},
  func.func(scf-forall-to-for, convert-linalg-to-loops))"""
TO_LLVM = """builtin.module(expand-strided-metadata, lower-affine, arith-expand{include-bf16=true},
  convert-scf-to-cf, convert-math-to-libm, convert-math-to-llvm, convert-arith-to-llvm, convert-index-to-llvm,
  finalize-memref-to-llvm, convert-func-to-llvm, convert-cf-to-llvm, reconcile-unrealized-casts)"""


@dataclass(frozen=True)
class Type:
    """A tensor type as a rule sees it; a text in `shape` is an expression of names."""

    shape: tuple[Any, ...]
    dtype: str
    device: str = "cpu"

    def __post_init__(self) -> None:
        dims = tuple(Dim(dim) if isinstance(dim, str) else int(dim) for dim in self.shape)
        object.__setattr__(self, "shape", dims)


def operation(name: str, *results: Type, **attributes: Any) -> Any:
    """An operation as a rule sees it."""
    values = [SimpleNamespace(type=type_) for type_ in results]
    fields = {"OPERATION_NAME": name, "result": values[0] if len(values) == 1 else None, "outputs": values}
    return SimpleNamespace(**fields, **attributes)


def type_of(array: np.ndarray[Any, Any]) -> Type:
    return Type(array.shape, NAMES[array.dtype])


@dataclass
class Batch:
    """Functions that are compiled together."""

    functions: list[tuple[list[Type], Callable[[KernelBuilder, list[Tensor]], Sequence[Tensor]]]] = field(
        default_factory=list
    )

    def add(self, inputs: Sequence[Type], build: Callable[[KernelBuilder, list[Tensor]], Sequence[Tensor]]) -> str:
        self.functions.append((list(inputs), build))
        return f"f{len(self.functions) - 1}"

    def module(self) -> Any:
        context = ir.Context()
        module = ir.Module.create(loc=ir.Location.unknown(context))
        for number, (inputs, build) in enumerate(self.functions):
            em = Emitter(ir.InsertionPoint(module.body), ir.Location.file("test.mlir", number + 1, 1, context))
            attributes = {
                "sym_name": em.string(f"f{number}"),
                "function_type": ir.TypeAttr.get(ir.FunctionType.get([], [], context=context), context=context),
            }
            function = em.create("func.func", attributes=attributes, regions=1)
            types = [em.tensor_type(type_.shape, dtype_of(type_.dtype)) for type_ in inputs]
            block = em.block(function.regions[0], types)
            k = KernelBuilder(em)
            with em.inside(block):
                for value, type_ in zip(block.arguments, inputs, strict=True):
                    for axis, dim in enumerate(type_.shape):
                        if k.unbound(dim):
                            operands = [value, k.dims.value(axis)]
                            k.dims.bind(str(dim), em.value("tensor.dim", "index", operands))
                tensors = [
                    k.input(value, dtype_of(type_.dtype), type_.shape)
                    for value, type_ in zip(block.arguments, inputs, strict=True)
                ]
                results = [tensor.value for tensor in build(k, tensors)]
                em.create("func.return", (), results)
            done = ir.FunctionType.get(types, [result.type for result in results], context=context)
            function.attributes["function_type"] = ir.TypeAttr.get(done, context=context)
        assert module.operation.verify()
        return module

    def compile(self) -> Compiled:
        return compiled(self.module())


def compiled(module: Any) -> Compiled:
    """Native code of the public functions of a module of upstream's dialects on tensors; the module is changed."""
    results = {}
    for op in functions(module):
        if "sym_visibility" in op.attributes:
            continue
        types = ir.FunctionType(ir.TypeAttr(op.attributes["function_type"]).value).results
        name = ir.StringAttr(op.attributes["sym_name"]).value
        results[name] = [(NUMPY[tensor_dtype(type_)], type_.rank) for type_ in map(ir.RankedTensorType, types)]
        op.attributes["llvm.emit_c_interface"] = ir.UnitAttr.get(op.context)
    with module.context:
        PassManager.parse(TO_LOOPS).run(module.operation)
        bytes_ = ir.Module.parse(bools_as_bytes(str(module)))
        PassManager.parse(TO_LLVM).run(bytes_.operation)
        return Compiled(ExecutionEngine(bytes_, opt_level=0, shared_libs=[RUNNER]), results)


def bools_as_bytes(text: str) -> str:
    """Keep bools in memory as i8: upstream has no lowering for a store of i1."""
    lines = []
    for number, line in enumerate(text.splitlines()):
        of_bool = re.search(r"memref<(?:[\d?]+x)*i1\b[^>]*>$", line.rsplit(" loc(", 1)[0])
        load = re.match(r"\s*(%\S+) = memref.load ", line)
        store = re.match(r"\s*memref.store (%[^,\s]+),", line)
        if of_bool and load:
            lines += [line.replace(load[1], f"%byte{number}", 1), f"{load[1]} = arith.trunci %byte{number} : i8 to i1"]
        elif of_bool and store:
            lines += [
                f"%byte{number} = arith.extui {store[1]} : i1 to i8",
                line.replace(store[1], f"%byte{number}", 1),
            ]
        else:
            lines.append(line)
    return re.sub(r"(memref<(?:[\d?]+x)*)i1\b", r"\1i8", "\n".join(lines))


def functions(module: Any) -> list[Any]:
    found = []

    def step(op: Any) -> Any:
        if op.name == "func.func":
            found.append(op)
        return ir.WalkResult.ADVANCE

    module.operation.walk(step, ir.WalkOrder.PRE_ORDER)
    return found


def tensor_dtype(type_: Any) -> str:
    """A dtype of the element type's width; signs are gone, and arrays are viewed with the one expected."""
    text = str(type_.element_type)
    return text if text in NUMPY else f"si{text[1:]}"


def descriptor(rank: int) -> Any:
    fields = [("allocated", ctypes.c_void_p), ("aligned", ctypes.c_void_p), ("offset", ctypes.c_int64)]
    if rank:
        fields += [("sizes", ctypes.c_int64 * rank), ("strides", ctypes.c_int64 * rank)]
    return type(f"Descriptor{rank}", (ctypes.Structure,), {"_fields_": fields})


@dataclass
class Compiled:
    engine: ExecutionEngine
    results: dict[str, list[tuple[Any, int]]]

    def __call__(self, name: str, *arrays: np.ndarray[Any, Any]) -> list[np.ndarray[Any, Any]]:
        kept = [np.ascontiguousarray(array) if array.ndim else array.copy() for array in arrays]
        inputs = []
        for array in kept:
            d = descriptor(array.ndim)()
            d.allocated = d.aligned = array.ctypes.data
            if array.ndim:
                d.sizes[:] = array.shape
                d.strides[:] = [stride // array.itemsize for stride in array.strides]
            inputs.append(d)
        fields = [(f"r{i}", descriptor(rank)) for i, (_, rank) in enumerate(self.results[name])]
        out = type("Results", (ctypes.Structure,), {"_fields_": fields})()
        arguments = [ctypes.c_void_p(ctypes.addressof(x)) for x in (out, *inputs)]
        packed = (ctypes.c_void_p * len(arguments))(*(ctypes.addressof(argument) for argument in arguments))
        address = self.engine.raw_lookup(f"_mlir_ciface_{name}")
        assert address
        ctypes.CFUNCTYPE(None, ctypes.c_void_p)(address)(ctypes.addressof(packed))
        return [self._array(getattr(out, f"r{i}"), dtype, rank) for i, (dtype, rank) in enumerate(self.results[name])]

    @staticmethod
    def _array(d: Any, dtype: Any, rank: int) -> np.ndarray[Any, Any]:
        shape = tuple(d.sizes) if rank else ()
        assert not rank or 0 in shape or list(d.strides) == list(np.cumprod([1, *shape[:0:-1]])[::-1]), list(d.strides)
        count = int(np.prod(shape))
        data = ctypes.string_at(d.aligned + d.offset * dtype.itemsize, count * dtype.itemsize) if count else b""
        return np.frombuffer(data, dtype=dtype).reshape(shape).copy()


REGISTRY = first_party()


def rule_case(
    batch: Batch, name: str, inputs: Sequence[Type], *results: Type, **attributes: Any
) -> Callable[[Compiled], Callable[..., Any]]:
    """Add the rule of operation `name` to `batch`; gives, once it is compiled, the function on arrays."""
    op = operation(name, *results, **attributes)

    def build(k: KernelBuilder, tensors: list[Tensor]) -> Sequence[Tensor]:
        made = REGISTRY.find(name, "cpu")(k, op, *tensors)
        outputs = [made] if isinstance(made, Tensor) else made
        for output, type_ in zip(outputs, results, strict=True):
            assert output.dtype.name == type_.dtype
            assert list(map(str, output.shape)) == list(map(str, type_.shape))
        return outputs

    number = batch.add(inputs, build)

    def ready(compiled: Compiled) -> Callable[..., Any]:
        def call(*arrays: Any) -> Any:
            made = compiled(number, *arrays)
            viewed = [array.view((NUMPY | STORED)[type_.dtype]) for array, type_ in zip(made, results, strict=True)]
            return viewed[0] if len(viewed) == 1 else viewed

        return call

    return ready


def run(
    name: str, arrays: Sequence[Any], *results: Type, types: Sequence[Type] | None = None, **attributes: Any
) -> Any:
    """The results of one rule, compiled alone."""
    batch = Batch()
    inputs = [type_of(array) for array in arrays] if types is None else types
    case = rule_case(batch, name, inputs, *results, **attributes)
    return case(batch.compile())(*arrays)
