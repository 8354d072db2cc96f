# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs one operation in a graph, compiled and by its reference."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from lowering_harness import NAMES

import mograph
from mograph.graph import Graph, TensorSpec


def graph_of(
    build: Callable[..., Any], arrays: Sequence[np.ndarray[Any, Any]], shapes: Sequence[Sequence[Any]] | None = None
) -> Graph:
    """The graph that gives what `build` makes of inputs like `arrays`, whose types may have other shapes."""
    shapes = shapes or [array.shape for array in arrays]
    inputs = {
        f"x{i}": TensorSpec(list(shape), NAMES[array.dtype])
        for i, (array, shape) in enumerate(zip(arrays, shapes, strict=True))
    }
    with Graph("f", inputs=inputs) as graph:
        made = build(*graph.inputs)
        graph.output(*(made if isinstance(made, tuple) else (made,)))
    return graph


def compiled(
    build: Callable[..., Any], arrays: Sequence[np.ndarray[Any, Any]], shapes: Sequence[Sequence[Any]] | None = None
) -> Any:
    """What the compiled graph gives for `arrays`."""
    return mograph.compile(graph_of(build, arrays, shapes).module)(*arrays)


def both(
    build: Callable[..., Any], arrays: Sequence[np.ndarray[Any, Any]], shapes: Sequence[Sequence[Any]] | None = None
) -> tuple[Any, Any]:
    """What the compiled graph gives for `arrays`, and what the references give."""
    module = graph_of(build, arrays, shapes).module
    return mograph.compile(module)(*arrays), mograph.interpret(module)(*arrays)
