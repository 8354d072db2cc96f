# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Graphs: names, modules, dimensions, failures, threads and tasks."""

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable

import numpy as np
import pytest
from mlir import ir

import mograph
from mograph.graph import Dim, Graph, GraphError, Tensor, TensorSpec, ops
from mograph.graph.scope import innermost

SPEC = TensorSpec(["n", 64], "f32")


def test_inputs_and_outputs_have_names(round_trip: Callable[[ir.Module], None]) -> None:
    with Graph("main", inputs={"x": SPEC, "a.b": TensorSpec([], "si64")}) as g:
        w = ops.external("w", [64, 10], "f32")
        g.output(g.inputs["a.b"], y=ops.softmax(g.inputs.x @ w), z=2.0 * w)
    assert g.module.operation.get_asm().splitlines()[1].strip() == (
        'mo.graph @main(%arg0: !mo.tensor<[n, 64], f32> {mo.name = "x"}, %arg1: !mo.tensor<[], si64> {mo.name = "a.b"})'
        ' -> (!mo.tensor<[], si64>, !mo.tensor<[n, 10], f32> {mo.name = "y"}, '
        '!mo.tensor<[64, 10], f32> {mo.name = "z"}) {'
    )
    round_trip(g.module)
    signature = mograph.compile(g.module, weights={"w": np.zeros([64, 10], np.float32)}).signature
    assert [arg.name for arg in signature.inputs] == ["x", "a.b"]


def test_inputs_are_found_by_name_and_in_order() -> None:
    with Graph("main", inputs={"x": SPEC, "y": TensorSpec([], "f32")}) as g:
        x, y = g.inputs
        assert (x.value, y.value) == (g.inputs.x.value, g.inputs["y"].value)
        assert (len(g.inputs), dir(g.inputs)) == (2, ["x", "y"])
        with pytest.raises(GraphError, match="graph 'main' has no input 'z'; its inputs: x, y"):
            _ = g.inputs.z
        assert not hasattr(g.inputs, "__array__")
        g.output()


def test_dimensions() -> None:
    with Graph("main", inputs={"x": TensorSpec(["n", "n * m"], "f32")}) as g:
        assert g.dim("m") == Dim("m")
        n = g.dim("n")
        with pytest.raises(GraphError, match="graph 'main' knows no dimension 'k'; it knows m, n"):
            g.dim("k")
        y = g.inputs.x.reshape([n, n, "m"])
        assert y.shape == (Dim("n"), Dim("n"), Dim("m"))
        assert ops.rebind(y, ["k", n, 2]).shape == (Dim("k"), Dim("n"), 2)
        assert ops.iota(["k + 1"], "si32").shape == (g.dim("k") + 1,)
        g.output()


def test_several_graphs_in_a_module() -> None:
    with Graph("a", inputs={"x": SPEC}) as a:
        a.output(a.inputs.x + 1.0)
        with Graph("b", inputs={"x": SPEC}) as b:
            b.output(b.inputs.x * 2.0)
    with Graph("c", inputs={"x": SPEC}, module=a) as c:
        c.output(c.inputs.x - 1.0)
    with Graph("d", inputs={"x": SPEC}, module=a.module) as d:
        d.output(d.inputs.x)
    assert a.module is b.module is c.module is d.module
    models = mograph.load_all(a.module)
    assert list(models) == ["a", "b", "c", "d"]
    x = np.ones([2, 64], np.float32)
    assert [float(models[name](x)[0, 0]) for name in models] == [2, 2, 0, 1]


