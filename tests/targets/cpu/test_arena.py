# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The planner of arenas: nothing overlaps, hardly anything is wasted, and programs compute the same with it."""

import gc
import random
import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlir import ir

import mograph as mo
from mograph import _runtime
from mograph.engine.compiler import default_pipeline
from mograph.engine.host import ready
from mograph.engine.reading import read_module
from mograph.targets.cpu import CpuTarget
from mograph.targets.cpu.arena import MEMORY
from mograph.targets.cpu.builder import find
from mograph.transforms.kit import Pipeline
from mograph.transforms.mogg import take_signatures

F32 = np.float32
MOST_WASTE = 1.1

Lifetimes = list[tuple[int, int]]


def check_places(lifetimes: Lifetimes, sizes: list[int]) -> float:
    """Plans; returns the bytes of the arena over the least there could be."""
    offsets, total, bound = _runtime.plan_arena(lifetimes, sizes)
    moments = sorted({moment for each in lifetimes for moment in each})
    rounded = [-(-size // 64) * 64 for size in sizes]
    needed = 0
    for moment in moments:
        alive = [i for i, (first, last) in enumerate(lifetimes) if first <= moment <= last and sizes[i]]
        needed = max(needed, sum(rounded[i] for i in alive))
        places = sorted((offsets[i], offsets[i] + rounded[i]) for i in alive)
        assert all(end <= start for (_, end), (start, _) in zip(places, places[1:], strict=False))
        assert all(end <= total for _, end in places)
    assert all(offset % 64 == 0 for offset in offsets)
    assert bound == needed
    return total / max(bound, 1)


@given(st.data())
@settings(max_examples=200)
def test_places_never_overlap(data: Any) -> None:
    count = data.draw(st.integers(0, 30))
    lifetimes = []
    for _ in range(count):
        first = data.draw(st.integers(0, 40))
        lifetimes.append((first, first + data.draw(st.integers(0, 40))))
    check_places(lifetimes, [data.draw(st.integers(0, 5000)) for _ in range(count)])


def random_graph(draw: random.Random) -> tuple[Lifetimes, list[int]]:
    """What a program of operations needs that each take one to three earlier results, mostly recent ones."""
    count = draw.choice([5, 10, 20, 50, 100, 200])
    last = list(range(count))
    for op in range(1, count):
        for _ in range(draw.randrange(1, 4)):
            back = min(op, 1 + int(draw.expovariate(draw.choice([1, 0.3, 0.02]))))
            last[op - back] = op
    sizes = [draw.choice([64, 4096, 65536, draw.randrange(1, 10**6)]) for _ in range(count)]
    return list(enumerate(last)), sizes


def test_arenas_of_random_graphs_are_close_to_the_bound() -> None:
    draw = random.Random(0)
    waste = [check_places(*random_graph(draw)) for _ in range(300)]
    assert max(waste) <= MOST_WASTE
    assert sum(waste) / len(waste) <= 1.01


def test_sizes_beyond_all_memory() -> None:
    _, total, _ = _runtime.plan_arena([(0, 1), (1, 2)], [1 << 62, 8])
    assert total == 1 << 62
    assert _runtime.plan_arena([(0, 1), (1, 2)], [-8, 64]) == ([0, 0], 64, 64)
    with pytest.raises(ValueError, match="as many sizes as lifetimes"):
        _runtime.plan_arena([(0, 1)], [])


def tensor(*dims: "int | str") -> str:
    """The text of a type."""
    return f"!mo.tensor<[{', '.join(map(str, dims))}], f32>"


def transformer(layers: int, length: "int | str", hidden: int, inner: int) -> str:
    """Text of a graph: blocks of attention with one head and of a gated network, with norms and residuals."""
    x, square, up, down, scores = (
        tensor(length, hidden),
        tensor(hidden, hidden),
        tensor(hidden, inner),
        tensor(inner, hidden),
        tensor(length, length),
    )
    wide, vector = tensor(length, inner), tensor(hidden)
    lines = []
    have = "%x"
    for i in range(layers):
        lines.append(f"%n{i} = mo.rms_norm {have} scale %g axis = -1 : {x} scale {vector}")
        lines += [f"%{each}{i} = mo.matmul %n{i}, %w : {x}, {square}" for each in "qkv"]
        lines += [
            f"%t{i} = mo.transpose %k{i} perm = [1, 0] : {x}",
            f"%s{i} = mo.matmul %q{i}, %t{i} : {x}, {tensor(hidden, length)}",
            f"%p{i} = mo.softmax %s{i} : {scores}",
            f"%a{i} = mo.matmul %p{i}, %v{i} : {scores}, {x}",
            f"%r{i} = mo.add %a{i}, {have} : {x}",
            f"%m{i} = mo.rms_norm %r{i} scale %g axis = -1 : {x} scale {vector}",
            f"%u{i} = mo.matmul %m{i}, %up : {x}, {up}",
            f"%h{i} = mo.gelu %u{i} : {wide}",
            f"%d{i} = mo.matmul %h{i}, %down : {wide}, {down}",
            f"%y{i} = mo.add %d{i}, %r{i} : {x}",
        ]
        have = f"%y{i}"
    body = "\n".join(lines)
    given = f"%x: {x}, %w: {square}, %up: {up}, %down: {down}, %g: {vector}"
    return f"mo.graph @f({given}) -> {x} {{\n{body}\nmo.output {have} : {x}\n}}"


def planned(text: str) -> dict[str, int]:
    """What the entry's attribute says of its memory."""
    host = ready(None)
    module = read_module(text, host)
    Pipeline(default_pipeline("cpu", host)).run(module)
    take_signatures(module)
    phases = CpuTarget().pipeline
    with module.context, ir.Location.unknown():
        for phase in phases:
            phase.run(module)
            if phase.name == "arena":
                break
        (entry,) = (op for op in find(module.operation, "func.func") if "sym_visibility" not in op.attributes)
        return {each.name: ir.IntegerAttr(each.attr).value for each in ir.DictAttr(entry.attributes[MEMORY])}


@pytest.mark.parametrize("layers", [1, 8])
def test_the_arena_of_a_model_is_close_to_the_bound_and_shared(layers: int) -> None:
    found = planned(transformer(layers, 32, 64, 256))
    assert found["bound"] <= found["arena"] <= MOST_WASTE * found["bound"]
    assert found["apart"] == 1
    assert found["buffers"] > layers
    if layers > 1:
        assert found["arena"] < found["bytes"] / 2


def test_more_layers_need_no_more_memory() -> None:
    arenas = [planned(transformer(layers, 32, 64, 256))["arena"] for layers in (6, 8)]
    assert arenas[0] == arenas[1]


def weights(draw: np.random.Generator, hidden: int, inner: int) -> list[Any]:
    shapes = [(hidden, hidden), (hidden, inner), (inner, hidden), (hidden,)]
    return [(draw.standard_normal(shape) / 8).astype(F32) for shape in shapes]


def test_extents_of_calls_in_many_threads() -> None:
    draw = np.random.default_rng(0)
    text = transformer(2, "n", 16, 32)
    f, reference = mo.compile(text), mo.interpret(text)
    rest = weights(draw, 16, 32)
    inputs = [draw.standard_normal((n, 16)).astype(F32) for n in range(8)]
    expected = [f(x, *rest) for x in inputs]
    for x, found in zip(inputs, expected, strict=True):
        np.testing.assert_allclose(found, reference(x, *rest), rtol=1e-4, atol=1e-4)
    gc.collect()
    before = _runtime.live_bytes()
    wrong: list[int] = []

    def call(number: int) -> None:
        results = (f(inputs[number], *rest) for _ in range(100))
        wrong.extend(number for result in results if not np.array_equal(result, expected[number]))

    threads = [threading.Thread(target=call, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert _runtime.live_bytes() == before


def test_calls_touch_no_new_pages() -> None:
    resource = pytest.importorskip("resource")
    text = transformer(2, 256, 256, 1024)
    draw = np.random.default_rng(0)
    f, rest = mo.compile(text), weights(draw, 256, 1024)
    x = draw.standard_normal((256, 256)).astype(F32)
    for _ in range(5):
        f(x, *rest)
    pages = planned(text)["arena"] // 4096
    assert pages > 100
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        f(x, *rest)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before < 2 * pages
