# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Features of classical machine learning: counts of n-grams, thresholds."""

import numpy as np

from mograph.graph import Tensor

from ..context import Context
from ..errors import OnnxError
from ..node import Node
from ..registry import converter


@converter("Binarizer", domain="ai.onnx.ml")
def binarizer(ctx: Context, node: Node, x: Tensor) -> Tensor:
    return ctx.cast(ctx.emit("greater", x, ctx.constant(node.get("threshold", 0.0), x.dtype)), x.dtype)


@converter("TfIdfVectorizer")
def tf_idf(ctx: Context, node: Node, x: Tensor) -> Tensor:
    """How often each n-gram of a vocabulary is in a row, whose parts may have others between them; or with weights."""
    if "pool_int64s" not in node.attributes:
        raise OnnxError("n-grams of strings cannot be imported")
    rows = x if x.ndim == 2 else ctx.emit("unsqueeze", x, axes=(0,))
    counts, columns = _counts(ctx, node, rows)
    width = max(columns) + 1
    # The column of each n-gram, in the order of the result; of places without one, a column of zeros.
    place = {column: index for index, column in enumerate(columns)}
    order = [place.get(column, len(columns)) for column in range(width)]
    zeros = ctx.emit("broadcast_to", ctx.constant(0, "si64"), to=((rows.shape[0], 1), "si64"))
    found = ctx.emit("concat", [counts, zeros], axis=1)
    made = ctx.cast(ctx.emit("gather", found, ctx.constant(order, "si64"), axis=1), "f32")
    if node["mode"] != "TF":
        weights = np.ones(width, np.float32)
        for column, weight in zip(columns, node.get("weights", [1.0] * len(columns)), strict=True):
            weights[column] = weight
        if node["mode"] == "IDF":
            made = ctx.cast(ctx.emit("greater", made, ctx.constant(0.0, "f32")), "f32")
        made = ctx.emit("mul", made, ctx.constant(weights, "f32"))
    return made if x.ndim == 2 else ctx.emit("squeeze", made, axes=(0,))


def _counts(ctx: Context, node: Node, rows: Tensor) -> tuple[Tensor, list[int]]:
    """How often each n-gram of the vocabulary occurs, in its order; and the column of the result of each."""
    pool, starts = list(node["pool_int64s"]), [*node["ngram_counts"], len(node["pool_int64s"])]
    shortest, longest = node["min_gram_length"], node["max_gram_length"]
    extent = rows.shape[1]
    if not isinstance(extent, int):
        raise OnnxError(f"expected rows of a static length, found {rows.type}")
    parts = []
    for length in range(1, len(starts)):
        grams = np.array(pool[starts[length - 1] : starts[length]], np.int64).reshape(-1, length)
        if not len(grams):
            continue
        total = ctx.emit("broadcast_to", ctx.constant(0, "si64"), to=((rows.shape[0], len(grams)), "si64"))
        if shortest <= length <= longest:
            # A single element has nothing between its parts, and counts once.
            for distance in range(1, 2 if length == 1 else node["max_skip_count"] + 2):
                if extent - (length - 1) * distance > 0:
                    total = ctx.emit("add", total, _occurrences(ctx, rows, grams, distance, extent))
        parts.append(total)
    return ctx.emit("concat", parts, axis=1), list(node["ngram_indexes"])


def _occurrences(
    ctx: Context, rows: Tensor, grams: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]", distance: int, extent: int
) -> Tensor:
    """How often each n-gram occurs in each row, with parts at a distance."""
    length = grams.shape[1]
    count = extent - (length - 1) * distance
    found = None
    for part in range(length):
        first = part * distance
        window = ctx.emit("slice", rows, starts=(0, first), stops=(2**63 - 1, first + count), steps=(1, 1))
        same = ctx.emit("equal", ctx.emit("unsqueeze", window, axes=(2,)), ctx.constant(grams[:, part], rows.dtype))
        found = same if found is None else ctx.emit("and", found, same)
    assert found is not None
    return ctx.emit("reduce.add", ctx.cast(found, "si64"), axes=(1,))
