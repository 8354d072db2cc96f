# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds a small transformer in Python, compiles it, and checks it with numpy.

Its blocks are alike, so they are one subgraph that is called with the names of each block's weights. The number of
tokens, n, is known when the model runs.
"""

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

import mograph
from mograph.graph import Graph, Tensor, TensorSpec, ops, subgraph

BLOCKS, WIDTH, HEADS = 4, 32, 4
TOKENS = (5, 12)
TOLERANCE = 1e-4


def normalized(x: Tensor) -> Tensor:
    """Each token with mean 0 and variance 1."""
    centred = x - x.mean(-1, keepdims=True)
    return centred * ops.rsqrt(ops.square(centred).mean(-1, keepdims=True) + 1e-5)


def linear(x: Tensor, name: str, size: int) -> Tensor:
    """A matrix product with a weight."""
    return x @ ops.external(name, [x.shape[-1], size], "f32")


def heads(x: Tensor) -> Tensor:
    """`[n, WIDTH]` as `[HEADS, n, WIDTH / HEADS]`."""
    return x.reshape([x.shape[0], HEADS, WIDTH // HEADS]).transpose([1, 0, 2])


@subgraph
def block(x: Tensor) -> Tensor:
    """Attention between all tokens, then a network of two layers for each."""
    y = normalized(x)
    query, key, value = (heads(linear(y, name, WIDTH)) for name in ("query", "key", "value"))
    scores = query @ key.transpose([0, 2, 1]) * (WIDTH / HEADS) ** -0.5
    mixed = ops.softmax(scores) @ value
    x = x + linear(mixed.transpose([1, 0, 2]).reshape(x.shape), "mix", WIDTH)
    return x + linear(ops.gelu(linear(normalized(x), "up", 4 * WIDTH), approximate="tanh"), "down", WIDTH)


def transformer() -> Graph:
    """The model: all blocks, one after the other."""
    with Graph("transformer", inputs={"x": TensorSpec(["n", WIDTH], "f32")}) as g:
        x = g.inputs.x
        for number in range(BLOCKS):
            x = block(x, prefix=f"blocks.{number}.")
        g.output(y=normalized(x))
    return g


def random_weights(rng: np.random.Generator) -> dict[str, NDArray[np.float32]]:
    """Weights for every block, under the names that the model asks for."""
    sizes = dict.fromkeys(("query", "key", "value", "mix"), (WIDTH, WIDTH))
    sizes |= {"up": (WIDTH, 4 * WIDTH), "down": (4 * WIDTH, WIDTH)}
    return {
        f"blocks.{number}.{name}": (rng.normal(size=size) / np.sqrt(size[0])).astype(np.float32)
        for number in range(BLOCKS)
        for name, size in sizes.items()
    }


def in_numpy(x: NDArray[Any], weights: dict[str, NDArray[np.float32]]) -> NDArray[Any]:
    """The same model, written once more."""

    def norm(x: NDArray[Any]) -> NDArray[Any]:
        centred = x - x.mean(-1, keepdims=True)
        return np.asarray(centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5))

    for number in range(BLOCKS):
        w = {name: weights[f"blocks.{number}.{name}"] for name in ("query", "key", "value", "mix", "up", "down")}
        q, k, v = ((norm(x) @ w[name]).reshape(len(x), HEADS, -1).swapaxes(0, 1) for name in ("query", "key", "value"))
        scores = np.exp(q @ k.swapaxes(1, 2) / np.sqrt(WIDTH / HEADS))
        mixed = (scores / scores.sum(-1, keepdims=True)) @ v
        x = x + mixed.swapaxes(0, 1).reshape(x.shape) @ w["mix"]
        up = norm(x) @ w["up"]
        x = x + (up / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (up + 0.044715 * up**3)))) @ w["down"]
    return norm(x)


def main() -> int:
    """Build, compile, run, compare."""
    rng = np.random.default_rng(0)
    weights = random_weights(rng)
    module = transformer().module
    graphs = [op.attributes["sym_name"].value for op in module.body.operations]
    model = mograph.compile(module, weights=weights)
    print(f"graphs: {', '.join(graphs)}; {len(weights)} weights for {BLOCKS} blocks")
    print(model.signature)

    worst = 0.0
    for tokens in TOKENS:
        x = rng.normal(size=(tokens, WIDTH)).astype(np.float32)
        error = float(np.abs(model(x) - in_numpy(x.astype(np.float64), weights)).max())
        print(f"{tokens:3} tokens: distance from numpy {error:.1e}")
        worst = max(worst, error)
    return int(worst > TOLERANCE)


if __name__ == "__main__":
    sys.exit(main())
