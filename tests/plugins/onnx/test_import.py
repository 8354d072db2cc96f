# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What models become: names, dimensions, constants and weights, functions, control flow, locations."""

from pathlib import Path

import numpy as np
import pytest

import mograph
from mograph.dialects.mo.types import TensorType

onnx = pytest.importorskip("onnx", reason="the onnx package is not installed")

HEADER = '<ir_version: 10, opset_import: ["" : 21, "local" : 1]>\n'


def imported(text: str) -> object:
    return mograph.import_onnx(onnx.parser.parse_model(HEADER + text))


def operations(module: object) -> list[object]:
    """The operations of the public graph, those in regions too."""

    def within(region: object) -> list[object]:
        found = []
        for block in region.blocks:
            for op in block.operations:
                found += [op.operation, *(each for nested in op.operation.regions for each in within(nested))]
        return found

    graphs = [op for op in module.body if "sym_visibility" not in op.operation.attributes]
    (graph,) = graphs
    return within(graph.operation.regions[0])


def named(module: object, name: str) -> list[object]:
    return [op for op in operations(module) if op.name == f"mo.{name}"]


def test_dimensions_keep_their_names_and_get_some() -> None:
    module = imported(
        """g (float[batch, "sequence length", ?, 4] x, float[batch] y) => (float[batch, "sequence length", d, 4] z) {
        z = Relu(x)
        }"""
    )
    signature = mograph.build(module).signatures["g"]
    assert (
        str(signature)
        == "g(x: f32[batch, sequence_length, x_2, 4], y: f32[batch]) -> z: f32[batch, sequence_length, x_2, 4]"
    )


def test_shapes_are_followed_through_the_nodes_that_compute_them() -> None:
    module = imported(
        """g (float[n, m, 8] x) => (float[k] y) <int64[1] minus = {-1}, int64[1] two = {2}, int64[1] zero = {0}> {
        shape = Shape(x)
        first = Slice(shape, zero, two)
        half = Div(first, two)
        all = ReduceProd <keepdims = 1> (first)
        last = Gather <axis = 0> (shape, two)
        target = Concat <axis = 0> (all, two, minus)
        y1 = Reshape(x, target)
        cast = Cast <to = 1> (last)
        float_half = Mul(cast, cast)
        y2 = Reshape(y1, minus)
        y = Identity(y2)
        }"""
    )
    first, second = (TensorType(op.result.type).shape for op in named(module, "reshape"))
    assert list(map(str, first)) == ["m * n", "2", "4"]
    assert list(map(str, second)) == ["m * n * 8"]
    x = np.arange(48, dtype=np.float32).reshape(2, 3, 8)
    np.testing.assert_array_equal(mograph.compile(module)(x), x.reshape(-1))


def test_shapes_that_are_inputs_are_bound_when_the_model_runs() -> None:
    module = imported("g (float[n] x, int64[2] shape) => (float[rows, columns] y) { y = Reshape(x, shape) }")
    run = mograph.compile(module)
    x = np.arange(12, dtype=np.float32)
    np.testing.assert_array_equal(run(x, np.array([3, -1])), x.reshape(3, 4))
    np.testing.assert_array_equal(run(x, np.array([2, 6])), x.reshape(2, 6))
    with pytest.raises(ValueError, match="mo.reshape"):
        run(x, np.array([5, 5]))


def test_operands_are_asserted_to_broadcast() -> None:
    run = mograph.compile(imported("g (float[n] x, float[m] y) => (float[k] z) { z = Add(x, y) }"))
    assert run(np.ones(2, np.float32), np.ones(2, np.float32)).tolist() == [2, 2]
    with pytest.raises(ValueError, match="expected dimension 0"):
        run(np.ones(2, np.float32), np.ones(3, np.float32))


def test_outputs_may_be_called_as_any_python_name() -> None:
    run = mograph.compile(
        imported("g (float[n] x) => (float[n] self, float[n] values) { self = Relu(x)\n values = Abs(x) }")
    )
    assert [each.tolist() for each in run(np.array([-1], np.float32))] == [[0], [1]]


