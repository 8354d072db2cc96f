# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loops, branches and calls."""

from collections.abc import Callable

import numpy as np
import pytest

import mograph
from mograph.dialects.kit import Dim
from mograph.graph import BufferSpec, Graph, GraphError, Tensor, TensorSpec, ops

VECTOR = {"x": TensorSpec(["n"], "f32"), "k": TensorSpec([], "si64")}


def test_while_with_captured_values(body: Callable[[Graph], list[str]]) -> None:
    with Graph("main", inputs=VECTOR) as g:
        x, k = g.inputs
        step = x * 0.5
        i, y = ops.while_([ops.constant(0), x], lambda i, y: i < k, lambda i, y: (i + 1, y + step))
        g.output(i=i, y=y)
    assert body(g) == [
        "%0 = mo.constant 5.000000e-01",
        "%1 = mo.mul %arg0, %0",
        "%2 = mo.constant 0",
        "%3:2 = mo.while(%2, %arg0",
        "^bb0(%arg2: !mo.tensor<[], si64>, %arg3: !mo.tensor<[n], f32>):",
        "%4 = mo.less %arg2, %arg1",
        "mo.condition %4, %arg2, %arg3",
        "} do {",
        "^bb0(%arg2: !mo.tensor<[], si64>, %arg3: !mo.tensor<[n], f32>):",
        "%4 = mo.constant 1",
        "%5 = mo.add %arg2, %4",
        "%6 = mo.add %arg3, %1",
        "mo.yield %5, %6",
        "}",
        "mo.output %3#0, %3#1",
    ]
    for run in (mograph.interpret(g.module), mograph.compile(g.module)):
        for trips in (0, 3):
            i_, y_ = run(np.array([2, 4], np.float32), np.array(trips))
            assert int(i_) == trips
            np.testing.assert_array_equal(y_, np.array([2, 4], np.float32) * (1 + trips / 2))


def test_while_of_one_tensor_gives_one() -> None:
    with Graph("main", inputs=VECTOR) as g:
        y = ops.while_(g.inputs.x, lambda x: x.max() > 1.0, lambda x: x / 2)
        z = ops.while_(np.float32(9), lambda x: x > 1.0, lambda x: x / 2)
        g.output(y, z)
    y_, z_ = mograph.interpret(g.module)(np.array([3, 8], np.float32), np.array(0))
    np.testing.assert_array_equal(y_, [0.375, 1])
    assert z_ == np.float32(0.5625)


def test_loops_nest_and_share_values() -> None:
    with Graph("main", inputs=VECTOR) as g:
        x, k = g.inputs

        def outer(i: Tensor, total: Tensor) -> tuple[Tensor, Tensor]:
            inner, total = ops.while_([i, total], lambda j, _: j > 0, lambda j, t: (j - 1, t + x.sum() * i.cast("f32")))
            return i + 1 + inner, total

        _, total = ops.while_([ops.constant(0), ops.constant(0.0, "f32")], lambda i, _: i < k, outer)
        g.output(total=total)
    expected = sum(i * i for i in range(4)) * 3.0
    assert mograph.interpret(g.module)(np.array([1, 2], np.float32), np.array(4)) == np.float32(expected)


