# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compute shaders: they are valid for Vulkan 1.3, and what has no code is refused."""

import re

import pytest
from mlir import ir

from mograph.targets.spirv.chips import CHIPS
from mograph.targets.spirv.emit import emit
from mograph.targets.spirv.vulkan import to_shaders

from .running import THREAD, TYPES, kernel, load, store, validate

CHIP = CHIPS["vulkan"]
SHARED = "llvm.mlir.global internal @s() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<256 x f32>\n"
OTHER = "llvm.mlir.global internal @u() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<64 x f64>\n"
PLACE = "%s = llvm.mlir.addressof @s : !llvm.ptr<3>\n"


def shaders(kernels: str) -> bytes:
    with ir.Context():
        image = emit(ir.Module.parse(f"gpu.module @kernels {{\n{kernels}\n}}"), CHIP)
    assert (image.format, image.chip) == ("spirv", "vulkan")
    validate(image.code, "vulkan1.3")
    return image.code


@pytest.mark.parametrize("type_", TYPES)
def test_numbers_of_all_types(type_: str) -> None:
    """Loaded, moved between threads, chosen and stored."""
    body = THREAD + load("%x", "%a0", type_) + load("%y", "%a1", type_)
    if type_ == "i1":
        body += "%r = arith.andi %x, %y : i1\n"
    else:
        compare = "arith.cmpi slt" if type_[0] == "i" else "arith.cmpf olt"
        add = "arith.addi" if type_[0] == "i" else "arith.addf"
        body += f"""%w = arith.constant 32 : i32
          %one = arith.constant 1 : i32
          %z, %v = gpu.shuffle xor %x, %one, %w : {type_}
          %c = {compare}, %z, %y : {type_}
          %sum = {add} %x, %y : {type_}
          %r = arith.select %c, %sum, %x : {type_}
          """
    shaders(kernel("k", 3, body + store("%r", "%a2", type_), 64))


@pytest.mark.parametrize("type_", ["f32", "f64", "i32", "i64", "vector<2xf32>", "vector<4xf32>", "vector<4xi32>"])
def test_shared_memory_is_words(type_: str) -> None:
    body = (
        THREAD
        + PLACE
        + f"""%p = llvm.getelementptr %s[%i] : (!llvm.ptr<3>, i64) -> !llvm.ptr<3>, {type_}
      %q = llvm.getelementptr %a0[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, {type_}
      %x = llvm.load %q : !llvm.ptr<1> -> {type_}
      llvm.store %x, %p : {type_}, !llvm.ptr<3>
      gpu.barrier
      %y = llvm.load %p : !llvm.ptr<3> -> {type_}
      llvm.store %y, %q : {type_}, !llvm.ptr<1>
      """
    )
    code = shaders(SHARED + kernel("k", 1, body, 64))
    control_barrier = (224).to_bytes(2, "little")
    assert control_barrier in code


def test_loops_may_make_no_trip() -> None:
    """Of the numbers that a loop carries, the first are those that it begins with, also after none of its trips."""
    body = (
        THREAD
        + load("%n", "%a0", "i64")
        + """%zero = arith.constant 0 : i64
      %one = arith.constant 1 : i64
      %f = arith.constant 7.0 : f32
      %r = scf.for %j = %zero to %n step %one iter_args(%x = %f) -> (f32) : i64 {
        %y = arith.mulf %x, %x : f32
        scf.yield %y : f32
      }
      """
        + store("%r", "%a1", "f32")
    )
    shaders(kernel("k", 2, body, 64))
    with ir.Context():
        module = ir.Module.parse(f"gpu.module @kernels {{\n{kernel('k', 2, body, 64)}\n}}")
        text = str(to_shaders(module, CHIP)[0])
    before, condition = text.index("spirv.mlir.loop"), text.index("spirv.BranchConditional")
    assert (
        "spirv.Store" in text[before:condition]
    )  # in the block that is run before it is known whether there is a trip


@pytest.mark.parametrize("mode", ["xor", "up", "down", "idx"])
@pytest.mark.parametrize("width", [8, 32])
def test_shuffles(mode: str, width: int) -> None:
    """Of the whole subgroup and of parts, by a number that is known and by one that is not."""
    body = (
        THREAD
        + load("%x", "%a0", "f32")
        + f"""%w = arith.constant {width} : i32
      %three = arith.constant 3 : i32
      %o = arith.trunci %i : i64 to i32
      %y, %v = gpu.shuffle {mode} %x, %three, %w : f32
      %z, %u = gpu.shuffle {mode} %y, %o, %w : f32
      %both = arith.andi %u, %v : i1
      %r = arith.select %both, %z, %x : f32
      """
    )
    shaders(kernel("k", 2, body + store("%r", "%a1", "f32"), 64))


