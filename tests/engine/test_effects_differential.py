# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random programs of loads, stores, loops and branches over buffers: compiled code does what the references do."""

import random
from typing import Any

import numpy as np
import pytest

import mograph as mo
from mograph import _runtime

T, B, C, INT = "!mo.tensor<[n], f32>", "!mo.buffer<[n], f32>", "!mo.chain", "!mo.tensor<[], si64>"
TRIPS = 3


class Writer:
    """Writes one graph: every operation takes a tensor and a buffer that are there, and goes on with the chain."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names = 0

    def name(self) -> str:
        self.names += 1
        return f"%v{self.names}"

    def block(
        self, depth: int, tensors: list[str], buffers: list[str], chain: str, indent: str
    ) -> tuple[list[str], str]:
        """The lines of some operations, and the chain after them; adds to `tensors` and `buffers`."""
        lines: list[str] = []
        kinds = ["load", "store", "store", "add", "add", "slice", "create", "transfer", "assert"]
        kinds += ["while", "if", "sequence", "parallel"] if depth else []
        for _ in range(self.random.randint(3, 7)):
            kind = self.random.choice(kinds)
            x, y, b = self.random.choice(tensors), self.random.choice(tensors), self.random.choice(buffers)
            made, after = self.name(), self.name()
            if kind == "load":
                lines.append(f"{made}, {after} = mo.buffer.load {b}, {chain} : {B}")
                tensors.append(made)
            elif kind == "store":
                lines.append(f"{after} = mo.buffer.store {x}, {b}, {chain} : {T}, {B}")
            elif kind == "slice":
                half = self.name()
                lines.append(
                    f"{half} = mo.slice {x} starts = [1] stops = [3] steps = [1] : {T}\n"
                    f"{after} = mo.buffer.store_slice {half}, {b}[%at], {chain} steps = [2] : "
                    f"!mo.tensor<[max(min(n, 3) - 1, 0)], f32>, {B}, !mo.tensor<[1], si64>"
                )
            elif kind == "create":
                lines.append(f"{made} = mo.buffer.create : {B}")
                buffers.append(made)
                continue
            elif kind == "transfer":
                lines.append(f"{made}, {after} = mo.transfer {b} to cpu, {chain} : {B}")
                buffers.append(made)
            elif kind == "assert":
                lines.append(f'{after} = mo.assert %yes, "never", {chain}')
            elif kind == "add":
                lines.append(f"{made} = mo.{self.random.choice(['add', 'sub', 'max'])} {x}, {y} : {T}")
                tensors.append(made)
                continue
            else:
                lines += getattr(self, f"{kind}_")(depth, tensors, buffers, chain, made, after, indent)
            chain = after
        return [indent + line for line in lines], chain

    def if_(
        self, depth: int, tensors: list[str], buffers: list[str], chain: str, made: str, after: str, indent: str
    ) -> Any:
        lines = [f"{made}, {after} = mo.if %{self.random.choice(['yes', 'no'])} -> {T}, {C} {{"]
        for end in ("} else {", "}"):
            inside = [*tensors], [*buffers]
            body, last = self.block(depth - 1, *inside, chain, indent + "  ")
            lines += [*body, f"  mo.yield {self.random.choice(inside[0])}, {last} : {T}, {C}", end]
        tensors.append(made)
        return lines

    def while_(
        self, depth: int, tensors: list[str], buffers: list[str], chain: str, made: str, after: str, indent: str
    ) -> Any:
        x, y, b, c = (self.random.choice(group) for group in (tensors, tensors, buffers, buffers))
        i, j, k, p, more, s, t, f, g, d = (self.name() for _ in range(10))
        two, swapped, other = self.name(), self.name(), self.name()
        types = f"{INT}, {T}, {T}, {B}, {B}, {C}"
        inside = [*tensors, s, t], [*buffers, f, g]
        body, last = self.block(depth - 1, *inside, d, indent + "  ")
        news = self.random.choice(inside[0]), self.random.choice(inside[0])
        carried = self.random.choice([(f, g), (g, f), (self.random.choice(inside[1]), f)])
        heads = f"{s}: {T}, {t}: {T}, {f}: {B}, {g}: {B}, {d}: {C}"
        cond = [f"{s}c: {T}", f"{t}c: {T}", f"{f}c: {B}", f"{g}c: {B}", f"{d}c: {C}"]
        tensors += [made, two]
        buffers += [swapped, other]
        return [
            f"{i}, {made}, {two}, {swapped}, {other}, {after} = mo.while(%zero, {x}, {y}, {b}, {c}, {chain} : {types})"
            f" -> {types} {{",
            f"^bb0({j}: {INT}, {', '.join(cond)}):",
            f"  {more} = mo.less {j}, %trips : {INT}",
            f"  mo.condition {more}, {j}, {s}c, {t}c, {f}c, {g}c, {d}c : {types}",
            "} do {",
            f"^bb0({k}: {INT}, {heads}):",
            *body,
            f"  {p} = mo.add {k}, %one : {INT}",
            f"  mo.yield {p}, {news[0]}, {news[1]}, {carried[0]}, {carried[1]}, {last} : {types}",
            "}",
        ]

    def sequence_(
        self, depth: int, tensors: list[str], buffers: list[str], chain: str, made: str, after: str, indent: str
    ) -> Any:
        inside = [*tensors], [*buffers]
        body, last = self.block(depth - 1, *inside, chain, indent + "  ")
        tensors.append(made)
        return [
            f"{made}, {after} = mo.sequence -> {T}, {C} {{",
            *body,
            f"  mo.yield {self.random.choice(inside[0])}, {last} : {T}, {C}",
            "}",
        ]

    def parallel_(
        self, depth: int, tensors: list[str], buffers: list[str], chain: str, made: str, after: str, indent: str
    ) -> Any:
        # The second launch's chain is the one that goes on.
        x, y, b, c = (self.random.choice(group) for group in (tensors, tensors, buffers, buffers))
        s, f, d = (self.name() for _ in range(3))
        inside = [*tensors, s], [*buffers, f]
        body, last = self.block(depth - 1, *inside, d, indent + "  ")
        both = f"{T}, {T}, {B}, {B}, {C}, {C}"
        name = made.replace("%v", "%p")
        tensors += [f"{name}#0", f"{name}#1"]
        return [
            f"{name}:4 = mo.parallel({x}, {y}, {b}, {c}, {chain}, {chain} : {both}) on [cpu, cpu]"
            f" -> {T}, {T}, {C}, {C} {{",
            f"^bb0({s}: {T}, {f}: {B}, {d}: {C}):",
            *body,
            f"  mo.yield {self.random.choice(inside[0])}, {last} : {T}, {C}",
            "}",
            f'{after} = mo.assert %yes, "never", {name}#3',
        ]

    def graph(self) -> str:
        tensors, buffers = ["%x", "%y"], ["%b", "%d"]
        body, last = self.block(2, tensors, buffers, "%c", "  ")
        kept, held = self.random.sample(tensors, 2), self.random.choice(buffers)
        final = self.name()
        return "\n".join(
            [
                f"mo.graph @main(%x: {T}, %y: {T}, %b: {B}, %d: {B}, %at: !mo.tensor<[1], si64>, %trips: {INT},"
                f" %yes: !mo.tensor<[], i1>, %no: !mo.tensor<[], i1>) -> ({T}, {T}, {T}, {B}) {{",
                f"  %zero = mo.constant 0 : {INT}",
                f"  %one = mo.constant 1 : {INT}",
                "  %c = mo.chain.create",
                *body,
                f"  {final}, %end = mo.buffer.load {held}, {last} : {B}",
                f"  mo.output {kept[0]}, {kept[1]}, {final}, {held} : {T}, {T}, {T}, {B}",
                "}",
            ]
        )


@pytest.mark.parametrize("seed", range(24))
def test_compiled_code_does_what_the_references_do(seed: int) -> None:
    text = Writer(seed).graph()
    compiled, interpreted = mo.compile(text), mo.interpret(text)
    for n in (5, 100):
        values = np.random.default_rng(seed)
        x, y, b, d = (values.integers(-9, 9, n).astype(np.float32) for _ in range(4))
        rest = (np.array([0]), np.int64(TRIPS), np.True_, np.False_)
        before = _runtime.live_bytes()
        arrays = [[x.copy(), y.copy(), b.copy(), d.copy()] for _ in range(2)]
        results = [list(model(*own, *rest)) for model, own in zip((compiled, interpreted), arrays, strict=True)]
        for found, wanted in zip([*results[0], *arrays[0]], [*results[1], *arrays[1]], strict=True):
            np.testing.assert_array_equal(found, wanted, err_msg=text)
        results.clear()
        del found
        assert _runtime.live_bytes() == before