def test_if_gives_what_its_functions_give(body: Callable[[Graph], list[str]]) -> None:
    with Graph("main", inputs=VECTOR) as g:
        x, k = g.inputs
        y = ops.if_(k > 0, lambda: x + 1.0, lambda: x)
        a, b = ops.if_(k > 1, lambda: (x, k), lambda: [x * 2.0, 7])
        nothing = ops.if_(k > 2, lambda: None)
        g.output(y, a, b)
    assert nothing is None
    assert body(g)[2:8] == [
        "%2 = mo.if %1 -> !mo.tensor<[n], f32> {",
        "%8 = mo.constant 1.000000e+00",
        "%9 = mo.add %arg0, %8",
        "mo.yield %9",
        "} else {",
        "mo.yield %arg0",
    ]
    for run in (mograph.interpret(g.module), mograph.compile(g.module)):
        x_ = np.array([1, 2], np.float32)
        np.testing.assert_array_equal(run(x_, np.array(2))[0], x_ + 1)
        np.testing.assert_array_equal(run(x_, np.array(0))[1], x_ * 2)
        assert int(run(x_, np.array(0))[2]) == 7


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda x, k: ops.while_([1], lambda i: True, lambda i: [i]),
            r"inits\[0\] to have a dtype, found",
        ),
        (lambda x, k: ops.while_(x, lambda x: x, lambda x: x), "'mo.condition' op .*i1.*f32"),
        (lambda x, k: ops.while_(x, lambda x: 1, lambda x: x), "what cond gives: expected a bool"),
        (
            lambda x, k: ops.while_(k, lambda k: k > 0, lambda k: x),
            "body to give .*si64> as value 0, found",
        ),
        (lambda x, k: ops.while_([x, k], lambda x, k: k > 0, lambda x, k: x), "'mo.while' op .*sequence|2 values"),
        (lambda x, k: ops.while_([x, k], lambda x, k: k > 0, lambda x, k: [x]), "body to give 2 values, found 1"),
        (lambda x, k: ops.while_(k, lambda k: k > 0, lambda k: k + 0.5), "'mo.add' op rhs: expected an integer"),
        (lambda x, k: ops.while_(k, lambda k: k > 0, lambda k: "x"), "'mo.while' op expected value 0 of body to be a"),
        (lambda x, k: ops.if_(k > 0, lambda: x), "'mo.if' op expected orelse, since then gives 1 values"),
        (
            lambda x, k: ops.if_(k > 0, lambda: x, lambda: k),
            "expected orelse to give .*f32> as value 0, found",
        ),
        (lambda x, k: ops.if_(k > 0, lambda: x, lambda: None), "'mo.if' op expected orelse to give 1 values, found 0"),
        (
            lambda x, k: ops.if_(k > 0, lambda: "x", lambda: x),
            "expected then to give a tensor or a sequence",
        ),
        (lambda x, k: ops.if_(x, lambda: x, lambda: x), "'mo.if' op .*i1.*f32"),
    ],
)
def test_wrong_regions(build: Callable[[Tensor, Tensor], object], message: str) -> None:
    with pytest.raises(GraphError, match=message), Graph("main", inputs=VECTOR) as g:  # what must raise
        build(*g.inputs)
    assert "mo.graph" not in str(g.module)


def test_values_of_a_region_stay_in_it() -> None:
    kept: list[Tensor] = []

    def body(x: Tensor) -> Tensor:
        kept.append(x * 2.0)
        return kept[0]

    with Graph("main", inputs=VECTOR) as g:
        y = ops.while_(g.inputs.x, lambda x: x.sum() > 0.0, body)
        with pytest.raises(GraphError, match="'mo.add' op expected rhs to be .* found one of a region that has ended"):
            _ = y + kept[0]
        g.output(y)


