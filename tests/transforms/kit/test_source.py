# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From text, files and bytecode to modules, and what is wrong with them."""

from pathlib import Path
from typing import Any

import pytest
from mlir import ir

from mograph.transforms.kit import DiagnosticError, new_context, parse, verify


def test_text_and_files(tmp_path: Path) -> None:
    text = "func.func @f() { return }"
    file = tmp_path / "f.mlir"
    file.write_text(text)
    assert str(parse(text)) == str(parse(file)) == str(parse(str(file)))


def test_bytecode(tmp_path: Path, module: Any) -> None:
    file = tmp_path / "f.mlirbc"
    with file.open("wb") as stream:
        module.operation.write_bytecode(stream)
    assert str(parse(file)) == str(module)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(DiagnosticError, match="not a valid module"):
        parse(file)


def test_context_is_the_given_or_the_current_or_a_new_one() -> None:
    given, current = new_context(), new_context()
    with current:
        assert parse("").context is current
        assert parse("", given).context is given
    assert parse("").context is not current


@pytest.mark.parametrize("text", ["func.func", '"', "func.func @f() { return", "module { arith.constant 1 : }"])
def test_malformed(text: str) -> None:
    with pytest.raises(DiagnosticError, match="<string>: not a valid module") as caught:
        parse(text)
    assert caught.value.diagnostics[0].severity == "error"
    assert caught.value.diagnostics[0].file == "<string>"


def test_diagnostics_have_places_and_notes() -> None:
    with pytest.raises(DiagnosticError) as caught:
        parse("func.func @f(%a: i32) -> i64 {\n  return %a : i64\n}", name="name.mlir")
    (error,) = caught.value.diagnostics
    assert (error.file, error.line, error.column) == ("name.mlir", 2, 10)
    assert str(error) == (
        "name.mlir:2:10: error: use of value '%a' expects different type than prior uses: 'i64' vs 'i32'\n"
        "name.mlir:1:14: note: prior use here"
    )
    assert isinstance(error.location, ir.Location)


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        parse(tmp_path / "missing.mlir")
    with pytest.raises(FileNotFoundError):
        parse("missing.mlir")


def test_verify(module: Any) -> None:
    verify(module)
    list(module.body.operations[0].regions[0].blocks[0].operations)[-1].erase()
    with pytest.raises(DiagnosticError, match="'builtin.module' op is not valid") as caught:
        verify(module)
    assert "block with no terminator" in caught.value.diagnostics[0].message


def test_location_that_is_no_place_in_a_file(module: Any) -> None:
    from mograph.transforms.kit import Diagnostic

    with module.context:
        diagnostic = Diagnostic("error", "text", ir.Location.unknown())
    assert (diagnostic.file, diagnostic.line, diagnostic.column) == ("", 0, 0)
    assert str(diagnostic) == "loc(unknown): error: text"
