// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas, spirv-val
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo{target=nvidia},mogg-to-linalg)' -o %t.tensors.mlir
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --chip sm_90a | FileCheck %s --check-prefix=HOST
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip sm_90a > %t.mlir
// RUN: FileCheck %s --check-prefix=GPU < %t.mlir
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_90a --until ptx | FileCheck %s --check-prefix=PTX
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_90a --registers 40 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 --registers 40 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip gfx942 > %t942.mlir
// RUN: %python -m mograph.targets.amd %t942.mlir --chip gfx942 --until isa | FileCheck %s --check-prefix=ISA
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip opencl > %tocl.mlir
// RUN: %python -m mograph.targets.spirv %tocl.mlir --chip opencl --until text | FileCheck %s --check-prefix=SPIRV
// RUN: %python -m mograph.targets.spirv %tocl.mlir --chip opencl --output %t.spv && spirv-val --target-env spv1.4 %t.spv

// All stages over tiles of 2,048 are one launch, and a merge of runs that are longer is one. Two buffers take turns; what
// tiles are made of is one of them.
// HOST-LABEL: func.func @rows(
// HOST: memref.alloc() {{.*}} : memref<6400000xi8>
// HOST-COUNT-2: call @mograph_device_launch(
// HOST: scf.while
// HOST-COUNT-2: call @mograph_device_launch(
// HOST: scf.yield
// HOST-COUNT-2: call @mograph_device_launch(
// HOST-NOT: call @mograph_device_launch(
// HOST: return
// GPU-LABEL: gpu.func @sort_tiles_0(
// GPU-SAME: known_block_size = array<i32: 512, 1, 1>
// GPU-COUNT-4: llvm.store {{.*}} : i64, !llvm.ptr<3>
// GPU: gpu.barrier
// GPU: scf.for
// GPU-COUNT-2: arith.cmpi ult
// GPU: gpu.barrier
// GPU: scf.for
// GPU-COUNT-2: arith.cmpi ult
// GPU: gpu.barrier
// GPU: llvm.store {{.*}} : i64, !llvm.ptr<1>
// PTX-LABEL: .entry sort_tiles_0(
// PTX: ld.global.b64
// PTX: st.shared.b64
// PTX: bar.sync 0;
// PTX: setp.{{.*}}.u64
// CUBIN: cubin sort_tiles_0: 512x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled, 16384 bytes shared
// ISA-LABEL: sort_tiles_0:
// ISA: ds_write_b64
// ISA: s_barrier
// ISA: v_cmp_{{.*}}_u64
// SPIRV: OpControlBarrier
// SPIRV: OpULessThan
mo.graph @rows(%x: !mo.tensor<[4, 100000], f32>) -> !mo.tensor<[4, 100000], f32> {
  %0 = mo.sort %x axis = 1 : !mo.tensor<[4, 100000], f32>
  mo.output %0 : !mo.tensor<[4, 100000], f32>
}

// Pairs of words, in smaller tiles, and few of each: a row of the result has 16 of each of 98 tiles.
// A thread merges 8 neighbouring elements of two runs, and searches before for where they begin.
// GPU: gpu.func @sort_tiles_1(
// GPU-SAME: known_block_size = array<i32: 256, 1, 1>
// GPU: gpu.func @rows_{{[0-9]+}}(
// GPU-SAME: known_block_size = array<i32: 64, 1, 1>
// GPU: scf.while
// GPU: scf.for
// GPU: memref.store
// CUBIN: cubin sort_tiles_1: 256x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled, 16384 bytes shared
// CUBIN-COUNT-2: cubin rows_{{[0-9]+}}: 64x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
mo.graph @first(%x: !mo.tensor<[4, 100000], f64>) -> !mo.tensor<[4, 10], si64> {
  %v, %p = mo.top_k %x axis = 1 : (!mo.tensor<[4, 100000], f64>) -> (!mo.tensor<[4, 10], f64>, !mo.tensor<[4, 10], si64>)
  mo.output %p : !mo.tensor<[4, 10], si64>
}
