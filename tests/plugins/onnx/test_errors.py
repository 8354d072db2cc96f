# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models that cannot be imported: one error that says which node, and what is wrong with it."""

from pathlib import Path

import pytest

import mograph
from mograph.plugins.onnx.errors import OnnxError

onnx = pytest.importorskip("onnx", reason="the onnx package is not installed")

HEADER = '<ir_version: 10, opset_import: ["" : 21]>\n'


def refused(text: str, header: str = HEADER) -> str:
    with pytest.raises(OnnxError) as found:
        mograph.import_onnx(onnx.parser.parse_model(header + text))
    return str(found.value)


def test_operators_that_are_not_there_are_listed_together() -> None:
    said = refused(
        """g (float[2] x) => (float[2] y) {
        [one] a = SequenceConstruct(x)
        b = SequenceConstruct(x)
        c = If(x) <then_branch = t () => (float[2] p) { [inner] p = ConcatFromSequence(a) },
                   else_branch = e () => (float[2] q) { q = other.Thing(x) }>
        y = Relu(x)
        }""",
        '<ir_version: 10, opset_import: ["" : 21, "other" : 3]>\n',
    )
    assert said == (
        "these operators cannot be imported: ai.onnx::ConcatFromSequence, version 21, used by 1 node: 'inner'; "
        "ai.onnx::SequenceConstruct, version 21, used by 2 nodes: 'one', 'b'; "
        "other::Thing, version 3, used by 1 node: 'q'"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "g (float[2] x, float[3] z) => (float[2] y) { [sum] y = Add(x, z) }",
            "node 'sum' (Add): 'mo.add' op expected shapes that broadcast, with dimensions that are equal or 1; found",
        ),
        (
            "g (float[2] x) => (float[2] y) { y = Relu(v) \n v = Relu(x) }",
            "node 'y' (Relu): there is no value 'v' before its use",
        ),
        ("g (float[2] x) => (float[2] y) { z = Relu(x) }", "there is no value 'y'"),
        (
            "g (float[2] x) => (float[2] y) { y = Concat(x, x) }",
            "node 'y' (Concat): expected an attribute 'axis', found none",
        ),
        ("g (float[2] x) => (float[2] y) { y = Relu() }", "node 'y' (Relu): expected 1 inputs, found 0"),
        (
            "g (float[2] x) => (float[2] y) { y = Cast <to = 99> (x) }",
            "node 'y' (Cast): there are no tensors of type 99",
        ),
        ("g (string[2] x) => (string[2] y) { y = Identity(x) }", "input 'x': there are no tensors of STRING in mo"),
        ("g (seq(float[2]) x) => (float[2] y) { y = Identity(x) }", "input 'x': expected a tensor, found a sequence"),
        ("g (float x) => (float y) { y = Flatten <axis = 7> (x) }", "node 'y' (Flatten)"),
        (
            """g (bool c, float[2] x) => (float[2] y) { y = If(c) <
            then_branch = t () => (float[2] p) { [bad] p = MatMul(x, c) },
            else_branch = e () => (float[2] q) { q = Relu(x) }> }""",
            "node 'y' (If): node 'bad' (MatMul): 'mo.matmul' op",
        ),
        (
            """g (bool c, float[2] x) => (float[2] y) { y = If(c) <
            then_branch = t () => (float[1, 2] p) { p = Unsqueeze(x, a) },
            else_branch = e () => (float[2] q) { q = Relu(x) }> }""",
            "node 'y' (If): node 'p' (Unsqueeze): there is no value 'a'",
        ),
    ],
)
def test_what_is_wrong_with_a_node(text: str, expected: str) -> None:
    assert refused(text).startswith(expected)


def test_a_function_that_calls_itself() -> None:
    said = refused(
        """g (float[2] x) => (float[2] y) { y = local.again(x) }
        <domain: "local", opset_import: ["" : 21, "local" : 1]>
        again (x) => (y) { y = local.again(x) }""",
        '<ir_version: 10, opset_import: ["" : 21, "local" : 1]>\n',
    )
    assert said == "node 'y' (local::again): node 'y' (local::again): the function calls itself"


def test_an_opset_that_is_not_imported() -> None:
    said = refused(
        "g (float[2] x) => (float[2] y) { y = Relu(x) }", '<ir_version: 10, opset_import: ["ai.onnx.ml" : 3]>\n'
    )
    assert "Relu" in said


def test_names_that_are_not_in_utf_8() -> None:
    model = onnx.parser.parse_model(HEADER + "g (float[2] x) => (float[2] y) { [name] y = Relu(x) }")
    with pytest.raises(OnnxError, match="it is malformed"):
        mograph.import_onnx(model.SerializeToString().replace(b"name", b"n\xffme"))


def test_files_that_are_no_models(tmp_path: Path) -> None:
    for name, data, expected in (
        ("text.onnx", b"this is no model at all", "not an ONNX model, or damaged"),
        ("empty.onnx", b"", "it has no graph"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(OnnxError, match=f"{name}: .*{expected}"):
            mograph.compile(path)
    with pytest.raises(FileNotFoundError):
        mograph.compile(tmp_path / "nowhere.onnx")


def test_a_damaged_tensor() -> None:
    model = onnx.parser.parse_model(HEADER + "g (float[2] x) => (float[2] y) <float[2] w = {1, 2}> { y = Add(x, w) }")
    del model.graph.initializer[0].float_data[1:]
    with pytest.raises(OnnxError, match="the tensor 'w' is malformed"):
        mograph.import_onnx(model)
