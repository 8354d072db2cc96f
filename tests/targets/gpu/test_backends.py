# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Device modules that have no code are refused, and never end the process; those that have give an image."""

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from mlir import ir

from mograph.targets.amd import emit as amd
from mograph.targets.amd.chips import CHIPS as AMD
from mograph.targets.amd.lld import find_lld
from mograph.targets.amd.notes import kernels_of
from mograph.targets.gpu.image import Image
from mograph.targets.nvidia import emit as nvidia
from mograph.targets.nvidia import ptxas
from mograph.targets.nvidia.chips import CHIPS as NVIDIA

Emit = Callable[[ir.Module], Any]
HEAD = (
    "gpu.module @kernels { gpu.func @k(%p: !llvm.ptr<1>, %n: i64) kernel"
    " attributes {known_block_size = array<i32: 64, 1, 1>} {"
)
TAIL = "gpu.return } }"


def ptx(module: ir.Module) -> str:
    lowered, _ = nvidia.to_nvvm(module, NVIDIA["sm_80"])
    return nvidia.to_ptx(nvidia.to_llvm(lowered), NVIDIA["sm_80"])


def isa(module: ir.Module) -> str:
    lowered, _ = amd.to_rocdl(module, AMD["gfx942"])
    return amd.to_isa(amd.to_llvm(lowered), AMD["gfx942"])


def given(body: str, run: Emit) -> Any:
    with ir.Context(), ir.Location.unknown():
        return run(ir.Module.parse(f"{HEAD}\n{body}\n{TAIL}"))


BOTH = pytest.mark.parametrize("run", [ptx, isa])


@BOTH
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("%0 = arith.constant 1.0 : f32\n%1 = math.exp %0 : f32", "'math.exp' has no code on"),
        (
            "%0 = arith.constant 1.0 : f32\n%1 = gpu.all_reduce add %0 uniform {} : (f32) -> (f32)",
            "'gpu.all_reduce' has no code",
        ),
        ("%0 = tensor.empty() : tensor<4xf32>", "'tensor.empty' has no code on"),
    ],
)
def test_operations_without_code_are_named(run: Emit, body: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        given(body, run)
    assert "loc(" in str(error.value)


@BOTH
def test_types_without_code_are_refused(run: Emit) -> None:
    body = """%0 = arith.trunci %n : i64 to i8
      %1 = arith.bitcast %0 : i8 to f8E4M3FN
      %2 = arith.extf %1 : f8E4M3FN to f32"""
    with pytest.raises(ValueError, match="loc"):
        given(body, run)


@BOTH
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("64, 1, 1", "2048, 1, 1", "expected blocks of kernel 'k' of 1 to 1024 threads, found 2048x1x1"),
        ("64, 1, 1", "0, 1, 1", "of 1 to 1024 threads"),
        ("attributes {known_block_size = array<i32: 64, 1, 1>}", "", "'known_block_size'"),
        ("%n: i64", "%n: memref<4xf32>", "expected pointers and numbers as arguments of kernels, found memref<4xf32>"),
        ("@k(", '@"a b"(', "expected a kernel named by letters, digits and '_', found 'a b'"),
        ("%n: i64)", "%n: i64) workgroup(%w: memref<4xf32, 3>)", "found workgroup attributions"),
    ],
)
def test_kernels_that_cannot_start_are_refused(run: Emit, old: str, new: str, message: str) -> None:
    with ir.Context(), ir.Location.unknown():
        module = ir.Module.parse(f"{HEAD.replace(old, new)}\n{TAIL}")
        with pytest.raises(ValueError, match=message):
            run(module)


@BOTH
def test_modules_without_kernels_are_refused(run: Emit) -> None:
    with ir.Context(), ir.Location.unknown(), pytest.raises(ValueError, match="expected a module with a gpu.module"):
        run(ir.Module.parse("func.func private @f()"))


@BOTH
@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ("alignment = 4 : i64} : !llvm.array<8 x f32>", "expected an alignment of 16 bytes or more for 's', found 4"),
        ("alignment = 16 : i64} : !llvm.struct<(i32)>", "expected arrays of numbers in memory that blocks share"),
        ("alignment = 16 : i64} : !llvm.array<100 x array<4096 x i8>>", "kernel 'k' shares 409600 bytes"),
    ],
)
def test_memory_that_blocks_cannot_share_is_refused(run: Emit, declared: str, message: str) -> None:
    shared = f"gpu.module @kernels {{ llvm.mlir.global internal @s() {{addr_space = 3 : i32, {declared}"
    body = """%s = llvm.mlir.addressof @s : !llvm.ptr<3>
      %0 = llvm.load %s : !llvm.ptr<3> -> i32
      llvm.store %0, %p : i32, !llvm.ptr<1>"""
    with ir.Context(), ir.Location.unknown():
        module = ir.Module.parse(f"{HEAD.replace('gpu.module @kernels {', shared)}\n{body}\n{TAIL}")
        with pytest.raises(ValueError, match=message):
            run(module)


