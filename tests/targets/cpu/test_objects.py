# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Object files: made by LLVM's code generator, linked into the process, and refused."""

import ctypes
import math
import subprocess
import sys
from dataclasses import replace

import pytest

from mograph.targets.cpu import Host, this_host
from mograph.targets.cpu.compiled import Compiled
from mograph.targets.cpu.objects import Library, emit

TWICE = "define i64 @twice(i64 %x) { %y = add i64 %x, %x\n ret i64 %y }"
FOUR_TIMES = """
declare i64 @twice(i64)
define i64 @four_times(i64 %x) { %y = call i64 @twice(i64 %x)
  %z = call i64 @twice(i64 %y)
  ret i64 %z }
"""
OTHER = "aarch64-unknown-linux-gnu", "x86_64-unknown-linux-gnu"


def other_host() -> Host:
    here = this_host()
    return replace(here, triple=OTHER[here.triple.startswith("aarch64")], name="", features="")


def call(library: Library, symbol: str, argument: int) -> int:
    result: int = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)(library.address(symbol))(argument)
    return result


@pytest.mark.parametrize("level", range(4))
def test_code_of_every_level_runs(level: int) -> None:
    host = this_host()
    assert call(Library([emit(TWICE, host, level)], host), "twice", 21) == 42


def test_objects_are_linked_to_each_other() -> None:
    host = this_host()
    objects = [emit(text, host) for text in (FOUR_TIMES, TWICE)]
    for order in (objects, objects[::-1]):
        assert call(Library(order, host), "four_times", 5) == 20


def test_functions_of_the_mathematical_library_are_found() -> None:
    text = "define double @f(double %x) { %y = call double @sin(double %x)\n ret double %y }"
    library = Library([emit(f"{text}\ndeclare double @sin(double)", this_host())], this_host())
    assert ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(library.address("f"))(0.5) == math.sin(0.5)


def test_what_is_no_module_is_refused_with_its_line() -> None:
    with pytest.raises(ValueError, match="line 2: value doesn't match function result type 'void'"):
        emit("define void @f() {\n ret i32 1 }", this_host())


def test_a_processor_without_code_generator_is_refused() -> None:
    with pytest.raises(ValueError, match="foo"):
        emit(TWICE, replace(this_host(), triple="foo"))


@pytest.mark.parametrize("damage", [b"", b"abc"])
def test_what_is_no_object_file_is_refused(damage: bytes) -> None:
    with pytest.raises(ValueError, match="not an object file"):
        Library([damage], this_host())


def test_an_object_file_that_ends_early_is_refused() -> None:
    whole = emit(TWICE, this_host())
    with pytest.raises(ValueError, match="not an object file"):
        Library([whole[: len(whole) // 2]], this_host())


def test_an_object_file_of_another_machine_is_refused() -> None:
    other = other_host()
    with pytest.raises(ValueError, match=f"it is for {other.triple.partition('-')[0]}"):
        Library([emit(TWICE, other)], this_host())


def test_code_that_uses_an_unknown_function_is_refused() -> None:
    with pytest.raises(ValueError, match="the code uses 'twice', which is neither given nor in the process"):
        Library([emit(FOUR_TIMES, this_host())], this_host())


def test_an_unknown_function_is_refused() -> None:
    with pytest.raises(ValueError, match="no function 'thrice'"):
        Library([emit(TWICE, this_host())], this_host()).address("thrice")


def test_object_files_are_stored_one_after_the_other() -> None:
    code = Compiled((b"one", b"", b"three"), (), this_host())
    assert Compiled.restore(code.describe(), code.object) == code
    with pytest.raises(ValueError, match="expected object files of 8 bytes, found 7"):
        Compiled.restore(code.describe(), code.object[:-1])


def test_linking_loads_no_mlir() -> None:
    program = f"""
import sys
from mograph.targets.cpu import this_host
from mograph.targets.cpu.objects import Library, emit
assert Library([emit({TWICE!r}, this_host())], this_host()).address("twice")
print(*(name for name in sys.modules if name.partition(".")[0] == "mlir" or name == "mograph._native"))
print(*(line for line in open("/proc/self/maps") if "MLIR" in line))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd="/")
    assert (done.stdout.split(), done.stderr) == ([], "")
