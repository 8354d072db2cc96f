# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fusion: what it reads off kernels, that it never makes launches wait for each other, and that results stay."""

import mlir.ir as ir
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mograph as mo
from mograph.transforms import fusion_source
from mograph.transforms.fusion import Decision
from mograph.transforms.mogg._fusion.summary import summarize

UNFUSED = "builtin.module(mogg-from-mo,mogg-to-linalg)"
FUSED = "builtin.module(mogg-from-mo,mogg-fuse,mogg-to-linalg)"
ROWS = "!mo.tensor<[n, 8], f32>"


def launches(module):
    found = []

    def step(op):
        if op.name == "mogg.launch":
            found.append(ir.FlatSymbolRefAttr(op.attributes["kernel"]).value)
        return ir.WalkResult.ADVANCE

    module.operation.walk(step)
    return found


def lowered(text, *passes):
    module = mo.parse(text)
    mo.Pipeline(f"builtin.module({','.join(('mogg-from-mo', *passes))})").run(module)
    return module


@pytest.mark.parametrize(
    ("op", "types", "result", "kind", "rows"),
    [
        ("mo.exp %0", [ROWS], ROWS, "elementwise", 2),
        ("mo.transpose %0 perm = [1, 0]", [ROWS], "!mo.tensor<[8, n], f32>", "move", 0),
        ("mo.softmax %0", [ROWS], ROWS, "rows", 1),
        ("mo.softmax %0 axis = 0", [ROWS], ROWS, "reduction", 0),
        ("mo.matmul %0, %1", [ROWS, "!mo.tensor<[8, m], f32>"], "!mo.tensor<[n, m], f32>", "contraction", 0),
        ("mo.matmul %0, %1", [ROWS, "!mo.tensor<[8], f32>"], "!mo.tensor<[n], f32>", "contraction", 1),
        ("mo.cumsum %0 axis = 0", [ROWS], ROWS, "opaque", 0),
    ],
)
def test_kinds_of_kernels(op, types, result, kind, rows):
    arguments = ", ".join(f"%{i}: {type_}" for i, type_ in enumerate(types))
    module = mo.parse(f"""mo.graph @f({arguments}) -> {result} {{
      %r = {op} : {", ".join(types)}
      mo.output %r : {result}
    }}""")
    mo.Pipeline("builtin.module(mogg-from-mo)").run(module)
    (kernel,) = [each for each in module.body.operations if each.operation.name == "mogg.kernel"]
    summary = summarize(kernel.operation)
    assert summary.kind == kind
    assert summary.rows == rows


@st.composite
def programs(draw):
    """A graph of operations over rows, any of whose values may be a result."""
    lines, count = [], draw(st.integers(2, 12))
    for i in range(count):
        x = draw(st.integers(-2, i - 1))
        y = draw(st.integers(-2, i - 1))
        names = [f"%v{k}" if k >= 0 else f"%a{-k}" for k in (x, y)]
        op = draw(st.sampled_from(["add", "mul", "tanh", "softmax", "softmax0", "negative"]))
        if op in ("add", "mul"):
            lines.append(f"%v{i} = mo.{op} {names[0]}, {names[1]} : {ROWS}")
        elif op == "softmax0":
            lines.append(f"%v{i} = mo.softmax {names[0]} axis = 0 : {ROWS}")
        else:
            lines.append(f"%v{i} = mo.{op} {names[0]} : {ROWS}")
    chosen = draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=3, unique=True))
    types = ", ".join([ROWS] * len(chosen))
    body = "\n".join(lines)
    return f"""mo.graph @f(%a1: {ROWS}, %a2: {ROWS}) -> ({types}) {{
      {body}
      mo.output {", ".join(f"%v{i}" for i in chosen)} : {types}
    }}"""


@settings(max_examples=25, deadline=None)
@given(programs(), st.integers(0, 5))
def test_results_stay(text, n):
    assert len(launches(lowered(text, "mogg-fuse"))) <= len(launches(lowered(text)))
    x, y = (np.random.default_rng(seed).standard_normal((n, 8)).astype(np.float32) for seed in (0, 1))
    plain, fused = (mo.compile(text, pipeline=pipeline)(x, y) for pipeline in (UNFUSED, FUSED))
    for a, b in zip(*((each if isinstance(each, tuple) else (each,)) for each in (plain, fused)), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_a_rule_decides_before_ours(monkeypatch):
    text = f"""mo.graph @f(%x: {ROWS}) -> {ROWS} {{
      %0 = mo.exp %x : {ROWS}
      %1 = mo.softmax %0 : {ROWS}
      mo.output %1 : {ROWS}
    }}"""
    seen = []

    def apart(edge):
        seen.append((edge.before, edge.after, edge.whole, edge.alone))
        return Decision(False, "told so")

    assert launches(lowered(text, "mogg-fuse")) == ["exp_softmax_f32"]
    monkeypatch.setattr(fusion_source, "_rules", lambda: [apart])
    assert launches(lowered(text, "mogg-fuse")) == ["exp_f32", "softmax_f32"]
    assert seen == [("elementwise", "rows", True, True)]


def test_the_same_group_is_one_kernel_in_all_models():
    graph = """mo.graph @{name}(%x: !mo.tensor<[{dim}, 8], f32>) -> !mo.tensor<[{dim}, 8], f32> {{
      %0 = mo.exp %x : !mo.tensor<[{dim}, 8], f32>
      %1 = mo.softmax %0 : !mo.tensor<[{dim}, 8], f32>
      mo.output %1 : !mo.tensor<[{dim}, 8], f32>
    }}"""
    module = lowered(graph.format(name="a", dim="n") + graph.format(name="b", dim="m"), "mogg-fuse")
    assert launches(module) == ["exp_softmax_f32"] * 2
    assert str(module).count("mogg.kernel ") == 1


def test_long_chains_are_cut():
    lines = "\n".join(f"%{i + 1} = mo.softmax %{i} : {ROWS}" for i in range(100))
    module = lowered(f"mo.graph @f(%0: {ROWS}) -> {ROWS} {{ {lines}\n mo.output %100 : {ROWS} }}", "mogg-fuse")
    assert 10 < len(launches(module)) < 30
