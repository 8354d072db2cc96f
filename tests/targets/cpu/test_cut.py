# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Long blocks become calls of functions, and compute the same."""

import numpy as np
import pytest
from mlir import ir

from mograph.targets.cpu.cut import LONG, PIECE, cut_blocks

from ..conftest import Build

TYPE = "tensor<4xf32>"
COUNT = 4 * LONG


def chain(start: str, count: int, other: str) -> list[str]:
    """Sums, each of the last and of one far behind, so that values live through several pieces."""
    lines, values = [], [start]
    for number in range(count):
        kind, right = ("arith.addf", other) if number % 3 else ("arith.subf", values[number // 2])
        if number % 50 == 7:
            lines.append(f"%c{start[1:]}{number} = arith.constant dense<{number}.0> : {TYPE}")
            kind, right = "arith.addf", f"%c{start[1:]}{number}"
        values.append(f"{start}_{number}")
        lines.append(f"{values[-1]} = {kind} {values[number]}, {right} : {TYPE}")
    return lines


def reference(x: np.ndarray, count: int, other: np.ndarray) -> np.ndarray:
    values = [x]
    for number in range(count):
        right = -values[number // 2] if number % 3 == 0 else other
        values.append(values[number] + (np.float32(number) if number % 50 == 7 else right))
    return values[-1]


def straight(count: int = COUNT) -> str:
    lines = "\n".join(chain("%x", count, "%y"))
    return f"func.func @f(%x: {TYPE}, %y: {TYPE}) -> {TYPE} {{\n{lines}\nreturn %x_{count - 1} : {TYPE}\n}}"


def in_a_loop() -> str:
    """The chain on what a loop carries; it reads from outside of the loop, and from a branch in it."""
    lines = "\n".join(chain("%v", COUNT, "%w"))
    return f"""
    func.func @f(%x: {TYPE}, %y: {TYPE}) -> {TYPE} {{
      %zero = arith.constant 0 : index
      %one = arith.constant 1 : index
      %two = arith.constant 2 : index
      %r = scf.for %i = %zero to %two step %one iter_args(%v = %x) -> ({TYPE}) {{
        %first = arith.cmpi eq, %i, %zero : index
        %w = scf.if %first -> ({TYPE}) {{ scf.yield %y : {TYPE} }} else {{ scf.yield %v : {TYPE} }}
        {lines}
        scf.yield %v_{COUNT - 1} : {TYPE}
      }}
      return %r : {TYPE}
    }}"""


X = np.array([0.5, -1, 2, 1e-3], np.float32)
Y = np.array([1, 2, -3, 0.25], np.float32)
SPECS = [("f32", 4), ("f32", 4)], [("f32", 4)]


def test_a_long_function(build: Build) -> None:
    np.testing.assert_allclose(build(straight(), *SPECS)(X, Y), reference(X, COUNT, Y), rtol=1e-5)


def test_a_long_body_of_a_loop(build: Build) -> None:
    once = reference(X, COUNT, Y)
    np.testing.assert_allclose(build(in_a_loop(), *SPECS)(X, Y), reference(once, COUNT, once), rtol=1e-5)


def names(text: str) -> tuple[list[str], ir.Module]:
    with ir.Context(), ir.Location.unknown():
        module = ir.Module.parse(text)
        cut_blocks(module)
        assert module.operation.verify()
        return [ir.StringAttr(op.operation.attributes["sym_name"]).value for op in module.body.operations], module


@pytest.mark.parametrize("text", [straight(), in_a_loop()], ids=["function", "loop"])
def test_no_block_is_long_afterwards(text: str) -> None:
    found, module = names(text)
    assert found[-1] == "f"
    assert len(found) > COUNT // PIECE
    lengths: list[int] = []

    def visit(op: ir.Operation) -> ir.WalkResult:
        lengths.extend(len(list(block.operations)) for region in op.regions for block in region.blocks)
        return ir.WalkResult.ADVANCE

    for function in module.body.operations:
        function.operation.walk(visit)
    assert max(lengths) <= LONG


def test_a_short_function_stays_whole() -> None:
    assert names(straight(LONG - 20))[0] == ["f"]


def test_names_of_functions_are_free() -> None:
    taken = "func.func private @f.1()\nfunc.func private @f.2()\n"
    found, _ = names(taken + straight())
    assert len(set(found)) == len(found)


def test_a_piece_neither_writes_to_what_it_is_given_nor_takes_constants() -> None:
    _, module = names(straight())
    pieces = [op for op in module.body.operations if "sym_visibility" in op.operation.attributes]
    for piece in pieces:
        assert all("bufferization.writable = false" in str(each) for each in piece.operation.attributes["arg_attrs"])
    assert sum("arith.constant" in str(piece) for piece in pieces) >= COUNT // 50 * PIECE // COUNT