def test_names_are_taken_once() -> None:
    with Graph("a") as a:
        a.output()
    with pytest.raises(GraphError, match="the module has a graph 'a' already"), Graph("a", module=a):
        pass
    with pytest.raises(GraphError, match="graph 'a' has been built already"), a:
        pass


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Graph(""), "a graph needs a name"),
        (lambda: Graph("g", {"": SPEC}), "expected a TensorSpec for each name, found ''"),
        (lambda: Graph("g", {"x": "f32"}), "expected a TensorSpec for each name, found 'x': 'f32'"),
        (lambda: Graph("g").module, "graph 'g' is not being built yet"),
    ],
)
def test_wrong_graphs(make: Callable[[], Graph], message: str) -> None:
    with pytest.raises(GraphError, match=message):
        make()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: TensorSpec([4], "f33"), "expected a dtype among i1, .*, f8E8M0FNU, found f33"),
        (lambda: TensorSpec([4], "i32"), "expected a dtype among .*, found i32"),
        (lambda: TensorSpec([4], np.complex64), "expected a dtype among .*complex64"),
        (lambda: TensorSpec([4], "f32", "the moon"), "expected a device, as cpu or gpu:0, found 'the moon'"),
        (lambda: TensorSpec([-1], "f32"), "expected extents of at least 0, found -1"),
        (lambda: TensorSpec(4, "f32"), "expected a shape, as"),
        (lambda: TensorSpec("n", "f32"), "expected a shape, as"),
    ],
)
def test_wrong_specs(make: Callable[[], TensorSpec], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_specs_are_values() -> None:
    assert TensorSpec(["n", np.int64(4)], np.float32) == TensorSpec([Dim("n"), 4], "f32")
    assert TensorSpec(["n * 2 + n"], bool) == TensorSpec([Dim("n") * 3], "i1")
    assert len({TensorSpec([], "f32"), TensorSpec([], "f32"), TensorSpec([], "f16")}) == 2
    assert str(TensorSpec(["n + 1", 2], "bool", "gpu:1")) == "tensor<[n + 1, 2], i1, gpu:1>"


def test_a_graph_needs_outputs_once() -> None:
    with pytest.raises(GraphError, match="graph 'main' has no outputs"), Graph("main", inputs={"x": SPEC}):
        pass
    with Graph("main", inputs={"x": SPEC}) as g:
        g.output(g.inputs.x)
        with pytest.raises(GraphError, match="'mo.output' op: graph 'main' has its outputs already"):
            g.output(g.inputs.x)
        with pytest.raises(GraphError, match="'mo.exp' op: graph 'main' has its outputs already"):
            ops.exp(g.inputs.x)


def test_outputs_belong_to_the_graph_and_end_its_body() -> None:
    with Graph("main", inputs={"x": SPEC}) as g:
        with Graph("inner", inputs={"x": SPEC}) as inner:
            with pytest.raises(GraphError, match="'mo.output' op expected to end graph 'main', found in another graph"):
                g.output(g.inputs.x)
            with pytest.raises(GraphError, match="expected input of graph 'inner', found one of graph 'main'"):
                ops.exp(g.inputs.x)
            inner.output(inner.inputs.x)
        with pytest.raises(GraphError, match=r"expected values\[0\] to have a dtype, found the number 1"):
            g.output(1)
        g.output(np.float32(1))


def test_operations_need_a_graph(place: str) -> None:
    with pytest.raises(GraphError, match=rf"test_graph.py{place} 'mo.constant' op: no graph is open here"):
        ops.constant(1)
    with Graph("main", inputs={"x": SPEC}) as g:
        g.output(g.inputs.x)
    with pytest.raises(GraphError, match="'mo.exp' op: no graph is open here"):
        ops.exp(g.inputs.x)
    assert g.inputs.x.shape == (Dim("n"), 64), "what is known of a tensor stays known"


def test_modules_of_contexts_that_do_not_know_the_dialect() -> None:
    with ir.Context(), ir.Location.unknown():
        module = ir.Module.create()
    with pytest.raises(GraphError, match="graph 'main': the module's context does not know the dialect 'mo'"):
        Graph("main", module=module).__enter__()


def test_exceptions_take_the_graph_out_and_leave_nothing_open() -> None:
    with Graph("kept") as kept:
        kept.output()
    held: list[Tensor] = []
    with pytest.raises(ZeroDivisionError), Graph("lost", inputs={"x": SPEC}, module=kept) as lost:  # noqa: PT012  # what must raise
        held.append(lost.inputs.x + 1.0)
        held.append(held[0] / (1 // 0))
    assert innermost() is None
    assert "lost" not in str(kept.module)
    assert kept.module.operation.verify()
    assert repr(held[0]) == "<Tensor !mo.tensor<[n, 64], f32>>"
    with Graph("lost", module=kept) as again:
        again.output()


def test_nothing_of_mlir_is_left_open() -> None:
    with Graph("main", inputs={"x": SPEC}) as g:
        ops.exp(g.inputs.x)
        assert ir.Context.current is None
        assert ir.Location.current is None
        with pytest.raises(ValueError, match="No current"):
            _ = ir.InsertionPoint.current
        g.output()


def test_the_callers_variables_are_not_kept() -> None:
    class Big:
        pass

    def build() -> tuple[Graph, "weakref.ref[Big]"]:
        big = Big()
        with Graph("main", inputs={"x": SPEC}) as g:
            g.output(ops.exp(g.inputs.x))
        return g, weakref.ref(big)

    g, big = build()
    gc.collect()
    assert big() is None
    assert g.module.operation.verify()


def layers(name: str, depth: int) -> Graph:
    with Graph(name, inputs={"x": SPEC}) as g:
        y = g.inputs.x
        for number in range(depth):
            y = ops.relu(y * float(number + 2)) + y
        g.output(y=y)
    return g


def test_threads_build_at_once() -> None:
    start, made = threading.Barrier(4), {}

    def build(number: int) -> None:
        start.wait()
        made[number] = [str(layers(f"g{number}", 20 + number).module) for _ in range(5)]

    threads = [threading.Thread(target=build, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(4):
        assert made[number] == [str(layers(f"g{number}", 20 + number).module)] * 5


def test_tasks_build_in_turns() -> None:
    async def build(name: str, factor: float) -> str:
        with Graph(name, inputs={"x": SPEC}) as g:
            y = g.inputs.x
            for _ in range(3):
                await asyncio.sleep(0)
                y = y * factor
            g.output(y)
        return str(g.module)

    async def both() -> list[str]:
        return await asyncio.gather(build("a", 2.0), build("b", 3.0))

    a, b = asyncio.run(both())
    assert a.count("mo.constant 2.0") == b.count("mo.constant 3.0") == 3
    assert "3.0" not in a
    assert "2.0" not in b


def test_a_thread_does_not_see_the_graph_of_another() -> None:
    seen: list[object] = []
    with Graph("main") as g:
        thread = threading.Thread(target=lambda: seen.append(innermost()))
        thread.start()
        thread.join()
        g.output()
    assert seen == [None]
