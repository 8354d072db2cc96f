// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas
// Products of floats of 8 bits from mo on, and of f32 where tf32 is allowed.
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo{target=nvidia},mogg-to-linalg)' -o %t.linalg.mlir
// RUN: FileCheck %s --check-prefix=LINALG < %t.linalg.mlir
// RUN: %python -m mograph.targets.gpu %t.linalg.mlir --until kernels --kernels --chip sm_89 > %t.mlir
// RUN: FileCheck %s --check-prefix=GPU < %t.mlir
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_89 --until ptx | FileCheck %s --check-prefix=PTX
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_89 --registers 255 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.gpu %t.linalg.mlir --until kernels --kernels --chip sm_80 --features allow_tf32 > %t80.mlir
// RUN: FileCheck %s --check-prefix=SM80 < %t80.mlir
// RUN: %python -m mograph.targets.nvidia %t80.mlir --chip sm_80 --registers 255 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.gpu %t.linalg.mlir --until kernels --kernels --chip sm_90a --features allow_tf32 > %t90.mlir
// RUN: FileCheck %s --check-prefix=HOPPER < %t90.mlir
// RUN: %python -m mograph.targets.nvidia %t90.mlir --chip sm_90a --registers 255 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.gpu %t.linalg.mlir --until kernels --kernels --chip gfx950 > %t950.mlir
// RUN: FileCheck %s --check-prefix=AMD < %t950.mlir

// LINALG: linalg.generic
// LINALG: arith.extf {{.*}} : f8E4M3FN to f32
// GPU-LABEL: gpu.func @product_0(
// GPU: nvvm.cp.async.shared.global
// GPU: llvm.inline_asm "mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e4m3.f32
// GPU: llvm.store {{.*}} : vector<{{[0-9]+}}xi8>, !llvm.ptr<1>
// PTX-LABEL: .entry product_0(
// PTX: mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e4m3.f32
// CUBIN: cubin product_0: {{.*}} threads, {{[0-9]+}} registers, 0 bytes spilled
// SM80-LABEL: gpu.func @product_0(
// SM80: nvvm.mma.sync {{.*}} shape = #nvvm.shape<m = 16, n = 8, k = 16>
// HOPPER-LABEL: gpu.func @product_0(
// HOPPER: wgmma.mma_async {{.*}}e4m3
// AMD-LABEL: gpu.func @product_0(
// AMD: rocdl.mfma.f32.32x32x16.fp8.fp8
mo.graph @small(%x: !mo.tensor<[2048, 2048], f8E4M3FN>, %w: !mo.tensor<[2048, 2048], f8E4M3FN>)
    -> !mo.tensor<[2048, 2048], f8E4M3FN> {
  %y = mo.matmul %x, %w {transpose_rhs} : !mo.tensor<[2048, 2048], f8E4M3FN>, !mo.tensor<[2048, 2048], f8E4M3FN>
  mo.output %y : !mo.tensor<[2048, 2048], f8E4M3FN>
}

// GPU-LABEL: gpu.func @product_1(
// GPU: math.fma
// GPU-NOT: nvvm.mma.sync
// SM80-LABEL: gpu.func @product_1(
// SM80: nvvm.convert.float.to.tf32
// SM80: nvvm.mma.sync {{.*}}<tf32>
// HOPPER-LABEL: gpu.func @product_1(
// HOPPER: wgmma.mma_async {{.*}}tf32
// AMD-LABEL: gpu.func @product_1(
// AMD: rocdl.mfma.f32.32x32x2f32
mo.graph @single(%x: !mo.tensor<[2048, 2048], f32>, %w: !mo.tensor<[2048, 2048], f32>) -> !mo.tensor<[2048, 2048], f32> {
  %y = mo.matmul %x, %w {transpose_rhs} : !mo.tensor<[2048, 2048], f32>, !mo.tensor<[2048, 2048], f32>
  mo.output %y : !mo.tensor<[2048, 2048], f32>
}
