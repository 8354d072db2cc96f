# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Code in units: the same whatever the division, each function at the level that it is worth."""

import ctypes
import re
from collections.abc import Iterator

import numpy as np
import pytest
from mlir import ir

from mograph.dialects.kit import new_context
from mograph.targets.cpu import CpuTarget, load, this_host
from mograph.targets.cpu.compilation import Compilation
from mograph.targets.cpu.objects import Library
from mograph.targets.cpu.units import Divider, Division, Unit, divide
from tests.targets.conftest import signature

PIECES = Division(glue=3, glue_unit=8, unit=8, least=0)

# A long entry without a loop, what it calls, a function for ranges that it hands on, and what that calls.
PROGRAM = """
@table = private constant [4 x i64] [i64 2, i64 3, i64 5, i64 7]
@unused = private constant i64 11
declare void @each(ptr, i64)
define i64 @"main code"(i64 %0) {
  %2 = call i64 @setup.code(i64 %0)
  %3 = load i64, ptr getelementptr (i64, ptr @table, i64 1)
  %4 = mul i64 %2, %3
  %5 = call i64 @apply(ptr @range, i64 %4)
  ret i64 %5
}
define i64 @setup.code(i64 %0) {
  %2 = add i64 %0, 1
  %3 = add i64 %2, 1
  %4 = add i64 %3, 1
  ret i64 %4
}
define internal i64 @apply(ptr %0, i64 %1) {
  %3 = call i64 %0(i64 %1)
  %4 = call i64 %0(i64 %3)
  ret i64 %4
}
define internal i64 @range(i64 %0) #0 {
  br label %2
2:
  %3 = phi i64 [ 0, %1 ], [ %7, %2 ]
  %4 = phi i64 [ %0, %1 ], [ %6, %2 ]
  %5 = call i64 @step(i64 %4)
  %6 = add i64 %5, 1
  %7 = add i64 %3, 1
  %8 = icmp slt i64 %7, 10
  br i1 %8, label %2, label %9
9:
  ret i64 %6
}
define i64 @step(i64 %0) {
  %2 = load i64, ptr @table
  %3 = add i64 %0, %2
  %4 = add i64 %3, 0
  ret i64 %4
}
attributes #0 = { nounwind }
define i64 @"entry"(i64 %x) nounwind {
  %r = call i64 @"main code"(i64 %x)
  ret i64 %r
}
"""


def result(units: list[Unit]) -> int:
    compilation = Compilation(this_host())
    compilation.add(units)
    library = Library(compilation.finish(), this_host())
    found: int = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)(library.address("entry"))(4)
    return found


def defined(units: list[Unit]) -> Iterator[tuple[int, str, int]]:
    for number, unit in enumerate(units):
        for name in re.findall(r'^define .*?@"?([\w. ]+)', unit.text, re.MULTILINE):
            yield number, name, unit.level


@pytest.mark.parametrize("size", [1, 8, 12, 100])
@pytest.mark.parametrize("glue", [1, 5, 100])
def test_the_division_changes_no_result(size: int, glue: int) -> None:
    units = divide(PROGRAM, Division(glue, size, size, 0))
    assert result(units) == (4 + 3) * 3 + 2 * 10 * 3
    assert sorted(name for _, name, _ in defined(units)) == [
        "apply",
        "entry",
        "main code",
        "range",
        "setup.code",
        "step",
    ]


def test_short_code_is_one_unit() -> None:
    assert divide(PROGRAM, Division()) == [Unit(PROGRAM, 2)]


def test_code_with_variables_is_one_unit() -> None:
    text = PROGRAM.replace("@unused = private constant i64 11", "@unused = private global i64 11")
    assert divide(text, PIECES) == [Unit(text, 2)]


def test_only_what_runs_once_is_compiled_at_the_lower_level() -> None:
    levels = {name: level for _, name, level in defined(divide(PROGRAM, PIECES))}
    assert levels == {"main code": 0, "setup.code": 0, "entry": 0, "apply": 2, "range": 2, "step": 2}


LOOPS = """
define void @main(i64 %0) {
  call void @before(i64 %0)
  br label %2
2:
  %3 = phi i64 [ 0, %1 ], [ %9, %8 ]
  call void @outer(i64 %3)
  br label %4
4:
  %5 = phi i64 [ 0, %2 ], [ %6, %4 ]
  call void @inner(i64 %5)
  %6 = add i64 %5, 1
  %7 = icmp slt i64 %6, 10
  br i1 %7, label %4, label %8
8:
  call void @last(i64 %3)
  %9 = add i64 %3, 1
  %10 = icmp slt i64 %9, 10
  br i1 %10, label %2, label %11
11:
  call void @after(i64 %0)
  ret void
}
"""
for name in ("before", "outer", "inner", "last", "after"):
    LOOPS += f"define void @{name}(i64 %0) {{\n  call void @{name}_2(i64 %0)\n  ret void\n}}\n"
    LOOPS += f"define void @{name}_2(i64 %0) {{\n  ret void\n}}\n"


