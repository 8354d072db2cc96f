# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The networks among the rows, written with the vocabulary, and the arrays that they take."""

import math
from functools import partial
from typing import Any

from suite.row import Array, Row

HEAD = 64


def linear(inputs: int, outputs: int) -> Array:
    """Draw a matrix of weights that keeps the variance."""
    return Array((inputs, outputs), scale=inputs**-0.5)


def ones(size: int) -> Array:
    """Draw a vector of weights of about one."""
    return Array((size,))


def mlp(o: Any, w: Any, x: Any) -> Any:
    """Two linear layers with gelu between."""
    return o.gelu(x @ w["up"]) @ w["down"]


def digits(o: Any, w: Any, images: Any) -> Any:
    """The network of examples/digits."""
    hidden = o.relu(images @ w["w0"] + w["b0"])
    scores = hidden @ w["w1"] + w["b1"]
    return o.arg_max(scores), o.softmax(scores)


def split_heads(o: Any, x: Any, batch: int, length: int, heads: int, size: int) -> Any:
    """[batch, length, heads * size] as [batch, heads, length, size]."""
    return o.transpose(o.reshape(x, (batch, length, heads, size)), (0, 2, 1, 3))


def join_heads(o: Any, x: Any, batch: int, length: int, width: int) -> Any:
    """The way back."""
    return o.reshape(o.transpose(x, (0, 2, 1, 3)), (batch, length, width))


def llama_layer(o: Any, w: Any, x: Any, cos: Any, sin: Any, *cache: Any, length: int, hidden: int) -> Any:
    """A transformer block as in Llama, with rms norm, rotary embedding and SwiGLU.

    With a cache of keys and values of earlier tokens, the new ones attend to all; without one, to those before them.
    """
    heads = hidden // HEAD
    h = o.rms_norm(x, w["norm1"])
    query, key, value = (split_heads(o, h @ w[name], 1, length, heads, HEAD) for name in ("wq", "wk", "wv"))
    query, key = o.rope(query, cos, sin), o.rope(key, cos, sin)
    if cache:
        keys, values = o.concat(cache[0], key, 2), o.concat(cache[1], value, 2)
        attended = o.attention(query, keys, values)
    else:
        attended = o.attention(query, key, value, causal=True)
    x = x + join_heads(o, attended, 1, length, hidden) @ w["wo"]
    h = o.rms_norm(x, w["norm2"])
    x = x + (o.silu(h @ w["gate"]) * (h @ w["up"])) @ w["down"]
    return (x, key, value) if cache else x


def llama_weights(hidden: int, prefix: str = "") -> dict[str, Array]:
    """Say what a block takes."""
    wide = hidden * 11 // 4
    square = {f"{prefix}{name}": linear(hidden, hidden) for name in ("wq", "wk", "wv", "wo")}
    norms = {f"{prefix}{name}": ones(hidden) for name in ("norm1", "norm2")}
    mlps = {f"{prefix}gate": linear(hidden, wide), f"{prefix}up": linear(hidden, wide)}
    return {**square, **norms, **mlps, f"{prefix}down": linear(wide, hidden)}


def llama_inputs(length: int, hidden: int, cached: int = 0) -> dict[str, Array]:
    """Say what it reads: the tokens, the cosines and sines, and the cache."""
    heads = hidden // HEAD
    inputs = {"x": Array((1, length, hidden)), "cos": Array((length, HEAD // 2)), "sin": Array((length, HEAD // 2))}
    if cached:
        inputs |= {name: Array((1, heads, cached, HEAD)) for name in ("keys", "values")}
    return inputs


def llama_row(name: str, length: int, hidden: int = 1024, cached: int = 0, **row: Any) -> Row:
    """Make a row of one block."""
    weights = llama_weights(hidden)
    elements = sum(math.prod(weight.shape) for weight in weights.values())
    program = partial(llama_layer, length=length, hidden=hidden)
    limits: dict[str, Any] = {"flops": 2 * length * elements + 4 * length * length * hidden}
    if cached:  # all weights are read for one token
        limits = {"moved": 4 * elements, "pattern": "read"}
    return Row(name, program, llama_inputs(length, hidden, cached), weights, tolerance=1e-3, **limits, **row)


def llama_model(o: Any, w: Any, x: Any, cos: Any, sin: Any, layers: int, length: int, hidden: int) -> Any:
    """A stack of blocks, which share one body where the vocabulary has that."""
    body = partial(llama_layer, length=length, hidden=hidden)
    return o.layers(layers, body, w, x, cos, sin)


def llama_model_row(name: str, layers: int, length: int, hidden: int, **row: Any) -> Row:
    """Make a row of a stack."""
    weights = {k: v for n in range(layers) for k, v in llama_weights(hidden, f"layers.{n}.").items()}
    program = partial(llama_model, layers=layers, length=length, hidden=hidden)
    return Row(name, program, llama_inputs(length, hidden), weights, tolerance=1e-2, **row)
