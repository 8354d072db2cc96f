# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The kernels of a model, each as a model of its own that launches nothing else: what `mo-tune` measures."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from mlir import ir
from numpy.typing import NDArray

from mograph._records import record
from mograph.engine.compiler import default_pipeline, finish
from mograph.engine.host import ready
from mograph.engine.reading import read_module
from mograph.engine.timing import on_inputs
from mograph.plugins import Host
from mograph.targets.calling import numpy_dtype
from mograph.transforms.kit import Pipeline

__all__ = ["Isolated", "drawn", "isolated"]

LAST = "mogg-to-linalg"  # the pass before which kernels are what they will be
MODEL = "alone"
_DTYPES = {"i1": "i1"} | {f"i{bits}": f"si{bits}" for bits in (8, 16, 32, 64)}


@record
class Isolated:
    """A module with one kernel and a model that launches it on static shapes, its name, the pipeline that is left
    for it, the dtype and shape of each input and weight by its name, and the device that it is compiled for.
    """

    name: str
    text: str
    pipeline: str
    inputs: dict[str, tuple[str, tuple[int, ...]]]
    weights: dict[str, tuple[str, tuple[int, ...]]]
    device: str = "cpu"

    def build(self, host: Host | None = None, seed: int = 0) -> Callable[[], Any]:
        """Compile it; the result calls it on drawn inputs. Raises what `mograph.build` raises."""
        weights = {name: drawn(*spec, seed) for name, spec in self.weights.items()}
        inputs = {name: drawn(*spec, seed) for name, spec in self.inputs.items()}
        host = ready(host)
        module = read_module(self.text, host)
        artifact = finish(module, [MODEL], Pipeline(self.pipeline), self.device, host)
        return on_inputs(artifact.initialize(weights, MODEL), inputs)


def drawn(dtype: str, shape: tuple[int, ...], seed: int = 0) -> NDArray[Any]:
    """Normal floats, and integers that are 0 or 1, which index anything that is not empty."""
    kind, random = numpy_dtype(dtype), np.random.default_rng(seed)
    if kind.kind in "biu":
        return random.integers(0, 2, shape).astype(kind)
    return random.standard_normal(shape).astype(kind)


def isolated(source: Any, host: Host | None = None, device: str = "cpu") -> Iterator[Isolated]:
    """The kernels of a module that are launched on tensors of static shapes alone, each once.

    Others, and those that write to what they are given, cannot be launched alone. Raises as `mograph.build` does.
    """
    host = ready(host)
    before, found, last = default_pipeline(device, host).partition(LAST)
    if not found:
        return
    module = read_module(source, host)
    Pipeline(before.rstrip(",") + ")").run(module)
    with module.context:
        tops = [op.operation for op in module.body]
        kernels = {_text(op, "sym_name"): op for op in tops if op.name == "mogg.kernel"}
        others = [op.get_asm(use_local_scope=True) for op in tops if op.name not in ("mogg.kernel", "mogg.program")]
        for program in tops:
            if program.name != "mogg.program":
                continue
            for launch in _launches(program):
                kernel = kernels.pop(ir.FlatSymbolRefAttr(launch.attributes["kernel"]).value, None)
                made = kernel and _alone(program, launch, kernel, others, f"builtin.module({LAST}{last}")
                if made:
                    yield replace(made, device=device)


def _launches(program: ir.Operation) -> list[ir.Operation]:
    found: list[ir.Operation] = []

    def visit(op: ir.Operation) -> ir.WalkResult:
        if op.name == "mogg.launch":
            found.append(op)
        return ir.WalkResult.ADVANCE

    program.walk(visit, ir.WalkOrder.PRE_ORDER)
    return found


def _alone(
    program: ir.Operation, launch: ir.Operation, kernel: ir.Operation, others: list[str], pipeline: str
) -> Isolated | None:
    roles = [ir.StringAttr(role).value for role in ir.ArrayAttr(kernel.attributes["roles"])]
    inputs: dict[str, tuple[str, tuple[int, ...]]] = {}
    weights: dict[str, tuple[str, tuple[int, ...]]] = {}
    lines, names = [], []
    for number, (operand, role) in enumerate(zip(launch.operands, roles, strict=True)):
        spec = _spec(operand.type)
        name = f"a{number}"
        names.append(f"%{name}")
        if role not in ("in", "fused-in", "out", "fused-out") or spec is None:
            return None
        if role in ("out", "fused-out"):
            lines.append(f"%{name} = tensor.empty() : {operand.type}")
        else:
            (weights if _is_weight(program, operand) else inputs)[name] = spec
    results = [_spec(result.type) for result in launch.results]
    if None in results:
        return None
    signature = {
        "inputs": [_argument(name, *spec) for name, spec in inputs.items()],
        "weights": [_argument(name, *spec) for name, spec in weights.items()],
        "outputs": [_argument(f"out{number}", *spec) for number, spec in enumerate(results) if spec],
    }
    types = {f"%a{number}": str(operand.type) for number, operand in enumerate(launch.operands)}
    arguments = ", ".join(f"%{name}: {types['%' + name]}" for name in (*inputs, *weights))
    produced = ", ".join(str(result.type) for result in launch.results)
    symbol = _text(kernel, "sym_name")
    call = f"mogg.launch @{symbol}({', '.join(names)}) : ({', '.join(types.values())}) -> ({produced})"
    bound, given = (f"%r:{len(results)} = ", [f"%r#{i}" for i in range(len(results))]) if results else ("", [])
    body = "\n".join([*lines, f"{bound}{call}", f"mogg.return {', '.join(given)} : {produced}"])
    head = f"mogg.program @{MODEL}({arguments}) -> ({produced}) attributes {{signature = {_attribute(signature)}}}"
    parts = [f"{head} {{\n{body}\n}}", kernel.get_asm(use_local_scope=True), *others]
    return Isolated(symbol, "module {\n" + "\n".join(parts) + "\n}\n", pipeline, inputs, weights)


def _is_weight(program: ir.Operation, value: ir.Value) -> bool:
    inputs = ir.ArrayAttr(ir.DictAttr(program.attributes["signature"])["inputs"])
    block = program.regions[0].blocks[0]
    return any(value == argument for argument in list(block.arguments)[len(inputs) :])


def _spec(type_: ir.Type) -> tuple[str, tuple[int, ...]] | None:
    """The dtype and shape of a tensor; None for what is not drawn."""
    if not isinstance(type_, ir.RankedTensorType) or not type_.has_static_shape:
        return None
    element = str(type_.element_type)
    dtype = _DTYPES.get(element, element if element in ("f16", "bf16", "f32", "f64") else None)
    return None if dtype is None else (dtype, tuple(type_.shape))


def _argument(name: str, dtype: str, shape: tuple[int, ...]) -> dict[str, Any]:
    return {"device": "cpu", "dims": list(shape), "dtype": dtype, "name": name}


def _attribute(value: Any) -> str:
    """Dictionaries, lists, texts and integers as MLIR writes them."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_attribute(each)}" for name, each in value.items()) + "}"
    return "[" + ", ".join(map(_attribute, value)) + "]" if isinstance(value, list) else json.dumps(value)


def _text(op: ir.Operation, attribute: str) -> str:
    text: str = ir.StringAttr(op.attributes[attribute]).value
    return text
