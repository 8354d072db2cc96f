# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The commands take models of ONNX, and say in one line what is wrong."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mograph.tools import compile as compile_
from mograph.tools import run, translate

onnx = pytest.importorskip("onnx", reason="the onnx package is not installed")

TEXT = """<ir_version: 10, opset_import: ["" : 21]>
layer (float[n, 3] x) => (float[n, 2] y) <float[3, 2] w = {1, 0, 0, 1, 1, -1}> { [dot] y = MatMul(x, w) }"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "layer.onnx"
    onnx.save(onnx.parser.parse_model(TEXT), path)
    np.save(tmp_path / "x.npy", np.ones((1, 3), np.float32))
    return path


def test_translate(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert translate.main(["--import-onnx", str(model)]) == 0
    said = capsys.readouterr().out
    assert "mo.graph @layer(" in said
    assert "loc(" not in said
    output = tmp_path / "layer.mlir"
    assert translate.main(["--import-onnx", str(model), "-o", str(output), "--mlir-print-debuginfo"]) == 0
    assert 'loc("dot")' in output.read_text()
    assert run.main([str(output), "--weights", str(model), "--input", f"x={tmp_path / 'x.npy'}"]) == 0
    assert "[[2. 0.]]" in capsys.readouterr().out


def test_translate_of_what_is_no_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.onnx"
    path.write_bytes(b"nothing of the kind")
    assert translate.main(["--import-onnx", str(path)]) == 1
    assert capsys.readouterr().err.startswith(f"mo-translate: error: {path}: not an ONNX model")
    with pytest.raises(SystemExit):
        translate.main(["--import-onnx"])


def test_what_is_missing_is_named(model: Path) -> None:
    program = "import sys; sys.modules['onnx'] = None; from mograph.tools.run import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run([sys.executable, "-c", program, str(model)], capture_output=True, text=True, cwd="/")
    assert done.returncode == 1
    assert "ONNX models need the onnx package: pip install 'mograph[onnx]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_run_and_compile(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--input", f"x={tmp_path / 'x.npy'}"]
    assert run.main([str(model), *given]) == 0
    assert run.main([str(model), "--interpret", *given]) == 0
    artifact = str(tmp_path / "layer.mograph")
    assert compile_.main([str(model), "-o", artifact]) == 0
    assert run.main([artifact, "--weights", str(model), *given]) == 0
    assert capsys.readouterr().out.count("[[2. 0.]]") == 3
    assert run.main([str(model), "--signature"]) == 0
    assert "weight w: f32[3, 2]" in capsys.readouterr().out
