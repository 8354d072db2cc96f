// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip sm_80 > %t.mlir
// RUN: FileCheck %s --check-prefix=GPU < %t.mlir
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 --until ptx | FileCheck %s --check-prefix=PTX
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 --registers 255 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip sm_90a > %t90.mlir
// RUN: %python -m mograph.targets.nvidia %t90.mlir --chip sm_90a --registers 255 | FileCheck %s --check-prefix=HOPPER
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip gfx942 > %t942.mlir
// RUN: FileCheck %s --check-prefix=AMD < %t942.mlir
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip opencl > %tocl.mlir
// RUN: FileCheck %s --check-prefix=OPENCL < %tocl.mlir

// Eight by eight sums of a thread are in registers. Elements are copied 16 bytes at once, and what fills the result and
// what is computed of it is in the same kernel.
// GPU-LABEL: gpu.func @product_0(
// GPU-SAME: blocks_beside = 1 : i32, known_block_size = array<i32: 16, 16, 1>
// GPU: llvm.load {{.*}} {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
// GPU: scf.for
// GPU: gpu.barrier
// GPU: scf.for
// GPU-COUNT-16: math.fma {{.*}} : vector<4xf32>
// GPU-NEXT: scf.yield
// GPU: gpu.barrier
// GPU: arith.maximumf {{.*}} : vector<4xf32>
// GPU: llvm.store {{.*}} {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr<1>
// PTX-LABEL: .entry product_0(
// PTX: .reqntid 16, 16, 1
// PTX-NEXT: .minnctapersm 1
// PTX: ld.global.v4.b32
// PTX: bar.sync
// PTX: ld.shared.v4.b32
// PTX-COUNT-64: fma.rn.f32
// PTX: st.global.v4.b32
// CUBIN: cubin product_0: 16x16x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// AMD-LABEL: gpu.func @product_0(
// AMD: rocdl.mfma.f32
// OPENCL-LABEL: gpu.func @product_0(
// OPENCL: gpu.barrier
// OPENCL: math.fma {{.*}} : vector<4xf32>
#id = affine_map<(m, n) -> (m, n)>
func.func @relu(%a: tensor<4096x4096xf32>, %b: tensor<4096x4096xf32>) -> tensor<4096x4096xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4096x4096xf32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<4096x4096xf32>) -> tensor<4096x4096xf32>
  %r = linalg.matmul ins(%a, %b : tensor<4096x4096xf32>, tensor<4096x4096xf32>)
      outs(%i : tensor<4096x4096xf32>) -> tensor<4096x4096xf32>
  %o = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%r : tensor<4096x4096xf32>) outs(%e : tensor<4096x4096xf32>) {
  ^bb0(%x: f32, %y: f32):
    %p = arith.maximumf %x, %z : f32
    linalg.yield %p : f32
  } -> tensor<4096x4096xf32>
  return %o : tensor<4096x4096xf32>
}

// Elements of 16 bits are multiplied by tensor cores. Results are rounded before they are stored.
// GPU-LABEL: gpu.func @product_1(
// GPU: nvvm.cp.async.shared.global
// GPU: nvvm.ldmatrix
// GPU: nvvm.mma.sync
// GPU: arith.truncf {{.*}} : vector<8xf32> to vector<8xf16>
// GPU: llvm.store {{.*}} {alignment = 16 : i64} : vector<8xi16>, !llvm.ptr<1>
// PTX-LABEL: .entry product_1(
// PTX: cp.async.cg.shared.global
// PTX: ldmatrix.sync.aligned.m8n8.x4.shared.b16
// PTX: mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32
// PTX: st.global.v4.b32
// CUBIN: cubin product_1: 256x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// HOPPER: cubin product_1: 384x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// AMD-LABEL: gpu.func @product_1(
// AMD: rocdl.mfma.f32{{.*}}f16
// OPENCL-LABEL: gpu.func @product_1(
// OPENCL: arith.extf {{.*}} to {{.*}}f32
// OPENCL: math.fma {{.*}} : vector<4xf32>
func.func @half(%a: tensor<4096x4096xf16>, %b: tensor<4096x4096xf16>) -> tensor<4096x4096xf16> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4096x4096xf32>
  %h = tensor.empty() : tensor<4096x4096xf16>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<4096x4096xf32>) -> tensor<4096x4096xf32>
  %r = linalg.matmul ins(%a, %b : tensor<4096x4096xf16>, tensor<4096x4096xf16>)
      outs(%i : tensor<4096x4096xf32>) -> tensor<4096x4096xf32>
  %o = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%r : tensor<4096x4096xf32>) outs(%h : tensor<4096x4096xf16>) {
  ^bb0(%x: f32, %y: f16):
    %p = arith.truncf %x : f32 to f16
    linalg.yield %p : f16
  } -> tensor<4096x4096xf16>
  return %o : tensor<4096x4096xf16>
}

// Where few blocks have long sums, several share them, and another kernel adds them up in their order.
// GPU-LABEL: gpu.func @product_2(
// GPU: math.fma
// GPU-LABEL: gpu.func @sum_of_parts_3(
// GPU-SAME: known_block_size = array<i32: 128, 1, 1>
// GPU: arith.addf
// CUBIN: cubin product_2: {{.*}}, 0 bytes spilled
// CUBIN: cubin sum_of_parts_3: 128x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
func.func @few(%a: tensor<16x8192xf32>, %b: tensor<8192x64xf32>, %c: tensor<16x64xf32>) -> tensor<16x64xf32> {
  %r = linalg.matmul ins(%a, %b : tensor<16x8192xf32>, tensor<8192x64xf32>)
      outs(%c : tensor<16x64xf32>) -> tensor<16x64xf32>
  return %r : tensor<16x64xf32>
}
