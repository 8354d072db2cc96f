// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas, spirv-val
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo{target=nvidia})' | FileCheck %s --check-prefix=MOGG
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo{target=nvidia},mogg-to-linalg)' -o %t.tensors.mlir
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip sm_90a > %t.mlir
// RUN: FileCheck %s --check-prefix=GPU < %t.mlir
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_90a --until ptx | FileCheck %s --check-prefix=PTX
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_90a --registers 64 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 --registers 64 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip gfx942 > %t942.mlir
// RUN: %python -m mograph.targets.amd %t942.mlir --chip gfx942 --until isa | FileCheck %s --check-prefix=ISA
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip opencl > %tocl.mlir
// RUN: %python -m mograph.targets.spirv %tocl.mlir --chip opencl --output %t.spv && spirv-val --target-env spv1.4 %t.spv

// Bits that say which pairs of boxes overlap are found by a thread for each 64 of them. A thread for each batch and class
// walks through its boxes; nothing is one thread's for all.
// MOGG-LABEL: mogg.kernel private @non_max_suppression_si64(
// MOGG: scf.forall {{.*}} -> (tensor<2x1000x16xi64>)
// MOGG: arith.shli
// MOGG: arith.ori
// MOGG: call @mograph_sort_tiles
// MOGG: scf.forall {{.*}} -> (tensor<2x80x1000xi64>, tensor<2x80x1xi64>, tensor<2x80x16xi64>)
// MOGG: scf.while
// MOGG: scf.forall
// GPU-LABEL: gpu.func @rows_1(
// GPU-SAME: known_block_size = array<i32: 64, 1, 1>
// GPU: scf.for
// GPU: arith.shli
// GPU: memref.store {{.*}} : memref<2x1000x16xi64, 1>
// PTX-LABEL: .entry rows_1(
// PTX: div.rn.f32
// PTX: st.global.b64
// CUBIN: cubin rows_1: 64x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// CUBIN: cubin rows_2: 64x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// ISA-LABEL: rows_1:
// ISA: v_div_scale_f32
// ISA: global_store_dwordx2
mo.graph @boxes(%b: !mo.tensor<[2, 1000, 4], f32>, %s: !mo.tensor<[2, 80, 1000], f32>, %m: !mo.tensor<[], si64>)
    -> !mo.tensor<[k, 3], si64> {
  %0 = mo.non_max_suppression %b, %s max_output %m : !mo.tensor<[], si64>
    : !mo.tensor<[2, 1000, 4], f32>, !mo.tensor<[2, 80, 1000], f32> to !mo.tensor<[k, 3], si64>
  mo.output %0 : !mo.tensor<[k, 3], si64>
}
