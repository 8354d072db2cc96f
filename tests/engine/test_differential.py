# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random graphs give the same compiled, interpreted, and written in numpy."""

import numpy as np
from hypothesis import given, settings
from random_graphs import Graph, graphs

import mograph as mo


@given(graphs())
@settings(max_examples=60)
def test_compiled_interpreted_and_numpy_agree(graph: Graph) -> None:
    inputs = [each.array for each in graph.inputs]
    compiled = mo.compile(graph.text)(*inputs)
    interpreted = mo.interpret(graph.text)(*inputs)
    if len(graph.outputs) == 1:
        compiled, interpreted = (compiled,), (interpreted,)
    for index, output in enumerate(graph.outputs):
        for found in (compiled[index], interpreted[index]):
            assert found.shape == output.array.shape
            assert found.dtype == output.array.dtype
            np.testing.assert_allclose(found, output.array, rtol=2e-6)