def test_slices_up_to_an_extent() -> None:
    module = imported(
        """g (float[n, 4] x, float[8] table) => (float[k] y) <int64[1] zero = {0}, int64[1] one = {1}> {
        shape = Shape(x)
        n = Slice(shape, zero, one)
        row = Slice(table, one, n)
        y = Mul(row, row)
        }"""
    )
    (part,) = named(module, "dynamic.slice")
    assert str(part.result.type) == "!mo.tensor<[max(0, min(8, n) - 1)], f32>"
    table = np.arange(8, dtype=np.float32)
    run = mograph.compile(module)
    for extent in (0, 1, 3, 9):
        np.testing.assert_array_equal(run(np.zeros((extent, 4), np.float32), table), table[1:extent] ** 2)


ATTENTION = """
g (float[batch, seq, 16] x) => (float[batch, seq, 16] y) <
  int64[1] zero = {0}, int64[1] one = {1}, int64[1] two = {2}, int64[1] heads = {4}, int64[1] minus = {-1},
  float scale = {0.5}, int64 i0 = {0}, int64 i1 = {1}
> {
  shape = Shape(x)
  batch = Gather <axis = 0> (shape, i0)
  seq = Gather <axis = 0> (shape, i1)
  b1 = Unsqueeze(batch, zero)
  s1 = Unsqueeze(seq, zero)
  split = Concat <axis = 0> (b1, s1, heads, minus)
  h = Reshape(x, split)
  q = Transpose <perm = [0, 2, 1, 3]> (h)
  k = Transpose <perm = [0, 2, 3, 1]> (h)
  scores = MatMul(q, k)
  scaled = Mul(scores, scale)
  square = Concat <axis = 0> (s1, s1)
  ones = ConstantOfShape <value = float[1] {-1000.0}> (square)
  mask = Trilu <upper = 1> (ones, i1)
  masked = Add(scaled, mask)
  p = Softmax <axis = -1> (masked)
  o = MatMul(p, q)
  t = Transpose <perm = [0, 2, 1, 3]> (o)
  merged = Concat <axis = 0> (b1, s1, minus)
  y = Reshape(t, merged)
}"""


def test_a_block_of_attention_has_no_new_names() -> None:
    module = imported(ATTENTION)
    assert not named(module, "rebind")
    assert str(mograph.build(module).signatures["g"]) == "g(x: f32[batch, seq, 16]) -> y: f32[batch, seq, 16]"
    x = np.random.default_rng(0).standard_normal((2, 5, 16)).astype(np.float32)
    h = x.reshape(2, 5, 4, 4).transpose(0, 2, 1, 3)
    scores = h @ h.transpose(0, 1, 3, 2) * 0.5 + np.triu(np.full((5, 5), -1000.0), 1)
    p = np.exp(scores - scores.max(-1, keepdims=True))
    wanted = (p / p.sum(-1, keepdims=True) @ h).transpose(0, 2, 1, 3).reshape(2, 5, 16)
    np.testing.assert_allclose(mograph.compile(module)(x), wanted, rtol=2e-5, atol=1e-6)


def test_small_initializers_are_constants_and_others_weights() -> None:
    module = imported(
        """g (float[8] x) => (float[8] y) <float[8] w = {1, 2, 3, 4, 5, 6, 7, 8}, float s = {2}> {
        a = Mul(x, w)
        y = Mul(a, s)
        }"""
    )
    assert [op.attributes["weight"].value for op in named(module, "constant.external")] == ["w"]
    assert len(named(module, "constant")) == 1


FUNCTION = """
g (float[n, 4] x, float[n, 4] z) => (float[n, 4] y) {
  a = local.twice <factor = 2.0> (x)
  b = local.twice <factor = 2.0> (a)
  c = local.twice <factor = 3.0> (z)
  y = Add(b, c)
}
<domain: "local", opset_import: ["" : 21]>
twice <factor: float = 1.0> (x) => (y) {
  f = Constant <value_float: float = @factor> ()
  y = Mul(x, f)
}
"""


