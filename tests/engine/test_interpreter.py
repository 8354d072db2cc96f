# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Graphs by the references of their operations: extents by name, regions, calls, and what goes wrong."""

import numpy as np
import pytest

import mograph as mo

T = "!mo.tensor"


def graph(arguments: str, results: str, body: str) -> mo.Interpreted:
    """Interpret a graph of one function."""
    return mo.interpret(f"mo.graph @f({arguments}) -> ({results}) {{\n{body}\n}}")


def test_names_are_bound_by_the_first_input_and_checked_in_others() -> None:
    add = graph(
        f"%x: {T}<[n], f32>, %y: {T}<[n], f32>",
        f"{T}<[n], f32>",
        f"  %s = mo.add %x, %y : {T}<[n], f32>\n  mo.output %s : {T}<[n], f32>",
    )
    np.testing.assert_array_equal(add(np.ones(3, "f"), y=np.ones(3, "f")), [2, 2, 2])
    with pytest.raises(ValueError, match=r"dimension n is 4 in input 'y', but n is 3 in input 'x'"):
        add(np.ones(3, "f"), np.ones(4, "f"))


def test_an_expression_in_an_input_is_checked() -> None:
    keep = graph(
        f"%x: {T}<[n], f32>, %y: {T}<[n * 2 + 1], f32>",
        f"{T}<[n * 2 + 1], f32>",
        f"  mo.output %y : {T}<[n * 2 + 1], f32>",
    )
    assert keep(np.ones(2, "f"), np.ones(5, "f")).shape == (5,)
    with pytest.raises(ValueError, match=r"dimension n \* 2 \+ 1 is 4 .*n is 2 in input 'x', which makes it 5"):
        keep(np.ones(2, "f"), np.ones(4, "f"))


def test_extents_that_are_rounded_up_are_checked() -> None:
    dim = "min((n + 1) ceildiv 2, n ceildiv 2)"
    double = graph(
        f"%x: {T}<[n], f32>, %y: {T}<[{dim}], f32>",
        f"{T}<[{dim}], f32>",
        f"  %s = mo.add %y, %y : {T}<[{dim}], f32>\n  mo.output %s : {T}<[{dim}], f32>",
    )
    np.testing.assert_array_equal(double(np.ones(5, "f"), np.ones(3, "f")), [2, 2, 2])
    with pytest.raises(ValueError, match="input 'y'"):
        double(np.ones(5, "f"), np.ones(2, "f"))


def test_wrong_arguments_are_refused_as_compiled_models_refuse_them() -> None:
    text = f"mo.graph @f(%x: {T}<[2], f32>) -> {T}<[2], f32> {{\n  mo.output %x : {T}<[2], f32>\n}}"
    for model in (mo.interpret(text), mo.compile(text)):
        for arguments, named, error, message in (
            ((), {}, TypeError, "f: missing input 'x'"),
            ((1, 2), {}, TypeError, r"f: takes 1 inputs \(x\), found 2"),
            ((), {"z": np.ones(2, "f")}, TypeError, "f: has no input 'z', expected x"),
            (("text",), {}, TypeError, "f: input 'x' must be an array, found str"),
            ((np.ones(2),), {}, TypeError, "f: input 'x' has elements of type float64, expected float32"),
            ((np.ones((2, 1), "f"),), {}, ValueError, r"f: input 'x' has shape \[2, 1\], expected rank 1: \[2\]"),
            ((np.ones(3, "f"),), {}, ValueError, "dimension 0 is 3, expected 2"),
        ):
            with pytest.raises(error, match=message):
                model(*arguments, **named)


def test_loops_carry_values_and_see_those_outside() -> None:
    carried = f"{T}<[], si32>, {T}<[n], f32>"
    count = graph(
        f"%limit: {T}<[], si32>, %x: {T}<[n], f32>",
        carried,
        f"""
  %zero = mo.constant 0 : {T}<[], si32>
  %one = mo.constant 1 : {T}<[], si32>
  %i, %y = mo.while (%zero, %x : {carried}) -> {carried} {{
  ^bb0(%k: {T}<[], si32>, %v: {T}<[n], f32>):
    %more = mo.less %k, %limit : {T}<[], si32>
    mo.condition %more, %k, %v : {carried}
  }} do {{
  ^bb0(%k: {T}<[], si32>, %v: {T}<[n], f32>):
    %next = mo.add %k, %one : {T}<[], si32>
    %w = mo.add %v, %x : {T}<[n], f32>
    mo.yield %next, %w : {carried}
  }}
  mo.output %i, %y : {carried}""",
    )
    x = np.array([1, 2], "f")
    for limit in (0, 1, 5):
        i, y = count(np.int32(limit), x)
        assert i == limit
        np.testing.assert_array_equal(y, x * (limit + 1))


