# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Our own graphs, built with the Graph API: what the vocabulary is there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from mograph.graph import Graph, Tensor, TensorSpec, ops, subgraph
from suite.row import Array, Row, several

exp, tanh, sqrt, sigmoid, gelu, relu, silu = ops.exp, ops.tanh, ops.sqrt, ops.sigmoid, ops.gelu, ops.relu, ops.silu
maximum, transpose, softmax, gather, rope, sort = ops.max, ops.transpose, ops.softmax, ops.gather, ops.rope, ops.sort
top_k, grouped_matmul = ops.top_k, ops.grouped_matmul


def sum(x: Tensor, axis: int, keepdims: bool = False) -> Tensor:
    return ops.reduce_add(x, axes=axis, keepdims=keepdims)


def reshape(x: Tensor, shape: Sequence[int]) -> Tensor:
    return ops.reshape(x, list(shape))


def concat(x: Tensor, y: Tensor, axis: int) -> Tensor:
    return ops.concat([x, y], axis)


def layer_norm(x: Tensor, scale: Tensor, bias: Tensor, epsilon: float = 1e-5) -> Tensor:
    return ops.layer_norm(x, scale, bias, epsilon=epsilon)


def rms_norm(x: Tensor, scale: Tensor, epsilon: float = 1e-5) -> Tensor:
    return ops.rms_norm(x, scale, epsilon=epsilon)


def attention(query: Tensor, key: Tensor, value: Tensor, causal: bool = False, mask: Tensor | None = None) -> Tensor:
    return ops.attention(query, key, value, mask, causal=causal)


def conv(x: Tensor, filters: Tensor, padding: int) -> Tensor:
    return ops.conv(x, filters, low=[padding] * 2, high=[padding] * 2)


def normal(shape: Sequence[int]) -> Tensor:
    return ops.random_normal(list(shape), seed=0)


def repeat(count: int, body: Callable[..., Tensor], x: Tensor) -> Tensor:
    _, result = ops.while_(
        [ops.constant(0, "si64"), x], lambda trip, y: trip < count, lambda trip, y: (trip + 1, body(None, y))
    )
    return result


def arg_max(x: Tensor) -> Tensor:
    return ops.reduce_arg_max(x, axis=-1)


def layers(count: int, body: Callable[..., Tensor], weights: "External", x: Tensor, *others: Tensor) -> Tensor:
    import suite.peers.graphs as vocabulary

    @subgraph
    def layer(x: Tensor, first: Tensor | None = None, second: Tensor | None = None) -> Tensor:
        given = [tensor for tensor in (first, second) if tensor is not None]
        return body(vocabulary, weights.of_layer("layers.0."), x, *given)

    for number in range(count):
        x = layer(x, *others, prefix=f"layers.{number}.")
    return x


class External(Mapping[str, Tensor]):
    """Weights as external constants, which a call of a subgraph gives its prefix."""

    def __init__(self, arrays: Mapping[str, Array], prefix: str = "") -> None:
        self._arrays = arrays
        self._prefix = prefix

    def __getitem__(self, name: str) -> Tensor:
        return ops.external(name, list(self._arrays[self._prefix + name].shape), "f32")

    def __iter__(self) -> Any:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def of_layer(self, prefix: str) -> "External":
        """The weights of a layer, called as in its body."""
        return External(self._arrays, self._prefix + prefix)


def text(row: Row) -> str:
    """Write a row as a module of `mo`."""
    import suite.peers.graphs as vocabulary

    types = {name: TensorSpec(list(array.shape), np.dtype(array.dtype)) for name, array in row.inputs.items()}
    with Graph("row", inputs=types) as graph:
        graph.output(*several(row.program(vocabulary, External(row.weights), *graph.inputs)))
    return str(graph.module)
