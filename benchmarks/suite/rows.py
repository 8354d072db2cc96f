# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The rows of the table."""

from collections.abc import Callable, Iterator
from typing import Any

from suite import minilm, models
from suite.row import Array, Row

SQUARE = Array((4096, 4096))
WIDE = Array((1024, 4096))
FLOAT = 4
# Channels in, channels out, side: the 3 x 3 and the 1 x 1 convolutions of ResNet-50's four stages.
CONVOLUTIONS = {
    3: ((64, 64, 56), (128, 128, 28), (256, 256, 14), (512, 512, 7)),
    1: ((64, 256, 56), (512, 128, 28), (1024, 256, 14), (2048, 512, 7)),
}


def chain(o: Any, w: Any, a: Any, b: Any) -> Any:
    """Ten elementwise operations."""
    x = o.sigmoid(o.gelu(o.tanh(o.exp((a + b) * a))) - b)
    return o.maximum(x, a) * b + a


def elementwise() -> Iterator[Row]:
    two = {"a": SQUARE, "b": SQUARE}
    moved = 3 * FLOAT * 4096**2
    # exp of the sum's product overflows for large draws; a tenth keeps everything finite.
    small = {name: Array((4096, 4096), scale=0.5) for name in two}
    yield Row("chain of 10 elementwise ops, 4096 x 4096", chain, small, moved=moved, pattern="add")
    yield Row("add, 4096 x 4096", lambda o, w, a, b: a + b, two, moved=moved, pattern="add")
    yield Row("transpose + add, 4096 x 4096", _transposed, two, moved=moved, pattern="add")


def _transposed(o: Any, w: Any, a: Any, b: Any) -> Any:
    return o.transpose(a, (1, 0)) + b


def along_rows() -> Iterator[Row]:
    moved = FLOAT * 4096**2
    for axis in (0, 1):
        name = f"sum over axis {axis}, 4096 x 4096"
        yield Row(name, _sum(axis), {"a": SQUARE}, moved=moved, pattern="read", tolerance=1e-3)
    moved = 2 * FLOAT * 1024 * 4096
    scale, bias = Array((4096,)), Array((4096,))
    yield Row("softmax, 1024 x 4096", lambda o, w, x: o.softmax(x), {"x": WIDE}, moved=moved)
    affine = {"x": WIDE, "scale": scale, "bias": bias}
    yield Row("layer norm, 1024 x 4096", lambda o, w, x, s, b: o.layer_norm(x, s, b), affine, moved=moved)
    yield Row("rms norm, 1024 x 4096", lambda o, w, x, s: o.rms_norm(x, s), {"x": WIDE, "scale": scale}, moved=moved)


def _sum(axis: int) -> Callable[..., Any]:
    return lambda o, w, a: o.sum(a, axis)


def _matmul(o: Any, w: Any, a: Any, b: Any) -> Any:
    return a @ b


def _by_constant(o: Any, w: Any, a: Any) -> Any:
    return a @ w["b"]


def _by_groups(o: Any, w: Any, x: Any, sizes: Any) -> Any:
    return o.grouped_matmul(x, w["w"], sizes)


def contractions() -> Iterator[Row]:
    for n in (256, 1024, 4096):
        square = Array((n, n))
        yield Row(f"matmul {n}", _matmul, {"a": square, "b": square}, flops=2 * n**3)
        yield Row(f"matmul {n}, constant", _by_constant, {"a": square}, {"b": square}, flops=2 * n**3)
    one = Array((1, 4096))
    moved = FLOAT * 4096**2
    yield Row("matmul 1 x 4096 x 4096", _matmul, {"a": one, "b": SQUARE}, moved=moved, pattern="read")
    yield Row("matmul 1 x 4096 x 4096, constant", _by_constant, {"a": one}, {"b": SQUARE}, moved=moved, pattern="read")
    batch = Array((64, 64, 64))
    yield Row("batched matmul 64 x 64 x 64 x 64", _matmul, {"a": batch, "b": batch}, flops=2 * 64**4)
    rows, sizes = Array((256, 1024)), Array((8,), dtype="int64", values=(64, 5, 40, 0, 90, 17, 8, 32))
    flops = 2 * 256 * 1024 * 4096
    weights = {"w": Array((8, 1024, 4096))}
    name = "8 groups of 256 rows, each x 1024 x 4096, constant"
    yield Row(name, _by_groups, {"x": rows, "sizes": sizes}, weights, flops=flops)
    weights = {"up": models.linear(1024, 4096), "down": models.linear(4096, 1024)}
    flops = 2 * 2 * 128 * 1024 * 4096
    yield Row("MLP 128 x 1024 x 4096 x 1024, gelu", models.mlp, {"x": Array((128, 1024))}, weights, flops=flops)


