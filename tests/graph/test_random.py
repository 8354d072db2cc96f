# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random operations: their seeds, their shapes, and that they draw what numpy's reference draws."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mograph
from mograph.dialects.mo import philox
from mograph.graph import Graph, GraphError, TensorSpec, ops


def normal(seed: int, shape: tuple[int, ...], mean: float = 0.0, std: float = 1.0, dtype: Any = np.float32) -> Any:
    return philox.normal(list(shape), np.asarray(mean, dtype), np.asarray(std, dtype), seed, np.dtype(dtype))


@pytest.mark.parametrize("seed", [0, 40, 2**63 - 1, -3])
def test_the_graph_numbers_its_seeds(seed: int) -> None:
    with Graph("main", seed=seed) as g:
        made = [ops.random_normal([3, 4]), ops.random_normal([3, 4], seed=7), ops.static_random_normal([5], 1.0, 2.0)]
        g.output(*made, ops.random_normal([2], dtype="f64"))
    a, b, c, d = mograph.interpret(g.module)()
    wrapped = [(seed + k + 2**63) % 2**64 - 2**63 for k in range(3)]
    np.testing.assert_array_equal(a, normal(wrapped[0], (3, 4)))
    np.testing.assert_array_equal(b, normal(7, (3, 4)))
    np.testing.assert_array_equal(c, normal(wrapped[1], (5,), 1.0, 2.0))
    np.testing.assert_array_equal(d, normal(wrapped[2], (2,), dtype=np.float64))


def test_the_seed_may_be_an_input(body: Callable[[Graph], list[str]]) -> None:
    with Graph("main", inputs={"seed": TensorSpec([], "si64")}, seed="seed") as g:
        g.output(ops.static_random_normal([4]), ops.static_random_normal([4]))
    assert "%6 = mo.add %arg0, %5" in body(g)
    a, b = mograph.compile(g.module)(np.array(11))
    np.testing.assert_allclose(a, normal(11, (4,)), rtol=1e-5)
    np.testing.assert_allclose(b, normal(12, (4,)), rtol=1e-5)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({}, r"expected the seed 's' to be an input tensor<\[\], si64>, found None"),
        ({"s": TensorSpec([], "f32")}, r"found tensor<\[\], f32>"),
        ({"s": TensorSpec([1], "si64", "gpu:0")}, r"found tensor<\[1\], si64, gpu:0>"),
    ],
)
def test_wrong_seeds(inputs: dict[str, TensorSpec], message: str) -> None:
    with pytest.raises(GraphError, match=message):
        Graph("main", inputs=inputs, seed="s")


def test_named_shapes() -> None:
    with Graph("main", inputs={"x": TensorSpec(["n", 4], "f32")}) as g:
        like_x = ops.random_normal(g.inputs.x.shape)
        other = ops.random_uniform(["n * 2 + 1"], 2.0, 3.0)
        held = ops.random_normal(ops.shape_of(g.inputs.x), dims=["m", 4], seed=0)
        g.output(like_x, other, held)
        assert [str(tensor.type) for tensor in (like_x, other, held)] == [
            "!mo.tensor<[n, 4], f32>",
            "!mo.tensor<[n * 2 + 1], f32>",
            "!mo.tensor<[m, 4], f32>",
        ]
    a, b, c = mograph.interpret(g.module)(np.zeros([3, 4], np.float32))
    np.testing.assert_array_equal(a, normal(0, (3, 4)))
    np.testing.assert_array_equal(c, normal(0, (3, 4)))
    assert b.shape == (7,)
    assert ((b >= 2) & (b < 3)).all()


def test_private_graphs_need_seeds() -> None:
    with Graph("main", private=True) as g:
        with pytest.raises(GraphError, match="'mo.random.normal' op expected a seed: graph 'main' is private"):
            ops.random_normal([4])
        g.output(ops.random_normal([4], seed=1))
    with Graph("other", inputs={"s": TensorSpec([], "si64")}, seed="s", private=True) as h:
        h.output(ops.random_normal([4]))


def test_a_loop_draws_by_its_carried_value() -> None:
    with Graph("main") as g:
        start = ops.constant(np.zeros(3, np.float32))
        _, total = ops.while_(
            [ops.constant(0), start],
            lambda i, _: i < 3,
            lambda i, total: (i + 1, total + ops.random_normal([3], seed=i + 5)),
        )
        g.output(total)
    expected = sum(normal(5 + i, (3,)) for i in range(3))
    np.testing.assert_allclose(mograph.interpret(g.module)(), expected, rtol=1e-6)
