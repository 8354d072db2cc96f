// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas, spirv-val
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo{target=nvidia})' | FileCheck %s --check-prefix=MOGG
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo{target=nvidia},mogg-to-linalg)' -o %t.tensors.mlir
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip sm_90a > %t.mlir
// RUN: FileCheck %s --check-prefix=GPU < %t.mlir
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_90a --until ptx | FileCheck %s --check-prefix=PTX
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_90a --registers 48 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 --registers 48 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip gfx942 > %t942.mlir
// RUN: %python -m mograph.targets.amd %t942.mlir --chip gfx942 --until isa | FileCheck %s --check-prefix=ISA
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip opencl > %tocl.mlir
// RUN: %python -m mograph.targets.spirv %tocl.mlir --chip opencl --output %t.spv && spirv-val --target-env spv1.4 %t.spv

// Updates are put in order of where they go. Each has a thread, that of the first one of a row adds up the others there,
// and writes once: no operation is atomic, and nothing is copied for a thread.
// MOGG-LABEL: mogg.kernel private @scatter_nd_f32(
// MOGG: call @mograph_sort_tiles
// MOGG: scf.forall {{.*}} shared_outs({{.*}}) -> (tensor<1000x64xf32>)
// MOGG: tensor.insert
// GPU-LABEL: gpu.func @rows_{{[0-9]+}}(
// GPU-SAME: known_block_size = array<i32: 64, 1, 1>
// GPU: memref.load {{.*}} : memref<1000x64xf32, 1>
// GPU: scf.while
// GPU: arith.addf
// GPU: memref.store {{.*}} : memref<1000x64xf32, 1>
// GPU-NOT: memref.store
// GPU: gpu.return
// PTX-LABEL: .entry rows_{{[0-9]+}}(
// PTX: add.rn.f32
// PTX: st.global.b32
// PTX: ret;
// CUBIN: cubin rows_{{[0-9]+}}: 64x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// ISA-LABEL: rows_{{[0-9]+}}:
// ISA: v_add_f32
// ISA: global_store_dword
mo.graph @sums(%x: !mo.tensor<[1000, 64], f32>, %i: !mo.tensor<[300, 1], si32>, %u: !mo.tensor<[300, 64], f32>)
    -> !mo.tensor<[1000, 64], f32> {
  %0 = mo.scatter_nd %x, %i, %u reduction = add
    : !mo.tensor<[1000, 64], f32>, !mo.tensor<[300, 1], si32>, !mo.tensor<[300, 64], f32>
  mo.output %0 : !mo.tensor<[1000, 64], f32>
}

// Where the order is nothing to the result, parts of 256 updates of one place are combined first, each by a thread that
// searches for the first one there. Few updates are compared with each other, and not sorted.
// MOGG-LABEL: mogg.kernel private @scatter_si32(
// MOGG: call @mograph_sort_tiles
// MOGG: scf.forall
// MOGG: arith.shrsi
// MOGG: scf.forall
// GPU: gpu.func @rows_{{.*}}(
// GPU: arith.shrsi
mo.graph @histogram(%x: !mo.tensor<[10], si32>, %i: !mo.tensor<[n], si32>, %u: !mo.tensor<[n], si32>)
    -> !mo.tensor<[10], si32> {
  %0 = mo.scatter %x, %i, %u reduction = add : !mo.tensor<[10], si32>, !mo.tensor<[n], si32>, !mo.tensor<[n], si32>
  mo.output %0 : !mo.tensor<[10], si32>
}

// MOGG-LABEL: mogg.kernel private @scatter_f16(
// MOGG-NOT: call @mograph_sort_tiles
// MOGG: scf.forall
// MOGG: arith.cmpi eq
mo.graph @few(%x: !mo.tensor<[99, 3], f16>, %i: !mo.tensor<[7, 3], si64>, %u: !mo.tensor<[7, 3], f16>)
    -> !mo.tensor<[99, 3], f16> {
  %0 = mo.scatter %x, %i, %u : !mo.tensor<[99, 3], f16>, !mo.tensor<[7, 3], si64>, !mo.tensor<[7, 3], f16>
  mo.output %0 : !mo.tensor<[99, 3], f16>
}

// Many lines have a thread each, which applies their updates in order.
// MOGG-LABEL: mogg.kernel private @scatter_f32(
// MOGG-NOT: call @mograph_sort_tiles
// MOGG: scf.forall (%{{.*}}, %{{.*}}) in
// MOGG: scf.for %
mo.graph @lines(%x: !mo.tensor<[64, 9, 64], f32>, %i: !mo.tensor<[64, n, 64], si8>, %u: !mo.tensor<[64, n, 64], f32>)
    -> !mo.tensor<[64, 9, 64], f32> {
  %0 = mo.scatter %x, %i, %u axis = 1 reduction = mul
    : !mo.tensor<[64, 9, 64], f32>, !mo.tensor<[64, n, 64], si8>, !mo.tensor<[64, n, 64], f32>
  mo.output %0 : !mo.tensor<[64, 9, 64], f32>
}