def attention() -> Iterator[Row]:
    for length in (256, 2048):
        for causal in (False, True):
            inputs = {name: Array((1, 16, length, 64)) for name in "qkv"}
            flops = 4 * 16 * length * length * 64 // (2 if causal else 1)
            name = f"attention, 16 heads, length {length}, {'causal' if causal else 'full'}"
            yield Row(name, _attention(causal), inputs, flops=flops)


def _attention(causal: bool) -> Callable[..., Any]:
    return lambda o, w, q, k, v: o.attention(q, k, v, causal=causal)


def convolutions() -> Iterator[Row]:
    for size, layers in CONVOLUTIONS.items():
        for channels, outputs, side in layers:
            inputs = {"x": Array((1, channels, side, side))}
            weights = {"w": Array((outputs, channels, size, size), scale=(channels * size * size) ** -0.5)}
            flops = 2 * outputs * channels * size * size * side * side
            name = f"conv {size} x {size}, {channels} to {outputs}, {side} x {side}"
            # Winograd's transformations round more than sums do.
            yield Row(name, _convolution(size // 2), inputs, weights, flops=flops, tolerance=1e-3)


def _convolution(padding: int) -> Callable[..., Any]:
    return lambda o, w, x: o.conv(x, w["w"], padding)


def step(o: Any, x: Any) -> Any:
    """What the loop does: some floats, a little each time."""
    return x * 0.999 + 0.001


def others() -> Iterator[Row]:
    elements = 4096**2
    yield Row("random normal, 16 million", _normal, {}, moved=FLOAT * elements, pattern="write", random=True)
    yield Row("while loop, 1,000 trips, 16 floats", lambda o, w, x: o.repeat(1000, step, x), {"x": Array((16,))})
    table, index = Array((100_000, 64)), Array((100_000,), dtype="int64", below=100_000)
    moved = 100_000 * (2 * 64 * FLOAT + 8)
    yield Row("gather of 100,000 rows of 64", lambda o, w, t, i: o.gather(t, i), {"t": table, "i": index}, moved=moved)
    million = {"x": Array((1_000_000,))}
    yield Row("sort of a million", lambda o, w, x: o.sort(x), million)
    yield Row("top 100 of a million", lambda o, w, x: o.top_k(x, 100), million, moved=FLOAT * 1_000_000, pattern="read")


def _normal(o: Any, w: Any) -> Any:
    return o.normal((4096, 4096))


def networks() -> Iterator[Row]:
    yield models.llama_row("Llama-like block, 256 tokens", 256)
    yield models.llama_row("Llama-like block, one token, cache of 255", 1, cached=255)
    weights = {"w0": models.linear(64, 64), "b0": Array((64,)), "w1": models.linear(64, 10), "b1": Array((10,))}
    for batch in (1, 64):
        yield Row(f"digits, batch {batch}", models.digits, {"images": Array((batch, 64))}, weights)
    for batch in (1, 64):
        yield minilm.row(f"MiniLM, batch {batch}, 128 tokens", batch)


def compiling() -> Iterator[Row]:
    small = Array((16,))
    one = {"a": small, "b": small}
    yield Row("compile: one operation", lambda o, w, a, b: a + b, one, measured="compile")
    yield models.llama_row("compile: Llama-like block", 256, measured="compile")
    yield minilm.row("compile: MiniLM", 1, measured="compile")
    yield models.llama_model_row("compile: 32 Llama-like layers of 256", 32, 64, 256, measured="compile")
    yield models.llama_row("start to first result: Llama-like block", 256, measured="start")
    yield models.llama_row("start to first result, stored code", 256, measured="stored")


GROUPS = (elementwise, along_rows, contractions, attention, convolutions, others, networks, compiling)


def rows() -> list[Row]:
    """Give all rows, in the table's order."""
    return [row for group in GROUPS for row in group()]