@pytest.mark.parametrize("name", ["sqrt", "absf", "floor", "ceil", "trunc", "roundeven"])
def test_functions(name: str) -> None:
    body = THREAD + load("%x", "%a0", "f32") + f"%r = math.{name} %x : f32\n" + store("%r", "%a1", "f32")
    shaders(kernel("k", 2, body, 64))


def test_no_operations_are_made_one() -> None:
    body = THREAD + load("%x", "%a0", "f32") + "%y = arith.mulf %x, %x : f32\n%r = arith.addf %y, %x : f32\n"
    with ir.Context():
        module = ir.Module.parse(f"gpu.module @kernels {{\n{kernel('k', 2, body + store('%r', '%a1', 'f32'), 64)}\n}}")
        text = str(to_shaders(module, CHIP)[0])
    assert re.search(r"spirv.FMul .*no_contraction", text)
    assert re.search(r"spirv.FAdd .*no_contraction", text)


def test_numbers_are_arguments() -> None:
    size = "known_block_size = array<i32: 64, 1, 1>"
    arguments = "%p: !llvm.ptr<1>, %a: i8, %b: i16, %c: i32, %d: i64, %e: f32, %f: f64, %g: f16"
    stores = "".join(
        f"llvm.store %{name}, %p : {type_}, !llvm.ptr<1>\n"
        for name, type_ in zip("abcdefg", ["i8", "i16", "i32", "i64", "f32", "f64", "f16"], strict=True)
    )
    shaders(f"gpu.func @k({arguments}) kernel attributes {{{size}}} {{ {stores} gpu.return }}")


REFUSED = {
    "wide vectors": (
        "%x = llvm.load %a0 : !llvm.ptr<1> -> vector<8xf16>\nllvm.store %x, %a0 : vector<8xf16>, !llvm.ptr<1>",
        "'llvm.load' of vector<8xf16> has no code on vulkan",
    ),
    "halves in shared memory": (
        PLACE + "%x = llvm.load %s : !llvm.ptr<3> -> f16\nllvm.store %x, %a0 : f16, !llvm.ptr<1>",
        "'llvm.load' of f16 in shared memory has no code on vulkan",
    ),
    "counts of bits": (
        "%c = arith.constant 1 : i32\n%l = llvm.load %a0 : !llvm.ptr<1> -> i32\n%x = math.ctpop %l : i32\n"
        "llvm.store %x, %a0 : i32, !llvm.ptr<1>",
        "failed to legalize operation 'math.ctpop', has no code on vulkan",
    ),
    "atomic operations": (
        "%c = arith.constant 1 : i32\n%x = llvm.atomicrmw add %a0, %c monotonic : !llvm.ptr<1>, i32",
        "'llvm.atomicrmw' has no code on vulkan",
    ),
    "which of two": (
        PLACE + "%u = llvm.mlir.addressof @u : !llvm.ptr<3>\n%t = gpu.thread_id x\n%z = arith.constant 0 : index\n"
        "%c = arith.cmpi eq, %t, %z : index\n%p = arith.select %c, %s, %u : !llvm.ptr<3>\n"
        "%x = llvm.load %p : !llvm.ptr<3> -> f32\nllvm.store %x, %a0 : f32, !llvm.ptr<1>",
        "'arith.select' of places in several variables has no code on vulkan",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused(what: str) -> None:
    body, message = REFUSED[what]
    with ir.Context():
        module = ir.Module.parse(f"gpu.module @kernels {{\n{SHARED}{OTHER}{kernel('k', 1, body, 64)}\n}}")
        with pytest.raises(ValueError, match=re.escape(message)):
            emit(module, CHIP)


def test_too_many_arguments() -> None:
    with ir.Context():
        module = ir.Module.parse(f"gpu.module @kernels {{\n{kernel('k', 17, '', 64)}\n}}")
        with pytest.raises(ValueError, match="expected at most 16 arguments on vulkan, found 17"):
            emit(module, CHIP)
