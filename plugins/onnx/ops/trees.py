# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Ensembles of decision trees, as products of matrices.

All decisions are made at once. A leaf is reached by the rows for which as many decisions of its path are as the path
wants them as it has; so one product with a constant counts them, and another one sums the weights of the leaves.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import numpy_helper

from mograph.graph import Tensor

from ..context import Context
from ..errors import OnnxError
from ..node import Node
from ..registry import converter

_COMPARISONS = ("less_equal", "less", "greater_equal", "greater", "equal", "not_equal")
_MEMBER = 6
_AVERAGE, _SUM = 0, 1
_TRANSFORMS = {0: "", 1: "softmax", 2: "sigmoid"}
_LARGEST = 1 << 24


@converter("TreeEnsemble", domain="ai.onnx.ml")
def tree_ensemble(ctx: Context, node: Node, x: Tensor) -> Tensor:
    aggregate, transform = node.get("aggregate_function", _SUM), node.get("post_transform", 0)
    if aggregate not in (_AVERAGE, _SUM) or transform not in _TRANSFORMS:
        raise OnnxError("expected the sum or the average of trees, and no transform, softmax or the logistic one")
    paths = list(_paths(node))
    count = len(node["nodes_featureids"])
    if count * len(paths) > _LARGEST:
        raise OnnxError(f"expected at most {_LARGEST} pairs of a decision and a leaf, found {count * len(paths)}")
    signs, wanted = np.zeros((count, len(paths)), np.float32), np.zeros(len(paths), np.float32)
    weights = np.zeros((len(paths), node["n_targets"]), np.float64)
    values, targets = numpy_helper.to_array(node["leaf_weights"]), node["leaf_targetids"]
    for index, (leaf, path) in enumerate(paths):
        for decision, taken in path:
            signs[decision, index] = 1 if taken else -1
            wanted[index] += taken
        weights[index, targets[leaf]] = values[leaf]
    if aggregate == _AVERAGE:
        weights /= len(node["tree_roots"])
    counted = ctx.emit("matmul", ctx.cast(_decisions(ctx, node, x), "f32"), ctx.constant(signs, "f32"))
    reached = ctx.cast(ctx.emit("equal", counted, ctx.constant(wanted, "f32")), x.dtype)
    made = ctx.emit("matmul", reached, ctx.constant(weights, x.dtype))
    return ctx.emit(_TRANSFORMS[transform], made) if _TRANSFORMS[transform] else made


def _paths(node: Node) -> Iterator[tuple[int, list[tuple[int, bool]]]]:
    """Each leaf that the trees reach, with the decisions before it and whether they must be true."""
    children = {
        way: list(zip(node[f"nodes_{name}nodeids"], node[f"nodes_{name}leafs"], strict=True))
        for way, name in ((True, "true"), (False, "false"))
    }
    open_: list[tuple[int, list[tuple[int, bool]]]] = [(root, []) for root in node["tree_roots"]]
    while open_:
        here, path = open_.pop()
        if len(path) > len(children[True]):
            raise OnnxError("the nodes of a tree form a cycle")
        for way, nodes in children.items():
            child, is_leaf = nodes[here]
            if is_leaf:
                yield child, [*path, (here, way)]
            else:
                open_.append((child, [*path, (here, way)]))


def _decisions(ctx: Context, node: Node, x: Tensor) -> Tensor:
    """What each decision is for each row: [rows, decisions]."""
    modes = numpy_helper.to_array(node["nodes_modes"])
    splits = numpy_helper.to_array(node["nodes_splits"]).astype(np.float64)
    given = ctx.emit("gather", x, ctx.constant(node["nodes_featureids"], "si64"), axis=1)
    found = ctx.emit("broadcast_to", ctx.constant(False, "i1"), to=(given.shape, "i1"))
    for mode in np.unique(modes):
        if mode == _MEMBER:
            made = _memberships(ctx, node, given, modes, x.dtype)
        else:
            made = ctx.emit(_COMPARISONS[mode], given, ctx.constant(splits, x.dtype))
        found = ctx.emit("select", ctx.constant(modes == mode, "i1"), made, found)
    tracks = node.get("nodes_missing_value_tracks_true")
    if tracks is None:
        return found
    missing = ctx.emit("and", ctx.emit("is_nan", given), ctx.constant(np.array(tracks, bool), "i1"))
    return ctx.emit("or", found, missing)


def _memberships(ctx: Context, node: Node, given: Tensor, modes: NDArray[Any], dtype: str) -> Tensor:
    """Whether features are in the sets of their decisions; nothing is equal to the NaN that fills a shorter set."""
    values = numpy_helper.to_array(node["membership_values"]).astype(np.float64)
    sets = np.split(values, np.flatnonzero(np.isnan(values)) + 1)
    table = np.full((len(modes), max(map(len, sets))), np.nan)
    for row, members in zip(np.flatnonzero(modes == _MEMBER), sets, strict=False):
        table[row, : len(members)] = members
    same = ctx.emit("equal", ctx.emit("unsqueeze", given, axes=(2,)), ctx.constant(table, dtype))
    return ctx.emit("reduce.any", same, axes=(2,))
