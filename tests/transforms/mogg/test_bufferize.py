# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs on buffers compute what they compute on tensors."""

import numpy as np
import pytest

import mograph as mo

BUFFERS = (
    "builtin.module(mogg-from-mo,mogg-fuse,mogg-bufferize,mogg-verify-stage{stage=buffers},"
    "mogg-to-linalg,mogg-verify-stage{stage=functions})"
)
ROWS = "!mo.tensor<[n, 4], f32>"
F32 = "!mo.tensor<[], f32>"
I32 = "!mo.tensor<[], si32>"

GRAPHS = {
    "kernels": f"""mo.graph @f(%x: {ROWS}, %y: {ROWS}) -> ({ROWS}, {ROWS}) {{
      %0 = mo.exp %x : {ROWS}
      %1 = mo.softmax %0 : {ROWS}
      %2 = mo.softmax %1 axis = 0 : {ROWS}
      %3 = mo.add %2, %y : {ROWS}
      mo.output %1, %3 : {ROWS}, {ROWS}
    }}""",
    "an input as it is": f"""mo.graph @f(%x: {ROWS}, %y: {ROWS}) -> ({ROWS}, {ROWS}) {{
      %0 = mo.add %x, %y : {ROWS}
      mo.output %x, %0 : {ROWS}, {ROWS}
    }}""",
    "slices": """mo.graph @f(%x: !mo.tensor<[6, 4], f32>, %y: !mo.tensor<[6, 4], f32>) -> !mo.tensor<[4, 4], f32> {
      %0 = mo.slice %x starts = [1, 0] stops = [5, 4] steps = [1, 1] : !mo.tensor<[6, 4], f32>
      %1 = mo.softmax %0 : !mo.tensor<[4, 4], f32>
      mo.output %1 : !mo.tensor<[4, 4], f32>
    }""",
    "a loop": f"""mo.graph @f(%x: {ROWS}, %y: {ROWS}) -> {ROWS} {{
      %zero = mo.constant 0 : {I32}
      %one = mo.constant 1 : {I32}
      %limit = mo.constant 5 : {I32}
      %i, %r = mo.while (%zero, %x : {I32}, {ROWS}) -> {I32}, {ROWS} {{
      ^bb0(%k: {I32}, %v: {ROWS}):
        %more = mo.less %k, %limit : {I32}
        mo.condition %more, %k, %v : {I32}, {ROWS}
      }} do {{
      ^bb0(%k: {I32}, %v: {ROWS}):
        %next = mo.add %k, %one : {I32}
        %s = mo.softmax %v axis = 0 : {ROWS}
        %w = mo.mul %s, %y : {ROWS}
        mo.yield %next, %w : {I32}, {ROWS}
      }}
      mo.output %r : {ROWS}
    }}""",
    "extents that a kernel finds": f"""mo.graph @f(%x: {ROWS}, %y: {ROWS}) -> !mo.tensor<[2, k], si64> {{
      %0 = mo.greater %x, %y : {ROWS}
      %1 = mo.non_zero %0 : !mo.tensor<[n, 4], i1> to !mo.tensor<[2, k], si64>
      mo.output %1 : !mo.tensor<[2, k], si64>
    }}""",
}


@pytest.mark.parametrize("name", GRAPHS)
def test_results_are_those_of_tensors(name):
    x, y = (np.random.default_rng(seed).standard_normal((6, 4)).astype(np.float32) for seed in (0, 1))
    expected, found = mo.compile(GRAPHS[name])(x, y), mo.compile(GRAPHS[name], pipeline=BUFFERS)(x, y)
    for a, b in zip(*((each if isinstance(each, tuple) else (each,)) for each in (expected, found)), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_models_share_kernels():
    graph = "mo.graph @{0}(%x: {1}) -> {1} {{ %0 = mo.softmax %x : {1}\n mo.output %0 : {1} }}"
    text = graph.format("a", ROWS) + graph.format("b", ROWS)
    module = mo.parse(text)
    mo.Pipeline("builtin.module(mogg-from-mo,mogg-bufferize)").run(module)
    assert str(module).count("mogg.kernel ") == 1
    models = mo.load_all(text, pipeline=BUFFERS)
    x = np.random.default_rng(0).standard_normal((3, 4)).astype(np.float32)
    np.testing.assert_array_equal(models["a"](x), models["b"](x))
