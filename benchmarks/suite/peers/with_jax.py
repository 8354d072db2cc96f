# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""JAX, compiled by XLA for the CPU: inputs and weights are arguments, as is usual there."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from suite.row import Row, Weights, several, stored

Tensor = Any
exp, tanh, sqrt, sigmoid, relu, silu = jnp.exp, jnp.tanh, jnp.sqrt, jax.nn.sigmoid, jax.nn.relu, jax.nn.silu
maximum, transpose, reshape, softmax, sort = jnp.maximum, jnp.transpose, jnp.reshape, jax.nn.softmax, jnp.sort


def gelu(x: Tensor) -> Tensor:
    return jax.nn.gelu(x, approximate=False)


def sum(x: Tensor, axis: int, keepdims: bool = False) -> Tensor:
    return jnp.sum(x, axis, keepdims=keepdims)


def concat(x: Tensor, y: Tensor, axis: int) -> Tensor:
    return jnp.concatenate([x, y], axis)


def layer_norm(x: Tensor, scale: Tensor, bias: Tensor, epsilon: float = 1e-5) -> Tensor:
    return jax.nn.standardize(x, epsilon=epsilon) * scale + bias


def rms_norm(x: Tensor, scale: Tensor, epsilon: float = 1e-5) -> Tensor:
    return x * jax.lax.rsqrt(jnp.mean(x * x, -1, keepdims=True) + epsilon) * scale


def attention(query: Tensor, key: Tensor, value: Tensor, causal: bool = False, mask: Tensor = None) -> Tensor:
    query, key, value = (x.transpose(0, 2, 1, 3) for x in (query, key, value))
    return jax.nn.dot_product_attention(query, key, value, mask, is_causal=causal).transpose(0, 2, 1, 3)


def rope(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    low, high = jnp.split(x, 2, -1)
    return jnp.concatenate([low * cos - high * sin, low * sin + high * cos], -1)


def conv(x: Tensor, filters: Tensor, padding: int) -> Tensor:
    return jax.lax.conv(x, filters, (1, 1), "SAME")


def normal(shape: Sequence[int]) -> Tensor:
    return jax.random.normal(jax.random.key(0), shape)


def repeat(count: int, body: Callable[..., Tensor], x: Tensor) -> Tensor:
    return jax.lax.fori_loop(0, count, lambda _, y: body(None, y), x)


def gather(table: Tensor, index: Tensor) -> Tensor:
    return jnp.take(table, index, 0, mode="clip")


def grouped_matmul(x: Tensor, matrices: Tensor, sizes: Tensor) -> Tensor:
    return jax.lax.ragged_dot(x, matrices, sizes)


def top_k(x: Tensor, k: int) -> tuple[Tensor, Tensor]:
    values, positions = jax.lax.top_k(x, k)
    return values, positions


def arg_max(x: Tensor) -> Tensor:
    return jnp.argmax(x, -1)


def layers(count: int, body: Callable[..., Tensor], weights: Weights, x: Tensor, *others: Tensor) -> Tensor:
    import suite.peers.with_jax as vocabulary

    @jax.jit
    def layer(tensors: dict[str, Tensor], x: Tensor, *others: Tensor) -> Tensor:
        return body(vocabulary, Weights(tensors), x, *others)

    for number in range(count):
        x = layer(dict(weights.of_layer(f"layers.{number}.")), x, *others)
    return x


def function(row: Row) -> Callable[..., Any]:
    """Give a row as a function of its weights and its inputs."""
    import suite.peers.with_jax as vocabulary

    def run(weights: dict[str, Tensor], *inputs: Tensor) -> Any:
        return row.program(vocabulary, Weights(weights), *inputs)

    return run


def specs(row: Row) -> tuple[dict[str, Any], list[Any]]:
    """Give the types of the weights and of the inputs."""

    def spec(array: Any) -> Any:
        return jax.ShapeDtypeStruct(array.shape, jax.dtypes.canonicalize_dtype(array.dtype))

    return {name: spec(array) for name, array in row.weights.items()}, [spec(array) for array in row.inputs.values()]


class Jax:
    """JAX as a peer."""

    def versions(self) -> dict[str, str]:
        import jaxlib

        return {"jax": jax.__version__, "jaxlib": jaxlib.__version__}

    def export(self, row: Row, folder: Path) -> None:
        """There is no file."""

    def ready(self, row: Row) -> None:
        """Everything is imported."""

    def compile(self, row: Row, folder: Path) -> Callable[..., Any]:
        weights, inputs = specs(row)
        compiled = jax.jit(function(row)).lower(weights, *inputs).compile()
        placed = {name: jnp.asarray(array) for name, array in stored(row.weights, folder / "weights").items()}
        return lambda *inputs: compiled(placed, *inputs)

    def place(self, inputs: Sequence[NDArray[Any]]) -> Sequence[Any]:
        return [jnp.asarray(array.astype(jax.dtypes.canonicalize_dtype(array.dtype))) for array in inputs]

    def finish(self, results: Any) -> Any:
        return jax.block_until_ready(results)

    def fetch(self, results: Any) -> list[NDArray[Any]]:
        return [np.asarray(result) for result in several(results)]


def peer(name: str) -> Jax:
    """Give the peer."""
    return Jax()
