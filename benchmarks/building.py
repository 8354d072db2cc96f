# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How long the Graph API takes to build an operation: inference, verification and the caller's location included."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from harness import Benchmark, Timer, lazily, stopwatch

if TYPE_CHECKING:
    from mograph.graph import Tensor

OPERATIONS = 20_000
LIMIT = 15


def chained(step: "Callable[[Tensor], Tensor]", operations: int) -> Timer:
    """Make a timer of a graph of OPERATIONS, each of which takes the result of the one before."""
    from mograph.graph import Graph, TensorSpec

    def run() -> float:
        with Graph(inputs={"x": TensorSpec(["n", 64], "f32")}) as g:
            y = g.inputs.x
            with stopwatch() as elapsed:
                for _ in range(OPERATIONS // operations):
                    y = step(y)
            g.output(y)
        return elapsed()

    return run


def operators() -> Timer:
    """Operators between tensors."""
    return chained(lambda y: y + y, 1)


def layers() -> Timer:
    """A function of several operations: with attributes, with a number for an operand, and of another one's results."""
    from mograph.graph import Tensor, ops

    def layer(y: Tensor) -> Tensor:
        shifted = y - ops.reduce_max(y, axes=-1, keepdims=True)
        return ops.softmax(ops.exp(shifted) * 2.0, axis=-1)  # the number is an operation too

    return chained(layer, 6)


def benchmarks(scratch: Path) -> Iterator[Benchmark]:
    """Time operators in the function that opened the graph, and a function that it calls."""
    for name, timer in (("operators", operators), ("layers", layers)):
        yield Benchmark(f"graph, {name}", lazily(partial(timer)), LIMIT, unit="us/op", scale=1e-6 * OPERATIONS)
