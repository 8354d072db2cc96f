// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas
// RUN: %python -m mograph.targets.nvidia %s --chip sm_90a --until nvvm | FileCheck %s --check-prefix=NVVM
// RUN: %python -m mograph.targets.nvidia %s --chip sm_90a --until ptx | FileCheck %s --check-prefix=PTX
// RUN: %python -m mograph.targets.nvidia %s --chip sm_80 --registers 40 | FileCheck %s --check-prefix=CUBIN
// RUN: sed 's/blocks_beside = 2/blocks_beside = 5/' %s > %t.mlir
// RUN: not %python -m mograph.targets.nvidia %t.mlir --chip sm_80 2>&1 | FileCheck %s --check-prefix=MANY

// Threads of a block, and how many blocks leave registers for each other on a multiprocessor, get to ptxas.
// NVVM: llvm.func @bound({{.*}}nvvm.minctasm = 2 : i32, nvvm.reqntid = array<i32: 32, 16, 1>
// NVVM: llvm.func @free({{.*}}attributes {nvvm.kernel, nvvm.reqntid = array<i32: 96, 1, 1>}
// PTX: .visible .entry bound(
// PTX: .reqntid 32, 16, 1
// PTX: .minnctapersm 2
// PTX: .visible .entry free(
// PTX: .reqntid 96, 1, 1
// PTX-NOT: .minnctapersm
// CUBIN: cubin bound: 32x16x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// CUBIN: cubin free: 96x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// MANY: expected blocks_beside of kernel 'bound' for 1536 threads at most, found 5
gpu.module @kernels {
  gpu.func @bound(%x: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 32, 16, 1>, blocks_beside = 2 : i32} {
    %t = gpu.thread_id x
    %i = arith.index_cast %t : index to i64
    %p = llvm.getelementptr %x[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, i64
    llvm.store %i, %p : i64, !llvm.ptr<1>
    gpu.return
  }
  gpu.func @free(%x: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 96, 1, 1>} {
    %t = gpu.thread_id x
    %i = arith.index_cast %t : index to i64
    %p = llvm.getelementptr %x[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, i64
    llvm.store %i, %p : i64, !llvm.ptr<1>
    gpu.return
  }
}
