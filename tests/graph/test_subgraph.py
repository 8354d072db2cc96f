# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions that become subgraphs: repeated layers are one body."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import mograph
from mograph.graph import Graph, GraphError, Tensor, TensorSpec, ops, subgraph

SPEC = TensorSpec(["n", 4], "f32")


@subgraph
def layer(x: Tensor, scale: float = 1.0) -> Tensor:
    """One layer."""
    return ops.relu(x @ ops.external("w", [4, 4], "f32")) * scale


def graphs(g: Graph) -> list[str]:
    return [op.attributes["sym_name"].value for op in g.module.body.operations]


def test_repeated_layers_are_one_subgraph() -> None:
    with Graph("model", inputs={"x": SPEC}) as g:
        x = g.inputs.x
        for number in range(3):
            x = layer(x, prefix=f"layers.{number}.")
        g.output(y=x)
    assert graphs(g) == ["model", "layer"]
    text = str(g.module)
    assert text.count("mo.call @layer") == 3
    assert 'mo.graph private @layer(%arg0: !mo.tensor<[n, 4], f32> {mo.name = "x"})' in text
    rng = np.random.default_rng(0)
    weights = {f"layers.{number}.w": rng.normal(size=(4, 4)).astype(np.float32) for number in range(3)}
    x_ = rng.normal(size=(5, 4)).astype(np.float32)
    expected = x_
    for weight in weights.values():
        expected = np.maximum(expected @ weight, 0)
    for run in (mograph.interpret(g.module, weights=weights), mograph.compile(g.module, weights=weights)):
        np.testing.assert_allclose(run(x_), expected, rtol=1e-5, atol=1e-5)


def test_other_types_and_other_values_are_other_subgraphs() -> None:
    with Graph("model", inputs={"x": SPEC, "y": TensorSpec([2, 4], "f32")}) as g:
        g.output(layer(g.inputs.x), layer(g.inputs.y), layer(g.inputs.x, 2.0), layer(x=g.inputs.x, scale=2.0))
    assert graphs(g) == ["model", "layer", "layer_1", "layer_2"]


def test_every_module_has_its_own() -> None:
    made = []
    for name in ("a", "b"):
        with Graph(name, inputs={"x": SPEC}) as g:
            g.output(layer(g.inputs.x))
        made.append(graphs(g))
    assert made == [["a", "layer"], ["b", "layer"]]


def test_graphs_of_a_module_share_subgraphs() -> None:
    with Graph("a", inputs={"x": SPEC}) as a:
        a.output(layer(a.inputs.x))
    with Graph("b", inputs={"x": SPEC}, module=a) as b:
        b.output(layer(b.inputs.x))
    assert graphs(b) == ["a", "layer", "b"]


@dataclass(eq=False)
class Dense:
    """A layer as an object."""

    size: int

    @subgraph
    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The layer, and what went in."""
        return x @ ops.external("w", [4, self.size], "f32"), x


def test_equal_bodies_are_one_whatever_they_came_from() -> None:
    with Graph("model", inputs={"x": SPEC}) as g:
        x = g.inputs.x
        for number, dense in enumerate([Dense(4), Dense(4), Dense(3)]):
            x, _ = dense.forward(x, prefix=f"{number}.")
        g.output(x)
    assert graphs(g) == ["model", "forward", "forward_1"]
    assert [str(op.callee) for op in ops_named(g, "mo.call")] == ["forward", "forward", "forward_1"]


def test_objects_may_change_between_calls() -> None:
    dense, sizes = Dense(4), [2]

    @subgraph
    def tiled(x: Tensor, times: list[int], scale: float) -> Tensor:
        return ops.concat([x] * times[0], axis=1) * scale

    with Graph("model", inputs={"x": SPEC}) as g:
        x, _ = dense.forward(g.inputs.x)
        dense.size = 3
        y, _ = dense.forward(x)
        a = tiled(x, sizes, 0.0)
        sizes[0] = 5
        b = tiled(x, sizes, 0.0)
        c = tiled(x, [5], -0.0)
        g.output(y, a, b, c)
        assert [tensor.shape[1] for tensor in (x, y, a, b, c)] == [4, 3, 8, 20, 20]
    assert graphs(g) == ["model", "forward", "forward_1", "tiled", "tiled_1", "tiled_2"]


def ops_named(g: Graph, name: str) -> list[Any]:
    assert g.operation is not None
    return [op for op in g.operation.regions[0].blocks[0].operations if op.operation.name == name]


def test_subgraphs_nest_in_subgraphs_and_in_loops() -> None:
    @subgraph
    def twice(x: Tensor) -> Tensor:
        return layer(layer(x, prefix="0."), prefix="1.")

    with Graph("model", inputs={"x": SPEC}) as g:
        g.output(ops.while_(g.inputs.x, lambda x: x.sum() > 1.0, lambda x: twice(x, prefix="block.")))
    assert graphs(g) == ["model", "twice", "layer"]
    weights = {f"block.{number}.w": np.eye(4, dtype=np.float32) / 2 for number in range(2)}
    x = np.full([1, 4], 3, np.float32)
    np.testing.assert_allclose(mograph.interpret(g.module, weights=weights)(x), np.full([1, 4], 3 / 16))


def test_one_result_in_a_sequence_stays_in_one() -> None:
    @subgraph
    def single(x: Tensor) -> tuple[Tensor]:
        return (x + 1.0,)

    with Graph("model", inputs={"x": SPEC}) as g:
        (y,) = single(g.inputs.x)
        g.output(y)


def test_documentation_stays() -> None:
    assert layer.__doc__ == "One layer."
    assert layer.__name__ == "layer"


def test_errors() -> None:
    @subgraph
    def wrong(x: Tensor) -> Tensor:
        return "x"  # type: ignore[return-value]  # the point of the test

    @subgraph
    def captures(x: Tensor) -> Tensor:
        return x + outside

    with pytest.raises(GraphError, match="subgraph 'wrong': no graph is open here"):
        wrong(1)
    with Graph("model", inputs={"x": SPEC}) as g:
        outside = g.inputs.x
        with pytest.raises(GraphError, match="subgraph 'wrong': expected it to give a tensor or a sequence of them"):
            wrong(g.inputs.x)
        with pytest.raises(
            GraphError, match="'mo.add' op expected rhs of graph 'captures', found one of graph 'model'"
        ):
            captures(g.inputs.x)
        with pytest.raises(TypeError, match="missing a required argument: 'x'"):
            wrong()
        g.output()
    assert graphs(g) == ["model"]
