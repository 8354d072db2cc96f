# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loops whose carried values change places, are made anew, read across, copied, captured and returned: compiled code
gives what the interpreter gives, holds no memory afterwards and leaves its inputs alone.
"""

import gc
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import numpy as np
import pytest

import mograph as mo
from mograph import _runtime


@dataclass
class Draw:
    """Draws the text of a graph, whose values are all of one type."""

    random: Random
    type: str
    lines: list[str] = field(default_factory=list)
    count: int = 0

    def name(self) -> str:
        self.count += 1
        return f"%v{self.count}"

    def choose(self, values: Sequence[str]) -> str:
        return self.random.choice(values)

    def op(self, pool: list[str]) -> str:
        """An operation on values of the pool, in the same order or across it."""
        name, kind = self.name(), self.choose(["add", "sub", "max", "negative", "transpose", "across"])
        if kind == "transpose":
            self.lines.append(f"{name} = mo.transpose {self.choose(pool)} perm = [1, 0] : {self.type}")
        elif kind == "across":  # two orders at once: not in place
            crossed, other = self.name(), self.choose(pool)
            self.lines.append(f"{crossed} = mo.transpose {other} perm = [1, 0] : {self.type}")
            self.lines.append(f"{name} = mo.sub {crossed}, {other} : {self.type}")
        elif kind == "negative":
            self.lines.append(f"{name} = mo.negative {self.choose(pool)} : {self.type}")
        else:
            self.lines.append(f"{name} = mo.{kind} {self.choose(pool)}, {self.choose(pool)} : {self.type}")
        return name

    def body(self, pool: list[str], depth: int) -> list[str]:
        """Some operations, branches and loops; the values that there are then."""
        pool = list(pool)
        for _ in range(self.random.randint(1, 4)):
            kind = self.choose(["op", "op", "op", "loop", "branch"] if depth else ["op"])
            if kind == "op":
                pool.append(self.op(pool))
            elif kind == "loop":
                pool += self.loop(pool, depth - 1)
            else:
                pool.append(self.branch(pool, depth - 1))
        return pool

    def branch(self, pool: list[str], depth: int) -> str:
        condition, name = self.name(), self.name()
        self.lines.append(f"{condition} = mo.less %trips, %two : !mo.tensor<[], si64>")
        self.lines.append(f"{name} = mo.if {condition} -> {self.type} {{")
        for end in ("} else {", "}"):
            inner = self.body(pool, depth)
            self.lines += [f"mo.yield {self.choose(inner)} : {self.type}", end]
        return name

    def loop(self, pool: list[str], depth: int) -> list[str]:
        """A loop that carries some of the pool; its results."""
        carried = [self.choose(pool) for _ in range(self.random.randint(1, 3))]
        counter, scalar = self.name(), "!mo.tensor<[], si64>"
        results = [self.name() for _ in carried]
        types = ", ".join([scalar] + [self.type] * len(carried))
        self.lines.append(
            f"{counter}, {', '.join(results)} = mo.while(%zero, {', '.join(carried)} : {types}) -> {types} {{"
        )
        index, arguments, more = self.name(), [self.name() for _ in carried], self.name()
        heads = ", ".join([f"{index}: {scalar}"] + [f"{each}: {self.type}" for each in arguments])
        self.lines += [
            f"^bb0({heads}):",
            f"{more} = mo.less {index}, %trips : {scalar}",
            f"mo.condition {more}, {index}, {', '.join(arguments)} : {types}",
            "} do {",
        ]
        index, arguments, following = self.name(), [self.name() for _ in carried], self.name()
        heads = ", ".join([f"{index}: {scalar}"] + [f"{each}: {self.type}" for each in arguments])
        self.lines += [f"^bb0({heads}):", f"{following} = mo.add {index}, %one : {scalar}"]
        inner = self.body([*pool, *arguments], depth)
        recent = [*arguments, *inner[len(pool) :]]
        sent = [self.choose(recent[-4:] if self.random.random() < 0.8 else inner) for _ in carried]
        self.lines += [f"mo.yield {following}, {', '.join(sent)} : {types}", "}"]
        return results


@pytest.mark.parametrize("dims", ["4, 4", "n, n"])
@pytest.mark.parametrize("seed", range(16))
def test_loops_do_what_the_interpreter_does(dims: str, seed: int) -> None:
    draw = Draw(Random(seed), f"!mo.tensor<[{dims}], si32>")
    pool = draw.body(["%x", "%y"], 0)
    pool += draw.loop(pool, 2)
    pool = draw.body(pool, 0)
    outputs = [draw.choose(pool[-6:]) for _ in range(3)]
    constants = [f"%{name} = mo.constant {value} : !mo.tensor<[], si64>" for name, value in
                 (("zero", 0), ("one", 1), ("two", 2))]  # fmt: skip
    types = ", ".join([draw.type] * len(outputs))
    body = "\n".join([*constants, *draw.lines])
    text = (
        f"mo.graph @f(%trips: !mo.tensor<[], si64>, %x: {draw.type}, %y: {draw.type}) -> ({types}) {{\n{body}\n"
        f"mo.output {', '.join(outputs)} : {types}\n}}"
    )
    compiled, interpreted = mo.compile(text), mo.interpret(text)
    random = np.random.default_rng(0)
    x, y = (random.integers(-9, 9, (4, 4)).astype(np.int32) for _ in range(2))
    given = x.copy(), y.copy()
    gc.collect()
    before = _runtime.live_bytes()
    for trips in range(4):
        found, expected = (
            results if isinstance(results, tuple) else (results,)
            for results in (each(np.int64(trips), x, y) for each in (compiled, interpreted))
        )
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_array_equal(one, other, err_msg=text)
        np.testing.assert_array_equal((x, y), given)
        del found, expected, one, other
    gc.collect()
    assert _runtime.live_bytes() == before, text
