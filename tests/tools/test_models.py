# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo-compile` and `mo-run`: what they write and print, and that bad input gives one line, exit code 1 and no file."""

import json
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from safetensors.numpy import save_file

from mograph.tools import compile as mo_compile
from mograph.tools import run as mo_run

T = "!mo.tensor"
TEXT = f"""mo.graph @layer(%x: {T}<[n, 2], f32>, %y: {T}<[n, 2], f32>) -> ({T}<[n, 2], f32>, {T}<[n], f32>) {{
  %w = mo.constant.external "w" : {T}<[2], f32>
  %sum = mo.add %x, %y : {T}<[n, 2], f32>
  %scaled = mo.mul %sum, %w : {T}<[n, 2], f32>, {T}<[2], f32>
  %length = mo.matmul %scaled, %w : {T}<[n, 2], f32>, {T}<[2], f32>
  mo.output %scaled, %length : {T}<[n, 2], f32>, {T}<[n], f32>
}}
"""
SCALED = np.array([[2, 6], [4, 9]], "f")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a model, its weights and inputs, in which the test runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.mlir").write_text(TEXT)
    save_file({"w": np.array([2, 3], "f")}, "w.safetensors")
    save_file({"w": np.array([2, 3, 4], "f"), "v": np.array([2, 3], "f")}, "wrong.safetensors")
    np.save("x.npy", np.array([[1, 2], [1, 2]], "f"))
    np.save("y.npy", np.array([[0, 0], [1, 1]], "f"))
    np.save("long.npy", np.ones((3, 2), "f"))
    np.save("wide.npy", np.ones((2, 3), "f"))
    np.save("double.npy", np.ones((2, 2)))
    np.save("objects.npy", np.array([{}]), allow_pickle=True)
    Path("bad.mlir").write_text(TEXT.replace("mo.add %x, %y", "mo.add %x, %q"))
    Path("types.mlir").write_text(
        TEXT.replace("%sum, %w : !mo.tensor<[n, 2], f32>", "%sum, %w : !mo.tensor<[n, 2], f64>")
    )
    return tmp_path


GIVEN = ["--weights", "w.safetensors", "--input", "x=x.npy", "--input", "y=y.npy"]


@pytest.mark.parametrize("how", ["compiled", "interpreted", "artifact"])
def test_outputs_are_written(place: Path, how: str, capsys: pytest.CaptureFixture[str]) -> None:
    model, options = "m.mlir", ["--interpret"] if how == "interpreted" else []
    if how == "artifact":
        assert mo_compile.main(["m.mlir", "-o", "m.mograph"]) == 0
        model = "m.mograph"
    status = mo_run.main([model, *GIVEN, *options, "--output", "scaled=s.npy", "--output", "length=l.npy", "--time"])
    printed = capsys.readouterr()
    assert (status, printed.out) == (0, "")
    np.testing.assert_array_equal(np.load("s.npy"), SCALED)
    np.testing.assert_array_equal(np.load("l.npy"), SCALED @ np.array([2, 3], "f"))
    assert ("compile: " in printed.err) == (how != "interpreted")
    assert "run: " in printed.err


