// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas
// Blocks share the steps of long sums. How many each takes is host code's to say, which knows all extents.
// RUN: %python -m mograph.targets.gpu %s --until kernels --chip sm_80 | FileCheck %s --check-prefix=HOST
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip sm_80 > %t.mlir
// RUN: FileCheck %s --check-prefix=GPU < %t.mlir
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 --until ptx | FileCheck %s --check-prefix=PTX
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 --registers 255 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip sm_90a > %t90.mlir
// RUN: FileCheck %s --check-prefix=HOPPER < %t90.mlir
// RUN: %python -m mograph.targets.nvidia %t90.mlir --chip sm_90a --registers 255 | FileCheck %s --check-prefix=CUBIN90
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip gfx942 > %t942.mlir
// RUN: FileCheck %s --check-prefix=AMD < %t942.mlir

// The number of rows is known when it runs. Where there are tiles enough, a block takes one (as many steps as a tile
// has), and nothing is launched to add parts up.
// HOST-LABEL: func.func @rows(
// HOST: arith.divui {{.*}} : i64
// HOST: arith.maxsi {{.*}} : i64
// HOST: %[[SHARE:.*]] = arith.select {{.*}} : i64
// HOST: memref.alloc({{.*}}) {{.*}} : memref<?xf32>
// HOST: call @mograph_device_launch(
// HOST: call @mograph_device_launch(
// GPU-LABEL: gpu.func @product_0(
// GPU: scf.for
// GPU: gpu.barrier
// GPU: scf.for
// GPU: nvvm.mma.sync
// GPU: scf.if
// GPU: arith.truncf
// GPU: } else {
// GPU: llvm.store {{.*}} : vector<{{[0-9]+}}xf32>, !llvm.ptr<1>
// GPU-LABEL: gpu.func @sum_of_parts_1(
// GPU: scf.for
// GPU: arith.addf {{.*}} : vector<8xf32>
// GPU: arith.truncf
// PTX-LABEL: .entry product_0(
// PTX: mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32
// PTX-LABEL: .entry sum_of_parts_1(
// PTX: ld.global.v4.b32
// PTX: add.rn.f32
// CUBIN: cubin product_0: {{.*}} threads, {{[0-9]+}} registers, 0 bytes spilled
// CUBIN: cubin sum_of_parts_1: 128x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// HOPPER-LABEL: gpu.func @product_0(
// HOPPER: nvvm.wgmma.mma_async
// CUBIN90: cubin product_0: 384x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// CUBIN90: cubin sum_of_parts_{{[0-9]}}: 128x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// AMD-LABEL: gpu.func @product_0(
// AMD: rocdl.mfma.f32
// AMD-LABEL: gpu.func @sum_of_parts_1(
#id = affine_map<(m, n) -> (m, n)>
func.func @rows(%a: tensor<?x4096xf16>, %b: tensor<4096x512xf16>) -> tensor<?x512xf16> {
  %z = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %m = tensor.dim %a, %c0 : tensor<?x4096xf16>
  %e = tensor.empty(%m) : tensor<?x512xf32>
  %h = tensor.empty(%m) : tensor<?x512xf16>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<?x512xf32>) -> tensor<?x512xf32>
  %r = linalg.matmul ins(%a, %b : tensor<?x4096xf16>, tensor<4096x512xf16>)
      outs(%i : tensor<?x512xf32>) -> tensor<?x512xf32>
  %o = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%r : tensor<?x512xf32>) outs(%h : tensor<?x512xf16>) {
  ^bb0(%x: f32, %y: f16):
    %p = arith.truncf %x : f32 to f16
    linalg.yield %p : f16
  } -> tensor<?x512xf16>
  return %o : tensor<?x512xf16>
}

// Few rows of a large matrix: wgmma's tiles would keep half of the chip busy.
// GPU-LABEL: gpu.func @product_2(
// GPU: nvvm.mma.sync
// GPU-LABEL: gpu.func @sum_of_parts_3(
// HOPPER: nvvm.mma.sync
// HOPPER-LABEL: gpu.func @sum_of_parts_{{[0-9]}}(
func.func @few(%a: tensor<16x4096xf16>, %b: tensor<4096x4096xf16>) -> tensor<16x4096xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<16x4096xf32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<16x4096xf32>) -> tensor<16x4096xf32>
  %r = linalg.matmul ins(%a, %b : tensor<16x4096xf16>, tensor<4096x4096xf16>)
      outs(%i : tensor<16x4096xf32>) -> tensor<16x4096xf32>
  return %r : tensor<16x4096xf32>
}