def test_functions_are_subgraphs_one_for_each_way_of_calling_them() -> None:
    module = imported(FUNCTION)
    graphs = [op for op in module.body if "sym_visibility" in op.operation.attributes]
    assert len(graphs) == 2
    assert len(named(module, "call")) == 3
    x = np.ones((2, 4), np.float32)
    assert mograph.compile(module)(x, x).tolist() == (x * 7).tolist()


def test_a_call_knows_the_contents_of_its_arguments() -> None:
    module = imported(
        """
g (float[n, 6] x) => (float[a, b] y) <int64[2] shape = {-1, 2}> { y = local.shaped(x, shape) }
<domain: "local", opset_import: ["" : 21]>
shaped (x, shape) => (y) { y = Reshape(x, shape) }
"""
    )
    (call,) = named(module, "call")
    assert str(call.result.type) == "!mo.tensor<[n * 3, 2], f32>"


def test_results_whose_extents_are_found_by_a_function_have_new_names_in_every_call() -> None:
    module = imported(
        """
g (float[n] x, float[n] z) => (int64[1, j] y, int64[1, k] w) {
  y = local.places(x)
  w = local.places(z)
}
<domain: "local", opset_import: ["" : 21]>
places (x) => (y) { y = NonZero(x) }
"""
    )
    one, two = mograph.compile(module)(np.array([1, 0, 1], np.float32), np.array([0, 1, 0], np.float32))
    assert one.tolist() == [[0, 2]]
    assert two.tolist() == [[1]]


BRANCH = """g (bool c, float[n] x) => (float[k] y) {
  y = If(c) <
    then_branch = t () => (float[p] p) { p = Concat <axis = 0> (x, x) },
    else_branch = e () => (float[q] q) { q = Relu(x) }
  >
}"""


def test_branches_may_give_different_extents() -> None:
    run = mograph.compile(imported(BRANCH))
    x = np.array([1, -1], np.float32)
    assert run(np.array(True), x).tolist() == [1, -1, 1, -1]
    assert run(np.array(False), x).tolist() == [1, 0]


def test_a_known_condition_leaves_one_branch() -> None:
    module = imported(
        BRANCH.replace("(bool c, float[n] x)", "(float[n] x)")
        .replace("y = If", "c = Constant <value_int = 0> ()\n b = Cast <to = 9> (c)\n y = If")
        .replace("If(c)", "If(b)")
    )
    assert not named(module, "if")
    assert len(named(module, "relu")) == 1


@pytest.mark.parametrize("extent", ["n", "?", "2"])
def test_a_loop_carries_what_grows_and_collects(extent: str) -> None:
    module = imported(
        """g (int64 trips, float[EXTENT] x) => (float[k] grown, float[t, EXTENT] rows) {
        grown, rows = Loop(trips, , x) <body = b (int64 i, bool c, float[m] v) => (bool go, float[l] w, float[?] row) {
          go = Identity(c)
          w = Concat <axis = 0> (v, x)
          f = Cast <to = 1> (i)
          row = Add(x, f)
        }>
        }""".replace("EXTENT", extent)
    )
    run = mograph.compile(module)
    x = np.array([1, 2], np.float32)
    grown, rows = run(np.array(2), x)
    assert grown.tolist() == [1, 2, 1, 2, 1, 2]
    assert rows.tolist() == [[1, 2], [2, 3]]
    grown, rows = run(np.array(0), x)
    assert grown.tolist() == [1, 2]
    assert rows.shape == (0, 2)


def test_operations_are_at_their_nodes() -> None:
    text = FUNCTION.replace("y = Add(b, c)", "[sum] y = Add(b, c)")
    module = imported(text)
    (add,) = named(module, "add")
    assert add.location.is_a_name()
    assert add.location.name_str == "sum"


def test_models_stay_as_they_are_and_come_in_all_forms(tmp_path: Path) -> None:
    model = onnx.parser.parse_model(HEADER + "g (float[2] x) => (float[2] y) { y = Relu(x) }")
    path = tmp_path / "model.onnx"
    onnx.save(model, path)
    texts = {str(mograph.import_onnx(each)) for each in (model, path, str(path), path.read_bytes())}
    assert len(texts) == 1