def test_calls_join_prefixes() -> None:
    model = mo.interpret(
        f"""
mo.graph private @scale(%v: {T}<[n], f32>) -> {T}<[n], f32> {{
  %w = mo.constant.external "w" : {T}<[], f32>
  %r = mo.mul %v, %w : {T}<[n], f32>, {T}<[], f32>
  mo.output %r : {T}<[n], f32>
}}
mo.graph private @twice(%v: {T}<[n], f32>) -> {T}<[n], f32> {{
  %a = mo.call @scale(%v) prefix = "first." : ({T}<[n], f32>) -> {T}<[n], f32>
  %b = mo.call @scale(%a) : ({T}<[n], f32>) -> {T}<[n], f32>
  mo.output %b : {T}<[n], f32>
}}
mo.graph @model(%x: {T}<[n], f32>) -> {T}<[n], f32> {{
  %y = mo.call @twice(%x) prefix = "block." : ({T}<[n], f32>) -> {T}<[n], f32>
  mo.output %y : {T}<[n], f32>
}}""",
        weights={"block.first.w": np.float32(2), "block.w": np.float32(5)},
    )
    assert [arg.name for arg in model.signature.weights] == ["block.first.w", "block.w"]
    np.testing.assert_array_equal(model(np.ones(3, "f")), [10, 10, 10])


RESHAPE = f"%p = mo.reshape %x : {T}<[n], f32> to {T}<[m, 2], f32>"


def test_a_new_name_gets_the_extent_that_the_others_leave() -> None:
    pairs = graph(f"%x: {T}<[n], f32>", f"{T}<[m, 2], f32>", f"  {RESHAPE}\n  mo.output %p : {T}<[m, 2], f32>")
    assert pairs(np.ones(6, "f")).shape == (3, 2)


@pytest.mark.parametrize("run", [mo.interpret, mo.compile])
def test_what_fails_while_it_runs_says_what(run: object) -> None:
    assert callable(run)
    body = f"%y = mo.rebind %x : {T}<[n], f32> to {T}<[4], f32>\n  mo.output %y : {T}<[4], f32>"
    four = run(f"mo.graph @f(%x: {T}<[n], f32>) -> {T}<[4], f32> {{\n  {body}\n}}")
    assert four(np.ones(4, "f")).shape == (4,)
    with pytest.raises(ValueError, match="^f: mo.rebind: expected dimension 0"):
        four(np.ones(3, "f"))


def test_a_failure_has_its_place() -> None:
    body = f"%y = mo.rebind %x : {T}<[n], f32> to {T}<[4], f32>\n  mo.output %y : {T}<[4], f32>"
    four = graph(f"%x: {T}<[n], f32>", f"{T}<[4], f32>", f"  {body}")
    with pytest.raises(ValueError, match=r"expected dimension 0 to be 4, found 3 \(<string>:2:8\)$"):
        four(np.ones(3, "f"))


def test_an_operation_without_a_reference_is_named() -> None:
    model = graph(
        f"%x: {T}<[], i1>",
        f"{T}<[], i1>",
        f"  %c = arith.constant 1 : i32\n  mo.output %x : {T}<[], i1>",
    )
    with pytest.raises(ValueError, match="f: 'arith.constant' has no reference implementation"):
        model(np.True_)


def test_no_output_and_several() -> None:
    assert graph(f"%x: {T}<[], i1>", "", "  mo.output")(np.True_) == ()
    both = graph(f"%x: {T}<[], i1>", f"{T}<[], i1>, {T}<[], i1>", f"  mo.output %x, %x : {T}<[], i1>, {T}<[], i1>")
    assert both(np.True_) == (True, True)
