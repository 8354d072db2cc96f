# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Drawn graphs of all operations give the same compiled, interpreted, and after each pass.

`pytest tests/fuzz --fuzz-seconds=600` goes on with other seeds after the fixed ones. What fails is shrunk to a small
graph, whose text is in the message.
"""

import time
from random import Random
from typing import Any

import pytest
from campaign import check, check_passes, compiled, mixed, one
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from recipes import DRAWN, NOT_DRAWN, SPECIAL

from mograph.dialects.mo import Mo


def test_every_operation_that_is_not_listed_is_drawn() -> None:
    for name in DRAWN:  # a new operation that its declaration does not suffice to draw needs a recipe
        one(name, 0, 0)


def test_recipes_are_of_operations() -> None:
    assert sorted({*SPECIAL, *NOT_DRAWN} - set(Mo.ops)) == []


def run(number: int) -> None:
    """A graph of each operation, compiled, interpreted and transformed."""
    graphs = [one(name, number, i) for i, name in enumerate(DRAWN)]
    models = compiled(graphs)
    for graph in graphs:
        check(graph, models[graph.name])


@pytest.mark.parametrize("number", range(2))
def test_operations(number: int) -> None:
    run(number)


def search(function: Any, number: int, examples: int) -> None:
    """Try drawn graphs, and shrink one that fails."""

    @seed(number)
    @settings(
        max_examples=examples,
        database=None,
        derandomize=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=False))
    def attempt(random: Random) -> None:
        function(mixed(random))

    attempt()


def test_graphs_compiled() -> None:
    search(lambda graph: check(graph, compiled([graph])[graph.name]), 0, 50)


def test_graphs_transformed() -> None:
    search(check_passes, 1, 40)


def test_more(fuzz_seconds: float) -> None:
    end = time.monotonic() + fuzz_seconds
    number = 100
    while time.monotonic() < end:
        run(number)
        search(lambda graph: check(graph, compiled([graph])[graph.name]), number, 20)
        search(check_passes, number, 20)
        number += 1
