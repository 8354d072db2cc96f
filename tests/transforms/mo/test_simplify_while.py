# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loops that are simplified give what they gave, and those that must stay do."""

import re
from itertools import product
from typing import Any

import numpy as np
import pytest

import mograph as mo

INT, X = "!mo.tensor<[], si64>", "!mo.tensor<[n], f32>"


def counting(start: int, stop: int, step: int, test: str = "less", carried: str = X) -> str:
    """A loop that concatenates or adds while it counts."""
    grown = carried != X
    yielded = "!mo.tensor<[m + n], f32>" if grown else X
    work = f"mo.concat %v, %x axis = 0 : {carried}, {X}" if grown else f"mo.add %v, %x : {X}"
    return f"""
mo.graph @model(%x: {X}) -> ({INT}, {carried}) {{
  %i = mo.constant {start} : {INT}
  %stop = mo.constant {stop} : {INT}
  %step = mo.constant {step} : {INT}
  %0:2 = mo.while (%i, %x : {INT}, {X}) -> {INT}, {carried} {{
  ^bb0(%k: {INT}, %v: {carried}):
    %more = mo.{test} %k, %stop : {INT}
    mo.condition %more, %k, %v : {INT}, {carried}
  }} do {{
  ^bb0(%k: {INT}, %v: {carried}):
    %next = mo.add %k, %step : {INT}
    %w = {work}
    mo.yield %next, %w : {INT}, {yielded}
  }}
  mo.output %0#0, %0#1 : {INT}, {carried}
}}"""


def simplified(text: str, **options: Any) -> Any:
    module = mo.parse(text)
    listed = " ".join(f"{name.replace('_', '-')}={value}" for name, value in options.items())
    mo.Pipeline(f"builtin.module(mo.graph(mo-simplify-while{{{listed}}}))").run(module)
    return module


@pytest.mark.parametrize(("start", "stop", "step"), list(product((0, 1, 3), (-1, 1, 3, 4), (1, 2))))
@pytest.mark.parametrize("carried", [X, "!mo.tensor<[m], f32>"])
@pytest.mark.parametrize("test", ["less", "less_equal"])
def test_counters(start: int, stop: int, step: int, test: str, carried: str) -> None:
    text = counting(start, stop, step, test, carried)
    trips = len(range(start, stop + (test == "less_equal"), step))
    x = np.array([1.0, 2.0, 3.0], np.float32)
    expected = mo.interpret(text)(x)
    for unroll in (0, 1, 3):
        module = simplified(text, unroll=unroll)
        assert ("mo.while" in str(module)) == (trips > unroll)
        for found, wanted in zip(mo.interpret(module)(x), expected, strict=True):
            np.testing.assert_array_equal(found, wanted)


def test_large_loops_stay() -> None:
    text = counting(0, 3, 1)
    assert "mo.while" in str(simplified(text, unroll=3, max_ops=10))
    assert "mo.while" not in str(simplified(text, unroll=3, max_ops=30))
    assert "mo.while" not in str(simplified(counting(0, 1, 1), max_ops=0))


def test_loops_that_do_not_end_and_unknown_ones_stay() -> None:
    assert "mo.while" in str(simplified(counting(0, 1, 0), unroll=10))
    unknown = counting(0, 1, 1).replace(f"(%x: {X})", f"(%x: {X}, %end: {INT})").replace("%k, %stop", "%k, %end")
    assert "mo.while" in str(simplified(unknown, unroll=10))


def test_loops_in_loops() -> None:
    inner = counting(0, 2, 1)
    body = inner[inner.index("  %i =") : inner.index("  mo.output")]
    body = re.sub(r"%([a-wyz]\w*)", r"%\1_", body.replace("%0", "%loop"))
    text = inner.replace(f"%w = mo.add %v, %x : {X}", f"{body}\n %w = mo.mul %loop_#1, %v : {X}")
    x = np.array([1.0, 2.0, 3.0], np.float32)
    expected = mo.interpret(text)(x)
    for unroll, loops in ((0, 2), (1, 2), (2, 0)):
        module = simplified(text, unroll=unroll)
        assert str(module).count("mo.while") == loops
        for found, wanted in zip(mo.interpret(module)(x), expected, strict=True):
            np.testing.assert_array_equal(found, wanted)


def test_swapped_values_are_not_invariant() -> None:
    text = f"""
mo.graph @model(%a: {X}, %b: {X}, %end: {INT}) -> ({X}, {X}) {{
  %zero = mo.constant 0 : {INT}
  %one = mo.constant 1 : {INT}
  %0:3 = mo.while (%zero, %a, %b : {INT}, {X}, {X}) -> {INT}, {X}, {X} {{
  ^bb0(%k: {INT}, %x: {X}, %y: {X}):
    %more = mo.less %k, %end : {INT}
    mo.condition %more, %k, %x, %y : {INT}, {X}, {X}
  }} do {{
  ^bb0(%k: {INT}, %x: {X}, %y: {X}):
    %next = mo.add %k, %one : {INT}
    mo.yield %next, %y, %x : {INT}, {X}, {X}
  }}
  mo.output %0#1, %0#2 : {X}, {X}
}}"""
    module = simplified(text)
    a, b = np.zeros(2, np.float32), np.ones(2, np.float32)
    for trips in range(3):
        for found, wanted in zip(
            mo.interpret(module)(a, b, np.int64(trips)), mo.interpret(text)(a, b, np.int64(trips)), strict=True
        ):
            np.testing.assert_array_equal(found, wanted)


def test_a_handed_on_value_differs_from_the_carried_one() -> None:
    text = counting(0, 3, 1).replace(
        "mo.condition %more, %k, %v", f"%twice = mo.add %v, %v : {X}\n mo.condition %more, %k, %twice"
    )
    x = np.array([1.0, 2.0], np.float32)
    for unroll in (1, 3):
        for found, wanted in zip(mo.interpret(simplified(text, unroll=unroll))(x), mo.interpret(text)(x), strict=True):
            np.testing.assert_array_equal(found, wanted)
