# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""all-MiniLM-L6-v2 written with the vocabulary: from numbers of words to sentences' embeddings.

The model itself, its weights and ONNX files that torch exported, is in the folder that the environment variable
SUITE_MINILM names (benchmarks/minilm.py makes one). Without it, all get the program, with weights that are drawn.
"""

import os
from functools import partial
from pathlib import Path
from typing import Any

from suite.models import join_heads, linear, ones, split_heads
from suite.row import Array, Row

WIDTH, HEADS, LAYERS, INNER, WORDS, POSITIONS = 384, 12, 6, 1536, 30522, 512
EPSILON = 1e-12
LENGTH = 128
VARIABLE = "SUITE_MINILM"


def embed(o: Any, w: Any, words: Any, mask: Any, batch: int) -> Any:
    """Encode, take the mean over the words that the mask has, and normalise."""
    x = o.gather(w["embeddings.word"], words) + w["embeddings.position"] + w["embeddings.type"]
    x = o.layer_norm(x, w["embeddings.norm.weight"], w["embeddings.norm.bias"], EPSILON)
    hidden = (o.reshape(mask, (batch, 1, 1, LENGTH)) - 1.0) * 1e9
    x = o.layers(LAYERS, partial(encode, batch=batch), w, x, hidden)
    kept = o.reshape(mask, (batch, LENGTH, 1))
    mean = o.sum(x * kept, 1) / o.sum(kept, 1)
    return mean / o.sqrt(o.sum(mean * mean, 1, keepdims=True))


def encode(o: Any, w: Any, x: Any, hidden: Any, batch: int) -> Any:
    """One layer of the encoder."""
    query, key, value = (
        split_heads(o, x @ w[f"{name}.weight"] + w[f"{name}.bias"], batch, LENGTH, HEADS, WIDTH // HEADS)
        for name in ("query", "key", "value")
    )
    attended = join_heads(o, o.attention(query, key, value, mask=hidden), batch, LENGTH, WIDTH)
    x = x + (attended @ w["out.weight"] + w["out.bias"])
    x = o.layer_norm(x, w["norm1.weight"], w["norm1.bias"], EPSILON)
    y = o.gelu(x @ w["up.weight"] + w["up.bias"]) @ w["down.weight"] + w["down.bias"]
    return o.layer_norm(x + y, w["norm2.weight"], w["norm2.bias"], EPSILON)


def weights() -> dict[str, Array]:
    """Say what the model takes."""
    tables = {"word": (WORDS, WIDTH), "position": (LENGTH, WIDTH), "type": (WIDTH,)}
    found = {f"embeddings.{name}": Array(shape, scale=0.05) for name, shape in tables.items()}
    found |= {f"embeddings.norm.{name}": ones(WIDTH) for name in ("weight", "bias")}
    widths = dict.fromkeys(("query", "key", "value", "out"), (WIDTH, WIDTH))
    widths |= {"up": (WIDTH, INNER), "down": (INNER, WIDTH)}
    for layer in range(LAYERS):
        for name, (inputs, outputs) in widths.items():
            found[f"layers.{layer}.{name}.weight"] = linear(inputs, outputs)
            found[f"layers.{layer}.{name}.bias"] = Array((outputs,), scale=0.1)
        for name in ("norm1", "norm2"):
            found |= {f"layers.{layer}.{name}.{part}": ones(WIDTH) for part in ("weight", "bias")}
    return found


def row(name: str, batch: int, **row: Any) -> Row:
    """Make a row of the whole model."""
    inputs = {
        "words": Array((batch, LENGTH), dtype="int64", below=WORDS),
        "mask": Array((batch, LENGTH), dtype="float32", below=2),
    }
    exported: dict[str, Any] = {}
    if folder := os.environ.get(VARIABLE):
        exported = {"model": Path(folder) / f"minilm-{batch}.onnx", "values": Path(folder) / "weights"}
    each = LAYERS * (4 * WIDTH * WIDTH + 2 * WIDTH * INNER) * 2 + LAYERS * 4 * LENGTH * WIDTH
    flops = batch * LENGTH * each
    program = partial(embed, batch=batch)
    return Row(name, program, inputs, weights(), flops=flops, tolerance=1e-3, **exported, **row)
