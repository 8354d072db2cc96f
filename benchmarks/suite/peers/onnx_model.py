# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rows as ONNX models: the vocabulary makes nodes."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from onnx import helper, numpy_helper, save

from suite.row import Row, Weights, several, stored

# The operations of transformers are newer than what some implement of the others.
OPSET, VERSION, NEW_OPSET, NEW_VERSION = 21, 10, 23, 11
NEW = ("Attention", "RMSNormalization")
DTYPES = {"float32": 1, "int64": 7}


class Value:
    """A tensor of the graph that a tracer builds."""

    def __init__(self, tracer: "Tracer", name: str) -> None:
        self.tracer = tracer
        self.name = name

    def _with(self, op: str, other: Any) -> "Value":
        return self.tracer.node(op, self, other)

    def __add__(self, other: Any) -> "Value":
        return self._with("Add", other)

    def __sub__(self, other: Any) -> "Value":
        return self._with("Sub", other)

    def __mul__(self, other: Any) -> "Value":
        return self._with("Mul", other)

    def __truediv__(self, other: Any) -> "Value":
        return self._with("Div", other)

    def __matmul__(self, other: Any) -> "Value":
        return self._with("MatMul", other)


class Tracer:
    """The vocabulary: each word adds nodes to the graph at hand."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.shapes: dict[str, tuple[int, ...]] = {}
        self._names = 0

    def fresh(self) -> str:
        """Make a name."""
        self._names += 1
        return f"v{self._names}"

    def constant(self, value: Any, dtype: str = "float32") -> Value:
        """Make an initializer."""
        name = self.fresh()
        self.constants.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return Value(self, name)

    def several(self, op: str, outputs: int, *operands: Any, domain: str = "", **attributes: Any) -> list[Value]:
        """Make a node of several results; numbers become constants, None an input that is absent."""
        names: list[str] = []
        for operand in operands:
            if operand is None:
                names.append("")
            else:
                names.append((operand if isinstance(operand, Value) else self.constant(operand)).name)
        results = [self.fresh() for _ in range(outputs)]
        self.nodes.append(helper.make_node(op, names, results, domain=domain, **attributes))
        return [Value(self, name) for name in results]

    def node(self, op: str, *operands: Any, domain: str = "", **attributes: Any) -> Value:
        """Make a node of one result."""
        return self.several(op, 1, *operands, domain=domain, **attributes)[0]

    def exp(self, x: Value) -> Value:
        return self.node("Exp", x)

    def tanh(self, x: Value) -> Value:
        return self.node("Tanh", x)

    def sqrt(self, x: Value) -> Value:
        return self.node("Sqrt", x)

    def sigmoid(self, x: Value) -> Value:
        return self.node("Sigmoid", x)

    def gelu(self, x: Value) -> Value:
        return self.node("Gelu", x)

    def relu(self, x: Value) -> Value:
        return self.node("Relu", x)

    def silu(self, x: Value) -> Value:
        return x * self.sigmoid(x)

    def maximum(self, x: Value, y: Value) -> Value:
        return self.node("Max", x, y)

    def sum(self, x: Value, axis: int, keepdims: bool = False) -> Value:
        return self.node("ReduceSum", x, self.constant([axis], "int64"), keepdims=int(keepdims))

    def transpose(self, x: Value, order: Sequence[int]) -> Value:
        return self._shaped(self.node("Transpose", x, perm=list(order)), x, order)

    def reshape(self, x: Value, shape: Sequence[int]) -> Value:
        result = self.node("Reshape", x, self.constant(list(shape), "int64"))
        self.shapes[result.name] = tuple(shape)
        return result

    def _shaped(self, result: Value, of: Value, order: Sequence[int]) -> Value:
        if of.name in self.shapes:
            self.shapes[result.name] = tuple(self.shapes[of.name][axis] for axis in order)
        return result

    def concat(self, x: Value, y: Value, axis: int) -> Value:
        return self.node("Concat", x, y, axis=axis)

    def softmax(self, x: Value) -> Value:
        return self.node("Softmax", x, axis=-1)

    def layer_norm(self, x: Value, scale: Value, bias: Value, epsilon: float = 1e-5) -> Value:
        return self.node("LayerNormalization", x, scale, bias, axis=-1, epsilon=epsilon)

    def rms_norm(self, x: Value, scale: Value, epsilon: float = 1e-5) -> Value:
        return self.node("RMSNormalization", x, scale, axis=-1, epsilon=epsilon)

    def attention(self, query: Value, key: Value, value: Value, causal: bool = False, mask: Any = None) -> Value:
        if mask is not None:  # ONNX Runtime's takes no mask that is the same for all queries
            size = self.shapes[query.name][-1]
            scores = query @ self.transpose(key, (0, 1, 3, 2)) * size**-0.5
            return self.softmax(scores + mask) @ value
        return self.node("Attention", query, key, value, is_causal=int(causal))

    def rope(self, x: Value, cos: Value, sin: Value) -> Value:
        low, high = self.several("Split", 2, x, axis=-1, num_outputs=2)
        return self.concat(low * cos - high * sin, low * sin + high * cos, -1)

    def conv(self, x: Value, filters: Value, padding: int) -> Value:
        return self.node("Conv", x, filters, pads=[padding] * 4)

    def normal(self, shape: Sequence[int]) -> Value:
        return self.node("RandomNormal", shape=list(shape), seed=0.0)

    def repeat(self, count: int, body: Callable[..., Value], x: Value) -> Value:
        inner = Tracer()
        inner._names = self._names + 1000  # names of a body and of what is around it must differ
        trip, going, carried = (inner.fresh() for _ in range(3))
        result = body(inner, Value(inner, carried))
        still = inner.node("Identity", Value(inner, going))
        inputs = [
            helper.make_tensor_value_info(trip, 7, []),
            helper.make_tensor_value_info(going, 9, []),
            helper.make_tensor_value_info(carried, 1, None),
        ]
        outputs = [
            helper.make_tensor_value_info(still.name, 9, []),
            helper.make_tensor_value_info(result.name, 1, None),
        ]
        graph = helper.make_graph(inner.nodes, "body", inputs, outputs, inner.constants)
        return self.node("Loop", self.constant(count, "int64"), self.constant(True, "bool"), x, body=graph)

    def gather(self, table: Value, index: Value) -> Value:
        return self.node("Gather", table, index, axis=0)

    def grouped_matmul(self, x: Value, matrices: Value, sizes: Value) -> Value:
        ends = self.node("CumSum", sizes, self.constant(0, "int64"))
        starts = ends - sizes
        parts = []
        for number in range(self.shapes[sizes.name][0]):
            at = self.constant([number], "int64")
            start, end = (self.node("Gather", each, at, axis=0) for each in (starts, ends))
            rows = self.node("Slice", x, start, end, self.constant([0], "int64"))
            parts.append(rows @ self.node("Gather", matrices, self.constant(number, "int64"), axis=0))
        return self.node("Concat", *parts, axis=0)

    def sort(self, x: Value) -> Value:
        return self.several("TopK", 2, x, self.constant([self.shapes[x.name][-1]], "int64"), largest=0)[0]

    def top_k(self, x: Value, k: int) -> tuple[Value, ...]:
        return tuple(self.several("TopK", 2, x, self.constant([k], "int64")))

    def arg_max(self, x: Value) -> Value:
        return self.node("ArgMax", x, axis=-1, keepdims=0)

    def layers(self, count: int, body: Callable[..., Value], weights: Weights, x: Value, *others: Value) -> Value:
        for number in range(count):
            x = body(self, weights.of_layer(f"layers.{number}."), x, *others)
        return x


def model(row: Row, folder: Path) -> Any:
    """Trace a row; its weights become initializers."""
    tracer = Tracer()
    inputs = []
    for name, array in row.inputs.items():
        tracer.shapes[name] = array.shape
        inputs.append(helper.make_tensor_value_info(name, DTYPES[array.dtype], array.shape))
    weights = {}
    for name, values in stored(row.weights, folder / "weights").items():
        tracer.constants.append(numpy_helper.from_array(np.asarray(values), name))
        weights[name] = Value(tracer, name)
    results = several(row.program(tracer, Weights(weights), *(Value(tracer, name) for name in row.inputs)))
    outputs = [helper.make_empty_tensor_value_info(result.name) for result in results]
    graph = helper.make_graph(tracer.nodes, "row", inputs, outputs, tracer.constants)
    new = any(node.op_type in NEW for node in tracer.nodes)
    opset, version = (NEW_OPSET, NEW_VERSION) if new else (OPSET, VERSION)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=version)


def write(row: Row, folder: Path, path: Path) -> None:
    """Write a row as a file."""
    save(model(row, folder), path)
