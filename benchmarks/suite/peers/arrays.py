# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""numpy, with the BLAS that it brings: the vocabulary in whole arrays."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy.special import erf

from suite.row import Row, Weights, several, stored

Array = Any


def exp(x: Array) -> Array:
    return np.exp(x)


def tanh(x: Array) -> Array:
    return np.tanh(x)


def sqrt(x: Array) -> Array:
    return np.sqrt(x)


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def gelu(x: Array) -> Array:
    return 0.5 * x * (1 + erf(x * np.float32(math.sqrt(0.5))))


def relu(x: Array) -> Array:
    return np.maximum(x, 0)


def silu(x: Array) -> Array:
    return x / (1 + np.exp(-x))


def maximum(x: Array, y: Array) -> Array:
    return np.maximum(x, y)


def sum(x: Array, axis: int, keepdims: bool = False) -> Array:
    return np.sum(x, axis, keepdims=keepdims)


def transpose(x: Array, order: Sequence[int]) -> Array:
    return np.transpose(x, order)


def reshape(x: Array, shape: Sequence[int]) -> Array:
    return np.reshape(x, shape)


def concat(x: Array, y: Array, axis: int) -> Array:
    return np.concatenate([x, y], axis)


def softmax(x: Array) -> Array:
    x = np.exp(x - x.max(-1, keepdims=True))
    x /= x.sum(-1, keepdims=True)
    return x


def layer_norm(x: Array, scale: Array, bias: Array, epsilon: float = 1e-5) -> Array:
    x = x - x.mean(-1, keepdims=True)
    return x / np.sqrt(np.mean(x * x, -1, keepdims=True) + np.float32(epsilon)) * scale + bias


def rms_norm(x: Array, scale: Array, epsilon: float = 1e-5) -> Array:
    return x / np.sqrt(np.mean(x * x, -1, keepdims=True) + np.float32(epsilon)) * scale


def attention(query: Array, key: Array, value: Array, causal: bool = False, mask: Array = None) -> Array:
    scores = query @ np.swapaxes(key, -1, -2) * np.float32(query.shape[-1] ** -0.5)
    if causal:
        mask = np.triu(np.full(scores.shape[-2:], -np.inf, np.float32), 1)
    return softmax(scores if mask is None else scores + mask) @ value


def rope(x: Array, cos: Array, sin: Array) -> Array:
    low, high = np.split(x, 2, -1)
    return np.concatenate([low * cos - high * sin, low * sin + high * cos], -1)


def conv(x: Array, filters: Array, padding: int) -> Array:
    batch, _, height, width = x.shape
    size = filters.shape[2]
    x = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), (2, 3))
    columns = windows.transpose(0, 1, 4, 5, 2, 3).reshape(batch, -1, height * width)
    return (filters.reshape(len(filters), -1) @ columns).reshape(batch, -1, height, width)


def normal(shape: Sequence[int]) -> Array:
    return np.random.default_rng(0).standard_normal(shape, np.float32)


def repeat(count: int, body: Callable[..., Array], x: Array) -> Array:
    for _ in range(count):
        x = body(None, x)
    return x


def gather(table: Array, index: Array) -> Array:
    return np.take(table, index, 0)


def grouped_matmul(x: Array, matrices: Array, sizes: Array) -> Array:
    ends = np.cumsum(sizes)
    return np.concatenate([x[end - size : end] @ w for w, size, end in zip(matrices, sizes, ends, strict=True)])


def sort(x: Array) -> Array:
    return np.sort(x)


def top_k(x: Array, k: int) -> tuple[Array, Array]:
    greatest = np.argpartition(x, -k)[-k:]
    order = greatest[np.argsort(-x[greatest])]
    return x[order], order


def arg_max(x: Array) -> Array:
    return np.argmax(x, -1)


def layers(count: int, body: Callable[..., Array], weights: Weights, x: Array, *others: Array) -> Array:
    import suite.peers.arrays as vocabulary

    for number in range(count):
        x = body(vocabulary, weights.of_layer(f"layers.{number}."), x, *others)
    return x


class Numpy:
    """numpy as a peer."""

    def versions(self) -> dict[str, str]:
        return {"numpy": np.__version__, "scipy": scipy.__version__}

    def export(self, row: Row, folder: Path) -> None:
        """There is no file."""

    def ready(self, row: Row) -> None:
        """Everything is imported."""

    def compile(self, row: Row, folder: Path) -> Callable[..., Any]:
        import suite.peers.arrays as vocabulary

        return partial(row.program, vocabulary, Weights(stored(row.weights, folder / "weights")))

    def place(self, inputs: Sequence[NDArray[Any]]) -> Sequence[Any]:
        return inputs

    def finish(self, results: Any) -> Any:
        return results

    def fetch(self, results: Any) -> list[NDArray[Any]]:
        return [np.asarray(result) for result in several(results)]


def peer(name: str) -> Numpy:
    """Give the peer."""
    return Numpy()
