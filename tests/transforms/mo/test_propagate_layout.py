# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks in the other layout give what they gave."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from building import graph

import mograph as mo
from mograph.dialects.mo import Mo

IMAGE = ["n", 4, 6, 6]


def op(name: str, *operands: Any, **attributes: Any) -> Any:
    """The first result of an operation."""
    return Mo.ops[f"mo.{name}"].build(*operands, **attributes).operation.results[0]


def convolved(x: Any, w: Any) -> Any:
    return op("conv", x, w, low=[1, 1], high=[1, 1])


# What stands between two convolutions, and how many transpositions are left: the input's, and the filters' two.
BETWEEN: dict[str, tuple[Callable[[Any], Any], int]] = {
    "relu": (lambda x: op("relu", x), 4),
    "residual": (lambda x: op("add", op("tanh", x), x), 4),
    "select": (lambda x: op("select", op("greater", x, op("negative", x)), x, op("exp", x)), 4),
    "softmax": (lambda x: op("softmax", x, axis=1), 4),
    "max_pool": (lambda x: op("max_pool", x, kernel=[3, 3], low=[1, 1], high=[1, 1]), 4),
    "global": (lambda x: op("mul", x, op("global_avg_pool", x)), 4),
    "mean": (lambda x: op("sub", x, op("reduce.mean", x, axes=[-1, 1], keepdims=True)), 4),
    "concat": (lambda x: op("slice", op("concat", [x, op("abs", x)], axis=1), **SLICE), 4),
    "pad": (lambda x: op("slice", op("pad", x, low=[0, 1, 2, 0], high=[0, 3, 0, 1]), **SLICE), 4),
    "cumsum": (lambda x: op("cumsum", x, axis=2), 4),
}
SLICE = {"starts": [0, 1, 0, 0], "stops": [9, 5, 6, 6], "steps": [1, 1, 1, 1]}


@pytest.mark.parametrize("layout", ["channels_last", "channels_first"])
@pytest.mark.parametrize("name", BETWEEN)
def test_results(name: str, layout: str) -> None:
    between, left = BETWEEN[name]
    given = [(IMAGE, "f32"), ([4, 4, 3, 3], "f32"), ([4, 4, 3, 3], "f32")]
    text = graph(given, lambda x, w, v: [convolved(between(convolved(x, w)), v)])
    module = changed(text, layout)
    assert str(module).count("mo.transpose") == (left if layout == "channels_last" else 0)
    back = changed(str(module), "channels_first")
    assert "channels_last" not in str(back)
    random = np.random.default_rng(0)
    arrays = [
        random.standard_normal([2 if dim == "n" else dim for dim in shape]).astype(np.float32) for shape, _ in given
    ]
    expected = mo.interpret(text)(*arrays)
    for each in (module, back):
        np.testing.assert_allclose(mo.interpret(each)(*arrays), expected, 1e-5, 1e-5)
    np.testing.assert_allclose(mo.compile(module)(*arrays), expected, 1e-4, 1e-4)


def changed(text: str, layout: str) -> Any:
    module = mo.parse(text)
    mo.Pipeline(f"builtin.module(mo.graph(mo-propagate-layout{{layout={layout}}}))").run(module)
    return module


def test_transposed_convolutions_and_one_axis() -> None:
    given = [([2, 4, 5], "f64"), ([4, 3, 2], "f64"), ([3], "f64")]
    text = graph(given, lambda x, w, b: [op("conv_transpose", x, w, b, strides=[2], groups=1)])
    module = changed(text, "channels_last")
    assert "channels_last" in str(module)
    random = np.random.default_rng(0)
    arrays = [random.standard_normal(shape) for shape, _ in given]  # type: ignore[arg-type]  # all static
    np.testing.assert_allclose(mo.interpret(module)(*arrays), mo.interpret(text)(*arrays), 1e-12, 1e-12)


def test_what_blocks_a_transposition() -> None:
    def steps(x: Any, w: Any, y: Any) -> list[Any]:
        return [op("add", convolved(x, w), y)]  # y would have to be transposed for it

    module = changed(graph([(IMAGE, "f32"), ([4, 4, 3, 3], "f32"), (IMAGE, "f32")], steps), "channels_last")
    text = str(module)
    assert text.index("mo.conv") < text.rindex("mo.transpose") < text.index("mo.add")
