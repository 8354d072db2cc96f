// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas
// Convolutions of 16-bit floats are products on matrix units, whose left factor is read where the windows are, and never
// made. Their bias is in the same kernel.
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo{target=nvidia},mogg-fuse,mogg-to-linalg)' -o %t.linalg.mlir
// RUN: FileCheck %s --check-prefix=LINALG < %t.linalg.mlir
// RUN: %python -m mograph.targets.gpu %t.linalg.mlir --until kernels --kernels --chip sm_80 > %t.mlir
// RUN: FileCheck %s --check-prefix=GPU < %t.mlir
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 --until ptx | FileCheck %s --check-prefix=PTX
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 --registers 200 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_120 --registers 200 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.gpu %t.linalg.mlir --until kernels --kernels --chip gfx942 > %t942.mlir
// RUN: FileCheck %s --check-prefix=AMD < %t942.mlir
// RUN: %python -m mograph.targets.gpu %t.linalg.mlir --until kernels --kernels --chip gfx1201 > %t1201.mlir
// RUN: FileCheck %s --check-prefix=RDNA < %t1201.mlir

// LINALG: linalg.generic
// LINALG: arith.extf {{.*}} : f16 to f32
// LINALG: arith.mulf

// Channels that are neighbours are copied 16 bytes at once.
// GPU-LABEL: gpu.func @product_0(
// GPU: nvvm.cp.async.shared.global {{.*}}, 16, cache = cg
// GPU: nvvm.ldmatrix
// GPU: nvvm.mma.sync
// GPU: arith.truncf
// GPU-LABEL: gpu.func @product_1(
// PTX-LABEL: .entry product_0(
// PTX: cp.async.cg.shared.global
// PTX: mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32
// PTX: st.global.v4.b32
// PTX-LABEL: .entry product_1(
// PTX: mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32
// CUBIN: cubin product_0: 256x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// CUBIN: cubin product_1: 128x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// AMD-LABEL: gpu.func @product_0(
// AMD: rocdl.mfma.f32.32x32x8f16
// AMD-LABEL: gpu.func @product_1(
// AMD: rocdl.mfma.f32.32x32x8bf16.1k
// RDNA-LABEL: gpu.func @product_0(
// RDNA: rocdl.wmma.f32.16x16x16.f16
mo.graph @last(%x: !mo.tensor<[8, 30, 30, 64], f16>, %w: !mo.tensor<[3, 3, 64, 128], f16>, %b: !mo.tensor<[128], f16>)
    -> !mo.tensor<[8, 28, 28, 128], f16> {
  %y = mo.conv %x, %w, %b {layout = "channels_last"}
    : !mo.tensor<[8, 30, 30, 64], f16>, !mo.tensor<[3, 3, 64, 128], f16>, !mo.tensor<[128], f16>
  mo.output %y : !mo.tensor<[8, 28, 28, 128], f16>
}

// The same with the channels before the places, for a number of images that is known when it runs.
mo.graph @first(%x: !mo.tensor<[n, 64, 30, 30], bf16>, %w: !mo.tensor<[128, 64, 3, 3], bf16>)
    -> !mo.tensor<[n, 128, 28, 28], bf16> {
  %y = mo.conv %x, %w : !mo.tensor<[n, 64, 30, 30], bf16>, !mo.tensor<[128, 64, 3, 3], bf16>
  mo.output %y : !mo.tensor<[n, 128, 28, 28], bf16>
}
