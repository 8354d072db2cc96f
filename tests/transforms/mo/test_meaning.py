# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Graphs give the same before and after each pass, interpreted; and what is left of them compiles."""

from typing import Any

import numpy as np
import pytest
from corpus import GRAPHS, inputs
from hypothesis import given, settings
from random_graphs import Graph, graphs

import mograph as mo
from mograph.engine.host import ready
from mograph.transforms.kit import Pipeline

HOST = ready()
PIPELINES = (
    *(str(Pipeline(HOST.passes.load(name))) for name in HOST.passes if name.startswith("mo-")),
    "mo.graph(canonicalize)",
    "mo.graph(canonicalize,cse)",
    "mo.graph(mo-infer-shapes,canonicalize,mo-cse,mo-hoist-loop-invariants),mo-remove-dead-values",
    "mo.graph(mo-sink-constants,mo-hoist-constants,mo-fold-constants{max-elements=4})",
)


def results(module: Any, arrays: list[Any]) -> tuple[Any, ...]:
    found = mo.interpret(str(module), graph="f")(*arrays)
    return found if isinstance(found, tuple) else (found,)


def same(before: tuple[Any, ...], after: tuple[Any, ...], tolerance: float = 0) -> None:
    for one, other in zip(before, after, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_allclose(other, one, rtol=tolerance)
        assert one.dtype.kind != "f" or np.array_equal(np.signbit(one), np.signbit(other))


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("pipeline", PIPELINES)
def test_graphs_of_the_corpus(name: str, pipeline: str) -> None:
    module = mo.parse(GRAPHS[name])
    Pipeline(pipeline).run(module)
    for seed in range(2):
        arrays = inputs(GRAPHS[name], seed)
        same(results(GRAPHS[name], arrays), results(module, arrays))


@given(graphs())
@settings(max_examples=15)
def test_random_graphs(graph: Graph) -> None:
    arrays = [each.array for each in graph.inputs]
    before = results(graph.text, arrays)
    for pipeline in PIPELINES:
        module = mo.parse(graph.text)
        Pipeline(pipeline).run(module)
        # What is composed of others is computed in more steps, each of which rounds.
        same(before, results(module, arrays), 1e-5 if "expand-composites" in pipeline else 0)


@pytest.mark.parametrize("name", GRAPHS)
def test_what_is_left_compiles(name: str) -> None:
    module = mo.parse(GRAPHS[name])
    Pipeline("mo.graph(mo-infer-shapes,canonicalize,mo-cse,mo-hoist-loop-invariants),mo-remove-dead-values").run(module)
    arrays = inputs(GRAPHS[name])
    found = mo.compile(str(module), graph="f")(*arrays)
    same(results(GRAPHS[name], arrays), found if isinstance(found, tuple) else (found,))
