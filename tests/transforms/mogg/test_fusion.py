# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fusion: what it reads off kernels, that it never makes launches wait for each other, and that results stay."""

import re

import ml_dtypes
import mlir.ir as ir
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mograph as mo
from mograph.transforms import fusion_source
from mograph.transforms.fusion import Decision
from mograph.transforms.mogg._fusion.summary import bytes_of, summarize

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
        ("mo.concat %0, %1 axis = 1", [ROWS, ROWS], "!mo.tensor<[n, 16], f32>", "join", 0),
        ("mo.pad %0 low = [1, 0] high = [0, 2]", [ROWS], "!mo.tensor<[n + 1, 10], f32>", "join", 0),
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


CHAINS = {
    "elementwise": "%0 = mo.mul %x, %y\n%1 = mo.add %0, %x\n%2 = mo.sub %1, %y\n%3 = mo.mul %2, %1\n%r = mo.tanh %3",
    "rows": "%0 = mo.add %x, %y\n%1 = mo.softmax %0\n%2 = mo.mul %1, %y\n%3 = mo.exp %2\n%r = mo.add %3, %0",
    "norm": "%0 = mo.mul %x, %y\n%1 = mo.rms_norm %0\n%2 = mo.add %1, %x\n%r = mo.gelu %2",
    "product": "%0 = mo.mul %x, %h\n%1 = mo.matmul %0, %w\n%2 = mo.mul %1, %1\n%3 = mo.add %2, %y\n%r = mo.silu %3",
    "joined": "%0 = mo.mul %x, %y\n%1 = mo.concat %0, %x axis = 1\n%2 = mo.exp %1\n%r = mo.add %2, %1",
}


@pytest.mark.parametrize("dtype", ["bf16", "f16"])
@pytest.mark.parametrize("name", CHAINS)
def test_every_rounding_stays(name, dtype):
    """Bit by bit as when each operation is a model of its own, whose result is stored in 16 bits."""
    element = {"bf16": ml_dtypes.bfloat16, "f16": np.float16}[dtype]
    random = np.random.default_rng(0)
    inputs = {key: random.standard_normal(shape) for key, shape in (("%x", (9, 16)), ("%y", (9, 16)), ("%w", (16, 16)))}
    inputs["%h"] = np.array(0.3)
    values = {key: value.astype(element) for key, value in inputs.items()}
    wide = {"%1", "%2", "%r"} if name == "joined" else set()

    def type_(key):
        shape = list(values[key].shape) if key in values else [9, 32 if key in wide else 16]
        return f"!mo.tensor<{shape}, {dtype}>"

    def graph(lines, given, result):
        arguments = ", ".join(f"{key}: {type_(key)}" for key in given)
        body = "\n".join(lines)
        return f"mo.graph @f({arguments}) -> {type_(result)} {{ {body}\n mo.output {result} : {type_(result)} }}"

    lines, whole = [], list(values)
    for line in CHAINS[name].split("\n"):
        result, *operands = re.findall(r"%\w+", line)
        lines.append(f"{line} : {', '.join(map(type_, operands))}")
        given = list(dict.fromkeys(operands))
        values[result] = mo.compile(graph(lines[-1:], given, result))(*(values[key] for key in given))
    fused = graph(lines, whole, result)
    assert len(launches(lowered(fused, "mogg-fuse"))) == (2 if name == "joined" else 1)
    found = mo.compile(fused)(*(values[key] for key in whole))
    np.testing.assert_array_equal(found.view(np.uint16), values[result].view(np.uint16))


def traffic(module):
    """The bytes that the launches of a module read and write."""
    total = 0

    def step(op):
        nonlocal total
        if op.name == "mogg.launch":
            destinations = sum(
                isinstance(value.owner, ir.Operation | ir.OpView) and value.owner.name == "tensor.empty"
                for value in op.operands
            )
            inputs = list(op.operands)[: len(op.operands) - destinations]
            total += sum(
                bytes_of(value.type) for value in (*inputs, *op.results) if not isinstance(value.type, ir.IndexType)
            )
        return ir.WalkResult.ADVANCE

    module.operation.walk(step)
    return total


SQUARE, WIDE = "!mo.tensor<[16, 16], f32>", "!mo.tensor<[16, 32], f32>"


@pytest.mark.parametrize(
    ("body", "results"),
    [
        (f"%0 = mo.matmul %x, %y : {SQUARE}, {SQUARE}\n%r = mo.exp %0 : {SQUARE}", "%r"),
        (f"%0 = mo.exp %x : {SQUARE}\n%r = mo.softmax %0 : {SQUARE}", "%r"),
        (f"%0 = mo.exp %x : {SQUARE}\n%r = mo.softmax %0 : {SQUARE}", "%r, %0"),
        (f"%0 = mo.softmax %x : {SQUARE}\n%1 = mo.tanh %0 : {SQUARE}\n%r = mo.layer_norm %1 : {SQUARE}", "%r"),
        (f"%0 = mo.transpose %x perm = [1, 0] : {SQUARE}\n%r = mo.matmul %0, %y : {SQUARE}, {SQUARE}", "%r"),
        (
            f"%0 = mo.transpose %x perm = [1, 0] : {SQUARE}\n%r = mo.matmul %0, %y : {SQUARE}, {SQUARE}\n"
            f"%s = mo.softmax %0 : {SQUARE}",
            "%r, %s",
        ),
        (
            f"%0 = mo.transpose %x perm = [1, 0] : {SQUARE}\n%r = mo.matmul %0, %y : {SQUARE}, {SQUARE}",
            "%r, %0",
        ),
        (f"%r = mo.softmax %x : {SQUARE}\n%s = mo.layer_norm %x : {SQUARE}", "%r, %s"),
        (
            f"%0 = mo.matmul %x, %y : {SQUARE}, {SQUARE}\n%1 = mo.softmax %z : {SQUARE}\n"
            f"%j = mo.concat %0, %1 axis = 1 : {SQUARE}, {SQUARE}",
            "%j",
        ),
        (
            f"%0 = mo.matmul %x, %y : {SQUARE}, {SQUARE}\n%1 = mo.softmax %0 : {SQUARE}\n"
            f"%r = mo.matmul %1, %z : {SQUARE}, {SQUARE}",
            "%r",
        ),
    ],
)  # fmt: skip
def test_what_is_said_to_be_saved_is(body, results):
    types = ", ".join(WIDE if name == "%j" else SQUARE for name in results.split(", "))
    inputs = ", ".join(f"%{name}: {SQUARE}" for name in "xyz")
    text = f"mo.graph @f({inputs}) -> ({types}) {{ {body}\n mo.output {results} : {types} }}"
    module = lowered(text, "mogg-fuse")
    told = [
        ir.IntegerAttr(step["saved"]).value
        for kernel in module.body.operations
        if "fusion" in kernel.operation.attributes
        for step in kernel.operation.attributes["fusion"]
    ]
    assert told or len(launches(module)) == 2
    assert sum(told) == traffic(lowered(text)) - traffic(module)