def test_what_is_called_beside_loops_runs_once() -> None:
    levels = {name: level for _, name, level in defined(divide(LOOPS, PIECES))}
    repeated = ("outer", "inner", "last")
    once = ("before", "after")
    assert levels == {
        "main": 2,
        **{f"{name}{suffix}": 2 for name in repeated for suffix in ("", "_2")},
        **{f"{name}{suffix}": 0 for name in once for suffix in ("", "_2")},
    }


def test_functions_that_are_short_together_keep_their_level() -> None:
    def levels(glue: int) -> set[int]:
        found = {name: level for _, name, level in defined(divide(PROGRAM, Division(glue, 8, 8, 0)))}
        return {found[name] for name in ("main code", "setup.code", "entry")}

    bodies = re.findall(r'^define i64 @"?(?:main code|setup.code|entry)\b.*?^}$', PROGRAM, re.MULTILINE | re.DOTALL)
    lines = [body.count("\n") + 1 for body in bodies]
    assert len(lines) == 3
    assert (levels(max(lines) + 1), levels(sum(lines)), levels(sum(lines) + 1)) == ({0}, {0}, {2})


def test_units_have_the_constants_that_they_use() -> None:
    for unit in divide(PROGRAM, Division(1, 1, 1, 0)):
        body = unit.text[unit.text.index("define") :]
        assert ("@table = " in unit.text) == ("@table" in body)
        assert "@unused = " not in unit.text


KERNEL = """define internal void @kernel_{number}.code(ptr %0, i64 %1, i64 %2) {{
  store i64 {value}, ptr %0
  call void @other(ptr %0)
  ret void
}}
declare void @other(ptr)
"""


def test_the_rest_calls_kernels_that_were_taken_out_by_what_they_contain() -> None:
    divider = Divider(Division())
    (first,), (second,) = (divider.kernels(KERNEL.format(number=number, value=number)) for number in (3, 4))
    calls = [f"  call void @each(ptr @kernel_{number}.code)\n" for number in (3, 4, 33)]
    declared = [f"declare void @kernel_{number}.code(ptr, i64, i64)\n" for number in (3, 4, 33)]
    rest = f"define void @main() {{\n{''.join(calls)}  ret void\n}}\n" + "".join(declared)
    (unit,) = divider.rest(rest + "declare void @each(ptr)\n")
    names = [name for _, name, _ in defined([first, second])]
    assert len(set(names)) == 2
    assert not re.search(r"kernel_[34]\.", unit.text)
    for name in (*names, "kernel_33.code"):
        assert f"call void @each(ptr @{name})" in unit.text
        assert f"declare void @{name}(ptr, i64, i64)" in unit.text
    assert "declare void @other(ptr)" in first.text
    (again,) = Divider(Division()).kernels(KERNEL.format(number=7, value=3))
    assert again == first


def test_two_kernels_that_are_the_same_keep_names_of_their_own() -> None:
    divider = Divider(Division())
    units = [unit for number in (3, 4) for unit in divider.kernels(KERNEL.format(number=number, value=5))]
    assert len({name for _, name, _ in defined(units)}) == 2


@pytest.mark.parametrize("division", [PIECES, Division(least=1_000_000)])
def test_models_are_the_same_in_pieces(division: Division) -> None:
    text = """
    !t = tensor<40x40xf32>
    func.func @f(%a: !t, %b: !t) -> (!t) {
      %z = arith.constant 0.0 : f32
      %c = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
      %e = tensor.empty() : !t
      %0 = linalg.fill ins(%z : f32) outs(%e : !t) -> !t
      %1 = linalg.matmul ins(%a, %b : !t, !t) outs(%0 : !t) -> !t
      %2 = linalg.matmul ins(%1, %b : !t, !t) outs(%0 : !t) -> !t
      %3 = tensor.insert_slice %c into %2[3, 4] [2, 2] [1, 1] : tensor<2x2xf32> into !t
      return %3 : !t
    }"""
    target = CpuTarget()
    target.division = division
    with new_context(), ir.Location.unknown():
        code = target.compile(ir.Module.parse(text))
    assert (len(code.objects) > 1) == (division is PIECES)
    a, b = np.random.default_rng(0).integers(-3, 4, (2, 40, 40)).astype("f")
    wanted = a @ b @ b
    wanted[3:5, 4:6] = [[1, 2], [3, 4]]
    side = [("f32", 40, 40)]
    np.testing.assert_array_equal(load(code).function(signature("f", side * 2, side))(a, b), wanted)
