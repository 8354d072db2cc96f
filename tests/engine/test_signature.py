# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What models take and give: names, types, weights through calls; printed and as JSON."""

import json

import pytest

import mograph as mo
from mograph.engine.graphs import signatures_of
from mograph.engine.host import ready
from mograph.engine.reading import read_module
from mograph.engine.signature import Arg, choose, describe, from_json, to_json

T = "!mo.tensor"


def signatures(text: object) -> dict[str, mo.Signature]:
    ready()
    return signatures_of(read_module(text))


def test_names_are_those_of_the_text_unless_given() -> None:
    found = signatures(
        f"""
mo.graph @f(%images: {T}<[n, 64], f32>, %e: {T}<[], i1> {{mo.name = "flag"}}, %2: {T}<[2], bf16>)
    -> ({T}<[n, 64], f32>, {T}<[], i1> {{mo.name = "kept"}}, {T}<[2], bf16>) {{
  mo.output %images, %e, %2 : {T}<[n, 64], f32>, {T}<[], i1>, {T}<[2], bf16>
}}"""
    )["f"]
    assert [arg.name for arg in found.inputs] == ["images", "flag", "input2"]
    assert [arg.name for arg in found.outputs] == ["images", "kept", "output2"]
    assert found.inputs[0] == Arg("images", "f32", ("n", 64))
    assert found.inputs[1].dtype == "bool"


def test_text_before_a_name_may_be_of_any_alphabet() -> None:
    found = signatures(f'mo.graph @"größe"(%breite: {T}<[], i1>) -> {T}<[], i1> {{ mo.output %breite : {T}<[], i1> }}')
    (signature,) = found.values()
    assert [arg.name for arg in (*signature.inputs, *signature.outputs)] == ["breite", "breite"]


def test_a_name_that_is_taken_is_not_given_again() -> None:
    types = f"{T}<[], i1>, {T}<[], i1>"
    text = f"mo.graph @f(%x: {T}<[], i1>) -> ({types}) {{\n mo.output %x, %x : {types}\n}}"
    assert [arg.name for arg in signatures(text)["f"].outputs] == ["x", "output1"]
    assert [arg.name for arg in mo.compile(text).signature.outputs] == ["x", "output1"]


def test_expressions_are_written_as_in_python() -> None:
    text = f"mo.graph @f(%x: {T}<[n], f32>, %y: {T}<[n floordiv 2, n mod 3], f32, gpu:0>) {{ mo.output }}"
    signature = signatures(text)["f"]
    assert signature.inputs[1] == Arg("y", "f32", ("n // 2", "n % 3"), "gpu:0")
    assert describe(signature) == "f\n  input  x: f32[n]\n  input  y: f32[n // 2, n % 3] on gpu:0"


def test_json_gives_the_same_signature_again() -> None:
    signature = mo.Signature("f", (Arg("x", "f32", ("n", 2)),), (Arg("w", "bf16", ()),), (Arg("y", "si64", (1,)),))
    assert from_json(json.loads(json.dumps(to_json(signature)))) == signature
    with pytest.raises(KeyError):
        from_json({"name": "f", "inputs": []})
    arg = {"name": "x", "dtype": "f32", "dims": [1.5], "device": "cpu"}
    with pytest.raises(ValueError, match="x: expected dimensions that are numbers or texts"):
        from_json({"name": "f", "inputs": [arg], "weights": [], "outputs": []})


def test_a_weight_of_two_types_is_an_error() -> None:
    text = f"""mo.graph @f() {{
  %a = mo.constant.external "w" : {T}<[2], f32>
  %b = mo.constant.external "w" : {T}<[3], f32>
  mo.output
}}"""
    with pytest.raises(ValueError, match=r"f: the weight 'w' is used as w: f32\[2\] and as w: f32\[3\]"):
        mo.interpret(text)
    with pytest.raises(mo.DiagnosticError, match="weight 'w' has another type elsewhere"):
        mo.compile(text, pipeline="builtin.module(mogg-from-mo,mogg-to-linalg)")


def test_a_graph_that_calls_itself_is_an_error() -> None:
    text = "mo.graph @f() {\n  mo.call @f() : () -> ()\n  mo.output\n}"
    with pytest.raises(ValueError, match="f: the graph @f calls itself"):
        mo.interpret(text)
    with pytest.raises(mo.DiagnosticError, match="graphs call each other in a circle"):
        mo.compile(text)


@pytest.mark.parametrize("use", [mo.interpret, mo.compile])
def test_a_module_without_a_model_is_an_error(use: object) -> None:
    assert callable(use)
    with pytest.raises(ValueError, match=r"no mo\.graph in it is public"):
        use("mo.graph private @f() { mo.output }")


def test_a_model_is_chosen_by_name() -> None:
    both = {name: mo.Signature(name, ()) for name in ("f", "g")}
    assert choose(both, "g").name == "g"
    with pytest.raises(ValueError, match="2 models, of which one must be named: f, g"):
        choose(both, None)
    with pytest.raises(ValueError, match="no model 'h'; there are: f, g"):
        choose(both, "h")