def test_outputs_are_printed_where_none_is_written(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mo_run.main(["m.mlir", *GIVEN]) == 0
    assert capsys.readouterr().out == "scaled: f32[2, 2]\n[[2. 6.]\n [4. 9.]]\nlength: f32[2]\n[22. 35.]\n"


def test_the_signature_is_printed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "layer\n  input  x: f32[n, 2]\n  input  y: f32[n, 2]\n  weight w: f32[2]\n  output scaled: f32[n, 2]\n"
    text += "  output length: f32[n]\n"
    assert mo_compile.main(["m.mlir"]) == 0
    for model in ("m.mlir", "m.mograph"):
        assert mo_run.main([model, "--signature"]) == 0
        assert capsys.readouterr().out == text
        assert mo_run.main([model, "--signature=json", "--graph", "layer"]) == 0
        (signature,) = json.loads(capsys.readouterr().out)
        assert signature["inputs"][0] == {"name": "x", "dtype": "f32", "dims": ["n", 2], "device": "cpu"}


def test_a_name_may_be_left_out_where_there_is_one(place: Path) -> None:
    text = f"mo.graph @f(%x: {T}<[2], bf16>) -> {T}<[2], bf16> {{\n  %y = mo.negative %x : {T}<[2], bf16>\n"
    Path("one.mlir").write_text(f"{text}  mo.output %y : {T}<[2], bf16>\n}}\n")
    array: Any = np.array([1.5, -2], ml_dtypes.bfloat16)
    np.save("b.npy", array)
    assert mo_run.main(["one.mlir", "--input", "b.npy", "--output", "out.npy"]) == 0
    np.testing.assert_array_equal(np.load("out.npy").view(ml_dtypes.bfloat16), -array)


W, X, Y = (["--weights", "w.safetensors"], ["--input", "x=x.npy"], ["--input", "y=y.npy"])


@pytest.mark.parametrize("how", ["compiled", "interpreted", "artifact"])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([*X, *Y], "layer: missing weight w: f32[2]"),
        (
            [*X, *Y, "--weights", "wrong.safetensors"],
            "layer: has no weight 'v'; layer: weight 'w' has shape [3], expected [2]",
        ),
        ([*X, *Y, "--weights", "none.safetensors"], "none.safetensors: No such file or directory"),
        ([*X, *Y, "--weights", "x.npy"], "x.npy: truncated, or no safetensors file"),
        ([*W, *X], "layer: missing input 'y'"),
        ([*W, *X, *Y, "--input", "z=x.npy"], "there is no input 'z', expected one of: x, y"),
        ([*W, *X, *X, *Y], "the input 'x' is given twice"),
        ([*W, *X, "--input", "y.npy"], "--input y.npy: expected NAME=FILE, with a name among: x, y"),
        ([*W, *X, "--input", "y=none.npy"], "none.npy: No such file or directory"),
        ([*W, *X, "--input", "y=m.mlir"], "m.mlir: not an array in numpy's format"),
        ([*W, *X, "--input", "y=objects.npy"], "objects.npy: not an array in numpy's format"),
        ([*W, *X, "--input", "y=long.npy"], "dimension n is 3 in input 'y', but n is 2 in input 'x'"),
        ([*W, *X, "--input", "y=wide.npy"], "layer: input 'y' has shape [2, 3], expected [n, 2]: dimension 1 is 3"),
        ([*W, *X, "--input", "y=double.npy"], "layer: input 'y' has elements of type float64, expected float32"),
        ([*W, *X, *Y, "--output", "z=z.npy"], "there is no output 'z', expected one of: scaled, length"),
        ([*W, *X, *Y, "--output", "length=none/l.npy"], "none"),
        ([*W, *X, *Y, "--output", "length=."], ". is a folder"),
        ([*W, *X, *Y, "--graph", "other"], "no model 'other'; there are: layer"),
    ],
)
def test_bad_input_is_refused(
    place: Path, how: str, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    model, options = "m.mlir", ["--interpret"] if how == "interpreted" else []
    if how == "artifact":
        assert mo_compile.main(["m.mlir", "-o", "m.mograph"]) == 0
        model = "m.mograph"
    before = sorted(place.iterdir())
    assert mo_run.main([model, *options, "--output", "scaled=s.npy", *arguments]) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("mo-run: error: ")
    assert message in printed.err
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert sorted(place.iterdir()) == before


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("none.mlir", "none.mlir: No such file or directory\n"),
        ("bad.mlir", "bad.mlir:3:21: error: use of undeclared SSA value name\n"),
        ("types.mlir", "types.mlir:4:"),
        ("x.npy", "x.npy: not a valid module\n"),
        (".", ".: Is a directory\n"),
    ],
)
def test_bad_modules_are_refused(place: Path, model: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(place.iterdir())
    for name, main, options in (
        ("mo-run", mo_run.main, ["--output", "scaled=s.npy", *GIVEN]),
        ("mo-run", mo_run.main, ["--output", "scaled=s.npy", *GIVEN, "--interpret"]),
        ("mo-run", mo_run.main, ["--signature"]),
        ("mo-compile", mo_compile.main, ["-o", "out.mograph"]),
    ):
        assert main([model, *options]) == 1
        printed = capsys.readouterr()
        assert printed.err.startswith(f"{name}: error: ")
        assert message in printed.err
        assert printed.out == ""
    assert sorted(place.iterdir()) == before


def test_options_that_do_not_go_together(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mo_compile.main(["m.mlir"]) == 0
    for arguments, message in (
        (
            ["m.mlir", "--interpret", "--pass-pipeline", "x"],
            "--interpret runs the graphs as they are, and takes no --pass",
        ),
        (["m.mograph", "--interpret"], "m.mograph is compiled already: --interpret is for modules"),
        (["m.mograph", "--pass-pipeline", "x"], "m.mograph is compiled already: --pass-pipeline is for modules"),
        (["m.mlir", "--pass-pipeline", "no-such-pass"], "no-such-pass"),
        (["m.mlir", "--device", "chip"], "there is no target 'chip'"),
        (["m.mlir", "--no-plugin="], "--no-plugin"),
    ):
        assert mo_run.main(arguments) == 1
        assert message in capsys.readouterr().err
    assert mo_compile.main(["m.mlir", "-o", "m.mlir"]) == 1
    assert "would take the place of the module" in capsys.readouterr().err
    assert Path("m.mlir").read_text() == TEXT


@pytest.mark.parametrize("main", [mo_run.main, mo_compile.main])
def test_usage(main: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, status in ((["--help"], 0), ([], 1), (["m", "--no-such-option"], 1)):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == status
        printed = capsys.readouterr()
        assert (printed.out.startswith("usage: mo-"), printed.err.startswith("mo-")) == (status == 0, status == 1)


def test_plugins_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert mo_run.main(["--list-plugins"]) == 0
    assert "mograph" in capsys.readouterr().out
