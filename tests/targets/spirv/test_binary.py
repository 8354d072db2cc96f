# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The process that makes SPIR-V."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from mlir import ir

from mograph.targets.spirv import binary
from mograph.targets.spirv.chips import CHIPS
from mograph.targets.spirv.emit import emit

from .running import validate

CHIP = CHIPS["opencl"]
UNKNOWN = """declare float @llvm.canonicalize.f32(float)
define spir_kernel void @k(ptr addrspace(1) %a, float %x) {
  %y = call float @llvm.canonicalize.f32(float %x)
  store float %y, ptr addrspace(1) %a
  ret void
}
"""
GOOD = "define spir_kernel void @k(ptr addrspace(1) %a, i32 %x) {\n store i32 %x, ptr addrspace(1) %a\n ret void\n}\n"


def branches(count: int) -> str:
    """A device module with many blocks, each number another code."""
    body = ""
    for number in range(count):
        body += f"""%c{number} = arith.constant {number} : i64
          %l{number} = arith.cmpi slt, %n, %c{number} : i64
          scf.if %l{number} {{ llvm.store %c{number}, %a : i64, !llvm.ptr<1> }}
          """
    size = "known_block_size = array<i32: 64, 1, 1>"
    return f"""gpu.module @kernels {{
      gpu.func @k(%a: !llvm.ptr<1>, %n: i64) kernel attributes {{{size}}} {{ {body} gpu.return }}
    }}"""


def test_modules_have_their_own_labels() -> None:
    """LLVM's back end remembers those of earlier modules: in one process, some of these are invalid."""
    with ir.Context():
        modules = [ir.Module.parse(branches(1 + number % 7)) for number in range(40)]
        images = [emit(module, CHIP) for module in modules]
    for image in images:
        validate(image.code)
    for first, again in zip(images, images[7:], strict=False):
        assert first.code == again.code


def test_what_llvm_gives_up_on_is_an_error() -> None:
    with pytest.raises(ValueError, match="LLVM has no code for opencl: .*G_FCANONICALIZE"):
        binary.to_binary(UNKNOWN, CHIP)
    with pytest.raises(ValueError, match="LLVM has no code for opencl: LLVM IR parsing error"):
        binary.to_binary("nonsense", CHIP)
    assert binary.to_binary(GOOD, CHIP)[:4] == b"\x03\x02\x23\x07"


def test_types_that_are_not_there_are_an_error() -> None:
    text = GOOD.replace("i32 %x,", "i24 %x,").replace("i32 %x)", "i24 %x)")
    with pytest.raises(ValueError, match="LLVM has no code for opencl: i24 is no type of SPIR-V"):
        binary.to_binary(text, CHIP)


def test_threads_take_turns() -> None:
    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda _: binary.to_binary(GOOD, CHIP), range(12)))
    assert set(codes) == {binary.to_binary(GOOD, CHIP)}


def test_a_process_that_ended_is_started_again() -> None:
    code = binary.to_binary(GOOD, CHIP)
    server = binary._servers[os.getpid()]
    server.kill()
    server.wait()
    assert binary.to_binary(GOOD, CHIP) == code
    assert binary._servers[os.getpid()] is not server


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binary, "_servers", {})
    monkeypatch.setattr(binary, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match="code for OpenCL needs the package 'llvmlite': pip install"):
        binary.prepare()
