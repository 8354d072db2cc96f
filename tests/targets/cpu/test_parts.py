# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Concatenations, paddings and slices of what was just computed, against numpy: parts are computed in the whole."""

from random import Random
from typing import Any

import numpy as np
import pytest

import mograph

Array = np.ndarray[Any, Any]


class Drawn:
    """A graph over matrices with the same number of rows, known or not, and what numpy gives for each value."""

    def __init__(self, random: Random, rows: int, named: bool) -> None:
        self.random, self.rows, self.dim = random, rows, "n" if named else str(rows)
        self.lines: list[str] = []
        self.values: list[tuple[str, Array]] = []

    def type(self, array: Array) -> str:
        """The type of a matrix, whose number of rows may be more than that of the inputs."""
        extra = array.shape[0] - self.rows
        rows = self.dim if not extra else str(array.shape[0]) if self.dim != "n" else f"n + {extra}"
        return f"!mo.tensor<[{rows}, {array.shape[1]}], f32>"

    def add(self, op: str, operands: list[tuple[str, Array]], result: Array, attributes: str = "") -> None:
        """One more operation."""
        name = f"%v{len(self.lines)}"
        types = ", ".join(self.type(each) for _, each in operands)
        names = ", ".join(each for each, _ in operands)
        self.lines.append(f"{name} = mo.{op} {names} {attributes} : {types}")
        self.values.append((name, result))

    def step(self) -> None:
        """Draw an operation."""
        random = self.random
        value = random.choice(self.values)
        name, x = value
        match random.randrange(7):
            case 0:
                self.add("tanh", [value], np.tanh(x))
            case 1:
                self.add("negative", [value], -x)
            case 2:
                e = np.exp(x - x.max(1, keepdims=True)) if x.shape[1] else x
                self.add("softmax", [value], e / e.sum(1, keepdims=True) if x.shape[1] else x)
            case 3:
                parts = [each for each in self.values if each[1].shape[0] == x.shape[0]]
                chosen = [random.choice(parts) for _ in range(random.randint(1, 3))]
                self.add("concat", chosen, np.concatenate([each for _, each in chosen], 1), "axis = 1")
            case 4:
                low, high = ([random.randint(0, 2) for _ in range(2)] for _ in range(2))
                padded = np.pad(x, list(zip(low, high, strict=True)))
                if padded.shape[0] <= self.rows + 6:
                    self.add("pad", [value], padded, f"low = {low} high = {high}")
            case 5:
                start = random.randint(0, x.shape[1])
                stop = random.randint(start, x.shape[1])
                attributes = f"starts = [0, {start}] stops = [{2**62}, {stop}] steps = [1, 1]"
                self.add("slice", [value], x[:, start:stop], attributes)
            case _:
                same = [each for each in self.values if each[1].shape == x.shape]
                other = random.choice(same)
                self.add("add", [value, other], x + other[1])


@pytest.mark.parametrize("seed", range(40))
def test_drawn(seed: int) -> None:
    random = Random(seed)
    drawn = Drawn(random, random.choice([1, 3, 40]), named=random.random() < 0.5)
    inputs = [
        np.random.default_rng(i).standard_normal((drawn.rows, width)).astype(np.float32)
        for i, width in enumerate((5, 16))
    ]
    drawn.values = [(f"%x{i}", each) for i, each in enumerate(inputs)]
    given = ", ".join(f"%x{i}: {drawn.type(each)}" for i, each in enumerate(inputs))
    for _ in range(random.randint(2, 10)):
        drawn.step()
    results = random.sample(drawn.values[2:] or drawn.values, min(len(drawn.values[2:]), random.randint(1, 3)) or 1)
    types = ", ".join(drawn.type(each) for _, each in results)
    body = "\n  ".join(drawn.lines)
    text = (
        f"mo.graph @f({given}) -> ({types}) {{\n  {body}\n  mo.output {', '.join(n for n, _ in results)} : {types}\n}}"
    )
    found = mograph.compile(text)(*inputs)
    for have, (_, want) in zip(found if len(results) > 1 else [found], results, strict=True):
        np.testing.assert_allclose(have, want, rtol=1e-4, atol=1e-5, err_msg=text)


def test_padding_of_nothing() -> None:
    run = mograph.compile("""mo.graph @f(%x: !mo.tensor<[3, 0], f32>) -> !mo.tensor<[3, 2], f32> {
      %r = mo.pad %x low = [0, 2] high = [0, 0] : !mo.tensor<[3, 0], f32>
      mo.output %r : !mo.tensor<[3, 2], f32>
    }""")
    assert run(np.zeros((3, 0), np.float32)).tolist() == [[0, 0]] * 3