def test_what_llvm_gives_up_on_is_an_error() -> None:
    body = """%v = llvm.load %p : !llvm.ptr<1> -> f64
      %0 = llvm.call_intrinsic "llvm.sin.f64"(%v) : (f64) -> f64
      llvm.store %0, %p : f64, !llvm.ptr<1>"""
    with pytest.raises(ValueError, match="LLVM has no code for sm_80: Cannot select.*fsin"):
        given(body, ptx)
    with pytest.raises(ValueError, match=r"'llvm.sin.f64' has no code on gfx942"):
        given(body, isa)
    assert given("", ptx)


@BOTH
@pytest.mark.parametrize("element", ["f16", "bf16", "f32", "f64"])
@pytest.mark.parametrize("width", [1, 4])
def test_numbers_have_code(run: Emit, element: str, width: int) -> None:
    type_ = element if width == 1 else f"vector<{width}x{element}>"
    integer = f"i{element[-2:]}" if width == 1 else f"vector<{width}xi{element[-2:]}>"
    lines = [f"%v0 = llvm.load %p : !llvm.ptr<1> -> {type_}"]
    operations = """math.sqrt %v; math.absf %v; math.floor %v; math.ceil %v; math.trunc %v; math.roundeven %v
      math.fma %v, %v0, %v; math.copysign %v, %v0; arith.maximumf %v, %v0; arith.minimumf %v, %v0; arith.maxnumf %v, %v0
      arith.minnumf %v, %v0; arith.divf %v, %v0; arith.addf %v, %v0; arith.mulf %v, %v0; arith.negf %v
      arith.remf %v, %v0""".replace(";", "\n").splitlines()
    for number, operation in enumerate(operations):
        text = re.sub(r"%v\b", f"%v{number}", operation)
        lines.append(f"%v{number + 1} = {text} : {type_}")
    lines.append(f"%i = arith.fptosi %v{len(operations)} : {type_} to {integer}")
    for number, name in enumerate(("math.ctpop", "math.ctlz", "math.cttz", "math.absi")):
        lines.append(f"%i{number} = {name} %i{number - 1 if number else ''} : {integer}")
    lines.append(f"%div = arith.floordivsi %i3, %i : {integer}")
    lines.append(f"%f = arith.sitofp %div : {integer} to {type_}")
    lines.append(f"llvm.store %f, %p : {type_}, !llvm.ptr<1>")
    assert "k" in given("\n".join(lines), run)


@BOTH
def test_vectors_are_summed_up(run: Emit) -> None:
    kinds = ("add", "mul", "maximumf", "minimumf", "maxnumf", "minnumf")
    lines = ["%v = llvm.load %p : !llvm.ptr<1> -> vector<8xf32>"]
    for number, kind in enumerate(kinds):
        lines.append(f"%r{number} = vector.reduction <{kind}>, %v : vector<8xf32> into f32")
        lines.append(f"llvm.store %r{number}, %p : f32, !llvm.ptr<1>")
    assert given("\n".join(lines), run)


@BOTH
def test_modules_are_left_as_they_were(run: Emit) -> None:
    with ir.Context(), ir.Location.unknown():
        module = ir.Module.parse(f"{HEAD}\n%t = gpu.thread_id x\n gpu.barrier\n{TAIL}")
        before = str(module)
        first = run(module)
        assert str(module) == before
        assert run(module) == first


@BOTH
def test_threads_make_the_same_code(run: Emit) -> None:
    body = "%t = gpu.thread_id x\n%i = arith.index_cast %t : index to i64\nllvm.store %i, %p : i64, !llvm.ptr<1>"
    alone = given(body, run)
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(given(body, run))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 4


def image(module: ir.Module) -> Image:
    return nvidia.emit(module, NVIDIA["sm_80"])


@pytest.mark.skipif(ptxas.find_ptxas() is None, reason="there is no ptxas")
def test_cubins() -> None:
    found = given("llvm.store %n, %p : i64, !llvm.ptr<1>", image)
    assert found.format == "cubin"
    assert found.code[:4] == b"\x7fELF"
    assert found.kernels["k"].spills == 0
    assert found.kernels["k"].registers > 0


def test_ptx_is_the_image_without_ptxas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvidia, "find_ptxas", lambda: None)
    found = given("", image)
    assert found.format == "ptx"
    assert b".entry k(" in found.code
    assert found.kernels["k"].registers is None


@pytest.mark.skipif(ptxas.find_ptxas() is None, reason="there is no ptxas")
def test_what_ptxas_refuses_is_shown_with_the_kernel() -> None:
    text = given("", ptx).replace("ret;", "nonsense.f32 %r1;\n\tret;")
    with pytest.raises(ValueError, match="ptxas refuses kernel 'k' for sm_80: .*nonsense"):
        ptxas.assemble(text, "sm_80")


@pytest.mark.skipif(find_lld() is None, reason="there is no ld.lld")
def test_code_objects() -> None:
    found = given("llvm.store %n, %p : i64, !llvm.ptr<1>", lambda module: amd.emit(module, AMD["gfx942"]))
    assert found.format == "hsaco"
    assert kernels_of(found.code)["k"][".reqd_workgroup_size"] == [64, 1, 1]
    assert found.kernels["k"].spills == 0


@pytest.mark.parametrize("code", [b"", b"\x7fELF\x02" + bytes(59), b"text"])
def test_notes_of_other_files(code: bytes) -> None:
    with pytest.raises(ValueError, match="expected"):
        kernels_of(code)
