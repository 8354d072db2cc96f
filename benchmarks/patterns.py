# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How long a rewrite pattern that is declared in Python takes for each operation that it rewrites."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Literal

from harness import Benchmark, Timer, lazily, stopwatch

OPERATIONS = 100_000
Driver = Literal["greedy", "walk"]


def program() -> str:
    """Write a graph of products, each of which the pattern matches."""
    lines = [f"  %{index + 1} = mo.mul %{index}, %{index} : !mo.tensor<[4], f32>" for index in range(OPERATIONS)]
    head = "mo.graph @f(%0: !mo.tensor<[4], f32>) -> !mo.tensor<[4], f32> {"
    return "\n".join([head, *lines, f"  mo.output %{OPERATIONS} : !mo.tensor<[4], f32>", "}", ""])


def rewriting(driver: Driver) -> Timer:
    """Make a timer of a pass that turns each product of a value with itself into its square."""
    from mograph.dialects import mo
    from mograph.transforms.kit import Pass, Pattern, Pipeline, operand, parse

    class Square(Pattern):
        """x * x is the square of x."""

        x = operand()
        root = mo.Mul(x, x)
        replace = mo.Square(x)

    class SquarePass(Pass, name=f"benchmark-square-{driver}", driver=driver):
        """Find squares."""

        patterns = (Square,)

    text = program()
    pipeline = Pipeline(SquarePass, anchor="builtin.module")

    def run() -> float:
        module = parse(text)
        with stopwatch() as elapsed:
            pipeline.run(module)
        assert "mo.mul" not in str(module), "not every product was rewritten"
        return elapsed()

    return run


def benchmarks(scratch: Path) -> Iterator[Benchmark]:
    """Time a declared pattern by the driver that visits each op once, and by the one that goes on to a fixed point."""
    drivers: tuple[Driver, ...] = ("walk", "greedy")
    for driver in drivers:
        timer = lazily(partial(rewriting, driver))
        yield Benchmark(f"pattern, {driver} driver", timer, 3, unit="us/op", scale=1e-6 * OPERATIONS)
