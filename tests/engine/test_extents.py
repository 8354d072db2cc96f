# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Extents that a program computes, in what follows; and movement of every dtype, those for storage too."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mograph as mo
from mograph.dialects.kit import numpy_dtype

COUNTED = """
mo.graph @f(%x: !mo.tensor<[n, m], f32>, %limit: !mo.tensor<[], si64>, %which: !mo.tensor<[], i1>)
    -> (!mo.tensor<[2, k], f32>, !mo.tensor<[p, n], f32>, !mo.tensor<[j], f32>) {
  %places = mo.non_zero %x : !mo.tensor<[n, m], f32> to !mo.tensor<[2, k], si64>
  %floats = mo.cast %places : !mo.tensor<[2, k], si64> to !mo.tensor<[2, k], f32>
  %column = mo.iota axis = 1 : !mo.tensor<[2, k], f32>
  %sum = mo.add %floats, %column : !mo.tensor<[2, k], f32>
  %zero = mo.constant 0 : !mo.tensor<[], si64>
  %one = mo.constant 1 : !mo.tensor<[], si64>
  %range = mo.range %zero, %limit, %one : !mo.tensor<[], si64> to !mo.tensor<[p], si64>
  %taken = mo.gather %x, %range axis = 1 : !mo.tensor<[n, m], f32>, !mo.tensor<[p], si64>
  %turned = mo.transpose %taken perm = [1, 0] : !mo.tensor<[n, p], f32>
  %either = mo.if %which -> !mo.tensor<[j], f32> {
    %flat = mo.reshape %x : !mo.tensor<[n, m], f32> to !mo.tensor<[n * m], f32>
    %found = mo.non_zero %flat : !mo.tensor<[n * m], f32> to !mo.tensor<[1, q], si64>
    %row = mo.reshape %found : !mo.tensor<[1, q], si64> to !mo.tensor<[q], si64>
    %numbers = mo.cast %row : !mo.tensor<[q], si64> to !mo.tensor<[q], f32>
    mo.yield %numbers : !mo.tensor<[q], f32>
  } else {
    %numbers = mo.iota : !mo.tensor<[p], f32>
    mo.yield %numbers : !mo.tensor<[p], f32>
  }
  mo.output %sum, %turned, %either : !mo.tensor<[2, k], f32>, !mo.tensor<[p, n], f32>, !mo.tensor<[j], f32>
}"""


def test_counted_extents_are_extents() -> None:
    x = np.random.default_rng(1).integers(0, 2, (3, 4)).astype(np.float32)
    for model in (mo.compile(COUNTED), mo.interpret(COUNTED)):
        for limit in (0, 2, 4):
            for which in (True, False):
                places, turned, either = model(x, np.int64(limit), np.bool_(which))
                np.testing.assert_array_equal(places, np.array(np.nonzero(x)) + np.arange(int(x.sum())))
                np.testing.assert_array_equal(turned, x[:, :limit].T)
                np.testing.assert_array_equal(either, np.flatnonzero(x) if which else np.arange(limit))
        with pytest.raises(ValueError, match=r"mo.gather: expected indices in \[-.*, .*\) on axis 1, found"):
            model(x, np.int64(5), np.bool_(True))


MOVED = {
    "mo.flip %x axes = [0] : {x}": "n, 3",
    "mo.tile %x repeats = [2, 1] : {x}": "n * 2, 3",
    "mo.pad %x low = [1, 0] high = [0, 1] : {x}": "n + 1, 4",
    "mo.pad %x low = [1, 0] high = [0, 1] mode = edge : {x}": "n + 1, 4",
    "mo.pad %x low = [-1, 0] high = [0, 1] : {x}": "n - 1, 4",
    "mo.gather %x, %i : {x}, {i}": "2, 3",
    "mo.gather_elements %x, %j : {x}, {j}": "2, 3",
    "mo.scatter %x, %j, %u : {x}, {j}, {u}": "n, 3",
    "mo.trilu %x : {x}": "n, 3",
    "mo.roll %x shifts = [1] axes = [1] : {x}": "n, 3",
    "mo.expand %u, %s : {u}, {s} to {r}": "a, 2, 3",
    "mo.dynamic.slice %x, %p, %p, %i : ({x}, {p}, {p}, {i}) -> {r}": "a, b",
}


@pytest.mark.parametrize("dtype", ["si4", "ui2", "f4E2M1FN", "f8E8M0FNU", "f8E4M3FN", "i1", "bf16"])
def test_every_dtype_moves(dtype: str) -> None:
    random, of = np.random.default_rng(0), numpy_dtype(dtype)
    inputs: dict[str, Any] = {
        "x": ("n, 3", dtype, random.integers(0, 2, (4, 3)).astype(of)),
        "u": ("2, 3", dtype, random.integers(0, 2, (2, 3)).astype(of)),
        "i": ("2", "si64", np.array([1, -1])),
        "j": ("2, 3", "si64", np.array([[0, 1, -1], [2, 3, 0]])),
        "s": ("3", "si64", np.array([4, 1, 1])),
        "p": ("2", "si64", np.array([0, 2])),
    }
    types = {name: f"!mo.tensor<[{dims}], {of_}>" for name, (dims, of_, _) in inputs.items()}
    arguments = ", ".join(f"%{name}: {type_}" for name, type_ in types.items())
    texts = []
    for number, (operation, dims) in enumerate(MOVED.items()):
        result = f"!mo.tensor<[{dims}], {dtype}>"
        texts.append(
            f"mo.graph @f{number}({arguments}) -> {result} {{\n  %r = {operation.format(**types, r=result)}\n"
            f"  mo.output %r : {result}\n}}\n"
        )
    models = mo.load_all("".join(texts))
    arrays = [array for _, _, array in inputs.values()]
    for model, text in zip(models.values(), texts, strict=True):
        found, expected = model(*arrays), mo.interpret(text)(*arrays)
        assert (found.dtype, found.shape) == (expected.dtype, expected.shape) == (of, expected.shape)
        assert found.tobytes() == expected.tobytes(), text


@pytest.mark.parametrize("name", ["in", "lambda", "None", "max", "mod", "in_", "_5f", "seq.len", "batch$"])
@pytest.mark.parametrize("run", [mo.compile, mo.interpret])
def test_a_dimension_may_be_called_anything(run: Callable[..., Any], name: str) -> None:
    before, after = f"!mo.tensor<[{name}, 4], f32>", f"!mo.tensor<[{name} * 2, 2], f32>"
    text = f"""
    mo.graph @f(%x: {before}) -> {after} {{
      %y = mo.reshape %x : {before} to {after}
      mo.output %y : {after}
    }}
    """
    x = np.arange(12, dtype=np.float32).reshape(3, 4)
    np.testing.assert_array_equal(run(text)(x), x.reshape(6, 2))
