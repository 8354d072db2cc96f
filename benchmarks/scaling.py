# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How compile time grows with the number of operations: graphs of `mo` to LLVM IR, beside ONNX Runtime's sessions.

Both get the same ONNX model: layers of ten operations, a matrix product, a softmax, a transposition, reshapes and
elementwise ones, on 16 x 16 floats. Ours is the time of the whole CPU pipeline, from the imported module to the text of
LLVM IR; the peer's that of creating a session, which optimises the graph and compiles nothing.
"""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from harness import Benchmark, Timer, lazily, stopwatch

SIZES = (100, 1_000, 10_000, 100_000)
SIDE = 16


def model(operations: int) -> bytes:
    """Make a chain of `operations`, a multiple of ten, as the bytes of an ONNX model."""
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper

    nodes: list[Any] = []
    last = "x"

    def emit(op: str, *inputs: str, **attributes: Any) -> str:
        nonlocal last
        nodes.append(helper.make_node(op, inputs, [f"v{len(nodes)}"], **attributes))
        last = f"v{len(nodes) - 1}"
        return last

    for _ in range(operations // 10):
        emit("Add", last, "w")
        emit("Tanh", last)
        emit("MatMul", last, "w")
        scaled = emit("Mul", last, "w")
        emit("Softmax", last, axis=-1)
        emit("Transpose", last, perm=[1, 0])
        emit("Sub", last, scaled)
        emit("Relu", last)
        emit("Reshape", last, "flat")
        emit("Reshape", last, "square")
    nodes[-1].output[0] = "y"
    x, w, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [SIDE, SIDE]) for name in "xwy")
    shapes = {"flat": [SIDE * SIDE], "square": [SIDE, SIDE]}
    constants = [numpy_helper.from_array(np.array(shape), name) for name, shape in shapes.items()]
    graph = helper.make_graph(nodes, "chain", [x, w], [y], constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    data: bytes = made.SerializeToString()
    return data


def to_llvm(operations: int) -> Timer:
    """Time our pipeline on a module that is imported anew, outside of what is timed."""
    import mograph
    from mograph.engine import default_pipeline
    from mograph.plugins import get_host

    data = model(operations)
    passes, target = mograph.Pipeline(default_pipeline()), get_host().targets.load("cpu")()

    def run() -> float:
        module = mograph.import_onnx(data)
        with stopwatch() as elapsed:
            passes.run(module)
            target.lower(module)
        return elapsed()

    return run


def session(operations: int) -> Timer:
    """Time the creation of a session by ONNX Runtime, with its defaults."""
    import onnxruntime

    data = model(operations)

    def run() -> float:
        with stopwatch() as elapsed:
            onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
        return elapsed()

    return run


def slope(timer: Callable[[int], Timer]) -> Timer:
    """Time one operation more, between the second and the largest size."""
    low, high = SIZES[1], SIZES[-1]

    def run() -> float:
        return (timer(high)() - timer(low)()) / (high - low)

    return run


def benchmarks(scratch: Path) -> Iterator[Benchmark]:
    """Each size, then the slope. The limits are where growth would no longer be linear."""
    for size, limit in zip(SIZES, (40, 20, 6, 1), strict=True):
        ours, peer = (lazily(functools.partial(make, size)) for make in (to_llvm, session))
        rounds = 5 if size <= 10_000 else 1
        yield Benchmark(f"{size} ops to LLVM IR", ours, limit, peer, "us/op", size * 1e-6, rounds)
    yield Benchmark("one op more, to LLVM IR", slope(to_llvm), 300, unit="us", scale=1e-6, rounds=1)
