# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Outlined, deduplicated and inlined models give what they gave."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import mograph as mo
from mograph.engine.graphs import signatures_of
from mograph.transforms.mo._prefixes import split

T = "!mo.tensor<[n, 4], f32>"
W = "!mo.tensor<[4], f32>"


def layers(names: Sequence[str], scales: Sequence[float], nested: bool = False) -> str:
    """A model of layers: weights called by the format `names[0]`, `names[1]`, one constant that differs."""
    lines, x = [], "%x"
    for i, scale in enumerate(scales):
        weights = [name.format(i) for name in names]
        lines += [f'%w{i}{j} = mo.constant.external "{weight}" : {W}' for j, weight in enumerate(weights)]
        lines += [
            f"%c{i} = mo.constant {scale!r} : !mo.tensor<[], f32>",
            f"%a{i} = mo.mul {x}, %w{i}0 : {T}, {W}",
            f'%b{i} = mo.call @sub(%a{i}) prefix = "{weights[1]}." : ({T}) -> {T}'
            if nested
            else f"%b{i} = mo.add %a{i}, %w{i}1 : {T}, {W}",
            f"%d{i} = mo.tanh %b{i} : {T}",
            f"%e{i} = mo.mul %d{i}, %c{i} : {T}, !mo.tensor<[], f32>",
            f"%f{i} = mo.add %e{i}, {x} : {T}",
        ]
        x = f"%f{i}"
    sub = f"""mo.graph private @sub(%x: {T}) -> {T} {{
      %w = mo.constant.external "w" : {W}
      %0 = mo.sub %x, %w : {T}, {W}
      mo.output %0 : {T}
    }}"""
    body = "\n  ".join(lines)
    return f"mo.graph @model(%x: {T}) -> {T} {{\n  {body}\n  mo.output {x} : {T}\n}}\n{sub if nested else ''}"


def changed(text: str, *passes: str) -> Any:
    module = mo.parse(text)
    mo.Pipeline(*passes).run(module)
    return module


def same_results(text: str, module: Any) -> None:
    random = np.random.default_rng(1)
    names = re.findall('external "(.*?)"', text)
    names += [f"{prefix}w" for prefix in re.findall('prefix = "(.*?)"', text)]
    weights = {name: random.standard_normal(4).astype(np.float32) for name in names}
    weights = {name: weights[name] for name in (each.name for each in signatures_of(mo.parse(text))["model"].weights)}
    x = random.standard_normal((3, 4)).astype(np.float32)
    expected = mo.interpret(text, weights=weights)(x)
    np.testing.assert_array_equal(mo.interpret(module, weights=weights)(x), expected)


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize(
    ("names", "calls"),
    [
        (["layers.{}.w", "layers.{}.b"], 5),
        (["block_{}/w", "block_{}/b"], 5),
        (["shared", "layers.{}.b"], 5),
        (["w{}", "b{}"], 5),
        (["a.{}.w", "b.{}.w"], 5),
    ],
)
def test_layers_share_one_body(names: list[str], calls: int, nested: bool) -> None:
    text = layers(names, [1.0, 2.0, 3.0, 4.0, 5.0], nested)
    module = changed(text, "mo-outline")
    same_results(text, module)
    outlined = str(module).count("mo.call @layer(")
    assert outlined == (0 if nested and names == ["w{}", "b{}"] else calls)
    inlined = changed(str(module), "mo-inline", "symbol-dce")
    assert "mo.call" not in str(inlined)
    same_results(text, inlined)


def test_two_kinds_of_layers_have_two_bodies() -> None:
    first = layers(["a.{}.w", "a.{}.b"], [1.0] * 3)
    second = layers(["b.{}.w", "b.{}.b"], [1.0] * 3).replace("tanh", "exp").replace("@model", "@other")
    both = changed(first + second, "mo-outline")
    assert [str(both).count(f"@{name}(") for name in ("layer", "layer_1")] == [4, 4]
    alike = changed(first + second.replace("mo.exp", "mo.tanh"), "mo-outline", "mo-deduplicate")
    assert [str(alike).count(f"@{name}(") for name in ("layer", "layer_1")] == [7, 0]


@pytest.mark.parametrize(
    ("names", "required", "found"),
    [
        ([["l.0.w", "l.0.b"], ["l.1.w", "l.1.b"]], [False, False], (["l.0.", "l.1."], {0: "w", 1: "b"})),
        ([["l.0.a.w", "l.0.b"], ["l.10.a.w", "l.10.b"]], [False, False], (["l.0.", "l.10."], {0: "a.w", 1: "b"})),
        ([["s", "l.0.b"], ["s", "l.1.b"]], [False, False], (["l.0.", "l.1."], {1: "b"})),
        ([["s", "l.0.b"], ["s", "l.1.b"]], [True, False], (["", ""], {0: "s"})),
        ([["w0"], ["w1"]], [False], (["", ""], {})),
        ([["w0"], ["w1"]], [True], None),
        ([["x.w", "y.w"], ["y.w", "x.w"]], [False, False], (["x.", "y."], {0: "w"})),
        ([["w", "b"]], [False, True], ([""], {0: "w", 1: "b"})),
        ([[], []], [], (["", ""], {})),
    ],
)
def test_prefixes(names: list[list[str]], required: list[bool], found: Any) -> None:
    assert split(names, required) == found
