# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What has no code is refused with a message that names it: LLVM's back end would end the process, or be wrong."""

import re

import pytest
from mlir import ir

from mograph.targets.spirv.chips import CHIPS
from mograph.targets.spirv.emit import emit

VALUES = """
    %i4 = arith.trunci %n : i64 to i4
    %i128 = arith.extui %n : i64 to i128
    %f = arith.sitofp %n : i64 to f32
    %h = arith.truncf %f : f32 to f16
    %v1 = vector.from_elements %f : vector<1xf32>
    %v5 = vector.broadcast %f : f32 to vector<5xf32>
    %v32 = vector.broadcast %f : f32 to vector<32xf32>
    %v22 = vector.broadcast %f : f32 to vector<2x2xf32>
    %x = arith.trunci %n : i64 to i32
    %vi = vector.broadcast %n : i64 to vector<2xi64>
    %c32 = arith.constant 32 : i32
    %one = arith.constant 1 : i32
"""
REFUSED = {
    "math.exp": ("%r = math.exp %f : f32", "'math.exp' has no code on opencl"),
    "four bits": ("%r = arith.addi %i4, %i4 : i4\nllvm.store %r, %a : i4, !llvm.ptr<1>", "of i4 has no code on opencl"),
    "128 bits": (
        "%r = arith.addi %i128, %i128 : i128\nllvm.store %r, %a : i128, !llvm.ptr<1>",
        "of i128 has no code on opencl",
    ),
    "a vector of one": (
        "%r = arith.addf %v1, %v1 : vector<1xf32>\nllvm.store %r, %a : vector<1xf32>, !llvm.ptr<1>",
        "of vector<1xf32> has no code on opencl",
    ),
    "a vector of five": (
        "%r = arith.addf %v5, %v5 : vector<5xf32>\nllvm.store %r, %a : vector<5xf32>, !llvm.ptr<1>",
        "of vector<5xf32> has no code on opencl",
    ),
    "a vector of 32": (
        "%r = arith.addf %v32, %v32 : vector<32xf32>\nllvm.store %r, %a : vector<32xf32>, !llvm.ptr<1>",
        "of vector<32xf32> has no code on opencl",
    ),
    "a product of 128 bits": ("%r:2 = arith.mului_extended %vi, %vi : vector<2xi64>", "of vector<2xi64> has no code"),
    "a width that is too large": (
        "%r, %v = gpu.shuffle xor %f, %one, %c32 : f32",
        "power of two up to 16 as its width",
    ),
    "any width": ("%r, %v = gpu.shuffle xor %f, %one, %x : f32", "power of two up to 16 as its width"),
    "a sum of all threads": (
        "%r = gpu.all_reduce add %f uniform {} : (f32) -> f32",
        "'gpu.all_reduce' has no code on opencl",
    ),
    "print": ('gpu.printf "%f", %f : f32', "'gpu.printf' has no code on opencl"),
    "atomic halves": ("%r = llvm.atomicrmw fadd %a, %h monotonic : !llvm.ptr<1>, f16", "of f16 has no code on opencl"),
    "atomic bytes": (
        "%b = arith.trunci %n : i64 to i8\n%r = llvm.atomicrmw add %a, %b monotonic : !llvm.ptr<1>, i8",
        "of i8 has no code on opencl",
    ),
    "atomic nand": (
        "%r = llvm.atomicrmw nand %a, %x monotonic : !llvm.ptr<1>, i32",
        "'llvm.atomicrmw' by 4 : i64 has no code on opencl",
    ),
    "bit reversal": (
        "%r = llvm.intr.bitreverse(%x) : (i32) -> i32\nllvm.store %r, %a : i32, !llvm.ptr<1>",
        "'llvm.intr.bitreverse' has no code on opencl",
    ),
    "canonical numbers": (
        '%r = llvm.call_intrinsic "llvm.canonicalize.f32"(%f) : (f32) -> f32',
        "'llvm.call_intrinsic' has no code on opencl",
    ),
    "another dialect": ("%r = nvvm.read.ptx.sreg.tid.x : i32", "'nvvm.read.ptx.sreg.tid.x' has no code on opencl"),
}


def device_module(body: str, more: str = "") -> str:
    size = "known_block_size = array<i32: 64, 1, 1>"
    return f"""gpu.module @kernels {{
      {more}
      gpu.func @k(%a: !llvm.ptr<1>, %n: i64) kernel attributes {{{size}}} {{
        {VALUES}
        {body}
        gpu.return
      }}
    }}"""


@pytest.mark.parametrize("what", REFUSED)
def test_refused(what: str) -> None:
    body, message = REFUSED[what]
    with ir.Context():
        module = ir.Module.parse(device_module(body))
        with pytest.raises(ValueError, match=re.escape(message)):
            emit(module, CHIPS["opencl"])


def test_what_is_refused_is_found() -> None:
    with ir.Context():
        module = ir.Module.parse(device_module('%r = math.exp %f : f32 loc("model.py":7:3)'))
        with pytest.raises(ValueError, match=r'loc\("model.py":7:3\): \'math.exp\' has no code on opencl'):
            emit(module, CHIPS["opencl"])


def test_shared_memory_has_an_end() -> None:
    more = "llvm.mlir.global internal @s() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<40000 x i8>"
    body = """%s = llvm.mlir.addressof @s : !llvm.ptr<3>
        llvm.store %f, %s {alignment = 4 : i64} : f32, !llvm.ptr<3>"""
    with ir.Context():
        module = ir.Module.parse(device_module(body, more))
        with pytest.raises(ValueError, match="kernel 'k' shares 40000 bytes, opencl has 32768 for a block"):
            emit(module, CHIPS["opencl"])
