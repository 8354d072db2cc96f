# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Pipelines from text, from objects and from both; what they print, and what they raise."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mograph.transforms.kit import DiagnosticError, Pass, Pipeline, parse


class OnModule(Pass, name="pipeline-module", anchor="builtin.module"):
    """Run on modules."""

    def run(self, op: Any) -> None: ...


class OnFunction(Pass, name="pipeline-function", anchor="func.func"):
    """Run on functions."""

    def run(self, op: Any) -> None: ...


class Anywhere(Pass, name="pipeline-anywhere"):
    """Run on anything."""

    def run(self, op: Any) -> None: ...


class Fail(Pass, name="pipeline-fail"):
    """Fail."""

    def run(self, op: Any) -> None:
        self.error(op, "fails")


PLUGIN = """
from mograph.plugins import api, hookimpl

API = 1


@hookimpl
def mograph_passes():
    yield api.pass_("pipeline-fail", "{module}:Fail")
"""


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["builtin.module(cse)"], "builtin.module(cse)"),
        (["any(cse)"], "any(cse)"),
        (["cse"], "builtin.module(cse)"),
        (["func.func(cse),symbol-dce"], "builtin.module(func.func(cse),symbol-dce)"),
        (
            [OnModule, OnFunction(), OnFunction, Anywhere],
            "builtin.module(pipeline-module,func.func(pipeline-function,pipeline-function),pipeline-anywhere)",
        ),
        (["cse", OnFunction, "cse"], "builtin.module(cse,func.func(pipeline-function),cse)"),
        ([[OnModule, ["cse"]], "symbol-dce"], "builtin.module(pipeline-module,cse,symbol-dce)"),
        ([], "builtin.module()"),
        ([""], "builtin.module()"),
    ],
)
def test_parts(parts: list[Any], text: str) -> None:
    pipeline = Pipeline(*parts)
    assert str(pipeline) == text
    assert Pipeline(str(pipeline)) == pipeline
    assert hash(Pipeline(str(pipeline))) == hash(pipeline)


def test_another_anchor(module: Any) -> None:
    pipeline = Pipeline(OnFunction, "cse", anchor="func.func")
    assert str(pipeline) == "func.func(pipeline-function,cse)"
    pipeline.run(module.body.operations[0])
    with pytest.raises(DiagnosticError, match="can't run 'func.func' pass manager on 'builtin.module' op"):
        pipeline.run(module)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no-such-pass", "'no-such-pass' does not refer to a registered pass or pass pipeline"),
        ("cse,", "does not refer to a registered pass"),
        ("func.func(cse", "unbalanced parentheses"),
        ("canonicalize{nothing=1}", "no such option nothing"),
    ],
)
def test_texts_that_do_not_parse(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Pipeline(text)


def test_parts_of_a_wrong_type() -> None:
    with pytest.raises(TypeError, match="a pipeline is made of texts, passes and lists of them; found 3"):
        Pipeline(3)  # type: ignore[arg-type]  # what is tested


def test_upstream_passes_run(module: Any) -> None:
    Pipeline("func.func(canonicalize,cse)", "symbol-dce").run(module)
    assert "arith.addi" in str(module)
    Pipeline("strip-debuginfo").run(module)
    assert str(module.operation.location) == "loc(unknown)"


def test_printing(module: Any) -> None:
    out = io.StringIO()
    Pipeline("cse", "symbol-dce").run(module, print_ir_before=["cse"], print_ir_after=True, out=out)
    assert "IR Dump Before CSE (cse)" in out.getvalue()
    assert "IR Dump After CSE (cse)" in out.getvalue()
    assert "IR Dump After SymbolDCE (symbol-dce)" in out.getvalue()
    assert "IR Dump Before SymbolDCE" not in out.getvalue()
    out = io.StringIO()
    Pipeline("cse").run(module, print_ir_after=True, print_on_change=True, out=out)
    assert out.getvalue() == ""


def test_timing(module: Any) -> None:
    out = io.StringIO()
    Pipeline(Anywhere, "cse").run(module, timing=True, out=out)
    assert out.getvalue().count("Execution time report") == 1
    assert "pipeline-anywhere" in out.getvalue()


def test_printing_goes_to_standard_error(module: Any, capsys: pytest.CaptureFixture[str]) -> None:
    Pipeline("cse").run(module, print_ir_after=True)
    assert "IR Dump After CSE" in capsys.readouterr().err


def test_failure_names_a_command(tmp_path: Path) -> None:
    source = tmp_path / "in put.mlir"
    source.write_text("func.func @f() { return }")
    with pytest.raises(DiagnosticError) as caught:
        Pipeline(Fail).run(parse(source))
    assert caught.value.command == f"mo-opt '{source}' --pass-pipeline='builtin.module(pipeline-fail)'"
    assert str(caught.value).endswith(f"to reproduce: {caught.value.command}")


def test_reproducer_is_written_and_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "reproducer.mlir"
    with pytest.raises(DiagnosticError) as caught:
        Pipeline("canonicalize", Fail).run(parse("func.func @f() { return }"), reproducer=file)
    assert caught.value.command == f"mo-opt --run-reproducer {file}"
    plugin = tmp_path / "plugin.py"
    plugin.write_text(PLUGIN.format(module=Path(__file__).stem))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=":")
    program = "import sys; from mograph.tools.opt import main; sys.exit(main())"
    command = [sys.executable, "-c", program, f"--load-plugin={plugin}", "--run-reproducer", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 1
    assert "error: 'builtin.module' op fails" in done.stderr
    file.unlink()
    monkeypatch.setenv("MOGRAPH_REPRODUCER", str(file))
    with pytest.raises(DiagnosticError):
        Pipeline(Fail).run(parse(""))
    assert file.exists()


def test_nothing_is_written_where_nothing_fails(module: Any, tmp_path: Path) -> None:
    Pipeline("cse").run(module, reproducer=tmp_path / "reproducer.mlir")
    assert not list(tmp_path.iterdir())