def test_a_failed_region_fails_the_graph() -> None:
    """What was built of it is still there, since tensors in it may be held."""
    with pytest.raises(GraphError, match="'mo.while' op"), Graph("main", inputs=VECTOR) as g:  # noqa: PT012  # as above
        with pytest.raises(ZeroDivisionError):
            ops.while_(g.inputs.x, lambda x: x.sum() > 0.0, lambda x: x + 1 // 0)
        g.output(g.inputs.x)


def test_calls() -> None:
    with Graph("scale", inputs={"x": TensorSpec(["n"], "f32"), "by": TensorSpec([], "f32")}, private=True) as scale:
        scale.output(scale.inputs.x * scale.inputs.by, scale.inputs.by + ops.external("b", [], "f32"))
    with Graph("main", inputs=VECTOR, module=scale) as g:
        a, b = ops.call(scale, g.inputs.x, 3, prefix="p.")
        c, _ = ops.call("scale", a, b)
        g.output(c)
    weights = {"p.b": np.float32(1), "b": np.float32(0)}
    assert 'mo.call @scale(%arg0, %0) prefix = "p."' in str(g.module)
    for run in (mograph.interpret(g.module, weights=weights), mograph.compile(g.module, weights=weights)):
        np.testing.assert_array_equal(run(np.array([1, 2], np.float32), np.array(0)), [12, 24])


def test_calls_of_other_modules() -> None:
    with Graph("f", inputs=VECTOR) as f:
        f.output(f.inputs.x)
    with Graph("main", inputs=VECTOR) as g:
        with pytest.raises(GraphError, match="expected callee to be a graph of the module, found 'f'"):
            ops.call(f, *g.inputs)
        g.output()


def test_a_carried_tensor_grows() -> None:
    with Graph("grow", inputs=VECTOR) as g:
        x, limit = g.inputs
        first = ops.constant(0, "si64")
        _, grown = ops.while_(
            [first, x],
            lambda i, rows: i < limit,
            lambda i, rows: [i + 1, ops.concat([rows, x], axis=0)],
            types=[None, TensorSpec(["k"], "f32")],
        )
        assert grown.shape == (Dim("k"),)
        chosen = ops.if_(limit > 1, lambda: x, lambda: grown, types=[TensorSpec(["a"], "f32")])
        g.output(grown, chosen)
    for run in (mograph.interpret(g.module), mograph.compile(g.module)):
        grown_, chosen_ = run(np.array([1, 2], np.float32), np.array(2))
        assert grown_.tolist() == [1, 2] * 3
        assert chosen_.tolist() == [1, 2]


def test_sequence_and_parallel() -> None:
    with Graph("ordered", inputs={"x": VECTOR["x"], "y": VECTOR["x"]}) as g:
        x, y = g.inputs
        total = ops.sequence(lambda: x + y, stream=1)
        nothing = ops.sequence(lambda: None)
        assert nothing is None
        (doubled,) = ops.parallel([[x, y]], ["cpu", "cpu"], lambda v: v * total)
        g.output(total, *doubled)
    for run in (mograph.interpret(g.module), mograph.compile(g.module)):
        results = run(np.array([1, 2], np.float32), np.array([3, 4], np.float32))
        assert [each.tolist() for each in results] == [[4, 6], [4, 12], [12, 24]]


def test_an_input_that_is_written() -> None:
    with Graph("count", inputs={"x": TensorSpec(["n"], "f32"), "total": BufferSpec(["n"], "f32")}) as g:
        x, total = g.inputs
        held, chain = ops.buffer_load(total, ops.chain_create())
        ops.buffer_store(held + x, total, chain)
        g.output(held)
    for run in (mograph.interpret(g.module), mograph.compile(g.module)):
        array = np.array([1, 2], np.float32)
        assert run(np.array([10, 20], np.float32), array).tolist() == [1, 2]
        assert array.tolist() == [11, 22]
        assert str(run.signature).startswith("count(x: f32[n], total: mutable f32[n])")
    assert str(BufferSpec([2], "f32")) == "buffer<[2], f32>"
    assert BufferSpec([2], "f32") != TensorSpec([2], "f32")


def test_buffers_and_chains() -> None:
    with Graph("state", inputs={"x": TensorSpec([2], "f32")}) as g:
        (x,) = g.inputs
        chain = ops.chain_create()
        buffer = ops.buffer_create([2], "f32")
        chain = ops.buffer_store(x, buffer, chain)
        held, chain = ops.buffer_load(buffer, chain)
        chain = ops.buffer_store(held + 1, buffer, chain)
        (chain,) = ops.assert_(ops.reduce_all(held > 0), "expected positive numbers", chain)  # noqa: PT009  # ops'
        again, chain = ops.buffer_load(buffer, chain)
        g.output(held, again)
    for run in (mograph.interpret(g.module), mograph.compile(g.module)):
        held_, again_ = run(np.array([1, 2], np.float32))
        assert (held_.tolist(), again_.tolist()) == ([1, 2], [2, 3])
        with pytest.raises(ValueError, match="expected positive numbers"):
            run(np.array([0, 2], np.float32))
