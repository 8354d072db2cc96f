# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Ensembles of random trees, against walking from their roots to the leaves."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mograph

onnx = pytest.importorskip("onnx", reason="the onnx package is not installed")

FEATURES, TARGETS, MEMBER = 3, 2, 6
COMPARE: list[Callable[[Any, Any], Any]] = [
    np.less_equal,
    np.less,
    np.greater_equal,
    np.greater,
    np.equal,
    np.not_equal,
]


class Forest:
    """Random trees; `nodes` are (feature, mode, split, members, tracks, (true, is leaf), (false, is leaf))."""

    def __init__(self, seed: int, trees: int, depth: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.nodes: list[Any] = []
        self.leaves: list[tuple[int, float]] = []
        self.roots = [self.grow(depth) for _ in range(trees)]

    def grow(self, depth: int) -> int:
        place = len(self.nodes)
        self.nodes.append(None)
        children = [self.child(depth) for _ in range(2)]
        mode = int(self.rng.integers(MEMBER + 1))
        members = np.round(self.rng.standard_normal(int(self.rng.integers(1, 4))), 1) if mode == MEMBER else []
        split, tracks = float(np.round(self.rng.standard_normal(), 1)), bool(self.rng.integers(2))
        self.nodes[place] = (int(self.rng.integers(FEATURES)), mode, split, members, tracks, *children)
        return place

    def child(self, depth: int) -> tuple[int, bool]:
        if depth and self.rng.random() < 0.8:
            return self.grow(depth - 1), False
        self.leaves.append((int(self.rng.integers(TARGETS)), float(self.rng.standard_normal())))
        return len(self.leaves) - 1, True

    def walk(self, row: Any) -> Any:
        sums = np.zeros(TARGETS)
        for root in self.roots:
            here, is_leaf = root, False
            while not is_leaf:
                feature, mode, split, members, tracks, true, false = self.nodes[here]
                value = row[feature]
                inside = value in np.float32(members) if mode == MEMBER else COMPARE[mode](value, np.float32(split))
                here, is_leaf = true if inside or (tracks and np.isnan(value)) else false
            target, weight = self.leaves[here]
            sums[target] += weight
        return sums

    def model(self, aggregate: int) -> Any:
        columns = list(zip(*self.nodes, strict=True))
        members = [value for each in columns[3] if len(each) for value in (*each, np.nan)]
        tensors = {
            "nodes_modes": np.array(columns[1], np.uint8),
            "nodes_splits": np.array(columns[2], np.float32),
            "membership_values": np.array(members, np.float32),
            "leaf_weights": np.array([weight for _, weight in self.leaves], np.float32),
        }
        node = onnx.helper.make_node(
            "TreeEnsemble",
            ["x"],
            ["y"],
            domain="ai.onnx.ml",
            nodes_featureids=columns[0],
            nodes_missing_value_tracks_true=[int(each) for each in columns[4]],
            nodes_truenodeids=[child for child, _ in columns[5]],
            nodes_trueleafs=[int(leaf) for _, leaf in columns[5]],
            nodes_falsenodeids=[child for child, _ in columns[6]],
            nodes_falseleafs=[int(leaf) for _, leaf in columns[6]],
            leaf_targetids=[target for target, _ in self.leaves],
            n_targets=TARGETS,
            tree_roots=self.roots,
            aggregate_function=aggregate,
            **{name: onnx.numpy_helper.from_array(array) for name, array in tensors.items()},
        )
        value = onnx.helper.make_tensor_value_info
        inputs, outputs = [value("x", 1, ["n", FEATURES])], [value("y", 1, ["n", TARGETS])]
        graph = onnx.helper.make_graph([node], "g", inputs, outputs)
        return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("ai.onnx.ml", 5)], ir_version=10)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("aggregate", [0, 1])
def test_trees(seed: int, aggregate: int) -> None:
    forest = Forest(seed, trees=5, depth=4)
    x = np.round(np.random.default_rng(seed).standard_normal((30, FEATURES)), 1).astype(np.float32)
    x[::7, seed % FEATURES] = np.nan
    wanted = np.array([forest.walk(row) for row in x]) / (1 if aggregate else 5)
    found = mograph.compile(mograph.import_onnx(forest.model(aggregate)))(x)
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)
