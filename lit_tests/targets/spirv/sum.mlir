// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: spirv-val
// RUN: %python -m mograph.targets.spirv %s --chip opencl --until llvm | FileCheck %s --check-prefix=LLVM
// RUN: %python -m mograph.targets.spirv %s --chip opencl --until text | FileCheck %s --check-prefix=TEXT
// RUN: %python -m mograph.targets.spirv %s --chip opencl --output %t.spv | FileCheck %s --check-prefix=BINARY
// RUN: spirv-val --target-env spv1.4 %t.spv

// A sum over the threads of a block: those of a subgroup exchange registers, the others share memory.
// LLVM: @sums = internal addrspace(3) global [4 x float] undef, align 16
// LLVM-COUNT-2: call spir_func i32 @_Z21sub_group_shuffle_xorjj(
// LLVM: call spir_func i32 @_Z22get_sub_group_local_id()
// LLVM: call spir_func i32 @_Z17sub_group_shufflejj(
// LLVM: call spir_func void @_Z7barrierj(i32 3)
// TEXT: OpCapability GroupNonUniformShuffle
// TEXT-COUNT-2: OpGroupNonUniformShuffleXor
// TEXT: OpGroupNonUniformShuffle
// TEXT: OpControlBarrier
// TEXT: OpAtomicCompareExchange
// BINARY: spirv total: 64x1x1 threads, {{.*}} 16 bytes shared
gpu.module @kernels {
  llvm.mlir.global internal @sums() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<4 x f32>
  gpu.func @total(%x: !llvm.ptr<1>, %y: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
    %w = arith.constant 16 : i32
    %t = gpu.thread_id x
    %i = arith.index_cast %t : index to i64
    %p = llvm.getelementptr %x[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
    %0 = llvm.load %p {alignment = 4 : i64} : !llvm.ptr<1> -> f32
    %d8 = arith.constant 8 : i32
    %s8, %v8 = gpu.shuffle xor %0, %d8, %w : f32
    %1 = arith.addf %0, %s8 : f32
    %d4 = arith.constant 4 : i32
    %s4, %v4 = gpu.shuffle xor %1, %d4, %w : f32
    %2 = arith.addf %1, %s4 : f32
    %d2 = arith.constant 2 : i32
    %s2, %v2 = gpu.shuffle down %2, %d2, %w : f32
    %3 = arith.addf %2, %s2 : f32
    %c16 = arith.constant 16 : i64
    %zero = arith.constant 0 : i64
    %sums = llvm.mlir.addressof @sums : !llvm.ptr<3>
    %lane = arith.remui %i, %c16 : i64
    %subgroup = arith.divui %i, %c16 : i64
    %first = arith.cmpi eq, %lane, %zero : i64
    scf.if %first {
      %at = llvm.getelementptr %sums[%subgroup] : (!llvm.ptr<3>, i64) -> !llvm.ptr<3>, f32
      llvm.store %3, %at {alignment = 4 : i64} : f32, !llvm.ptr<3>
    }
    gpu.barrier
    %leader = arith.cmpi eq, %i, %zero : i64
    scf.if %leader {
      %all = llvm.load %sums {alignment = 16 : i64} : !llvm.ptr<3> -> vector<4xf32>
      %total = vector.reduction <add>, %all : vector<4xf32> into f32
      %old = llvm.atomicrmw fadd %y, %total monotonic : !llvm.ptr<1>, f32
    }
    gpu.return
  }
}
