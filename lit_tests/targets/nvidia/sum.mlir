// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas
// RUN: %python -m mograph.targets.nvidia %s --chip sm_90a --until nvvm | FileCheck %s --check-prefix=NVVM
// RUN: %python -m mograph.targets.nvidia %s --chip sm_90a --until ptx | FileCheck %s --check-prefix=PTX
// RUN: %python -m mograph.targets.nvidia %s --chip sm_80 --registers 24 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.nvidia %s --chip sm_90a --registers 24 | FileCheck %s --check-prefix=CUBIN

// A sum over the threads of a block: those of a warp exchange registers, warps share memory.
// NVVM: llvm.mlir.global internal @sums()
// NVVM: nvvm.shfl.sync bfly {{.*}} : i32 -> i32
// NVVM: nvvm.barrier0
// PTX: .shared .align 16 .b8 sums[32];
// PTX: shfl.sync.bfly.b32 {{.*}}, 16, 31, -1;
// PTX: shfl.sync.bfly.b32 {{.*}}, 8, 31, -1;
// PTX: shfl.sync.bfly.b32 {{.*}}, 4, 31, -1;
// PTX: shfl.sync.bfly.b32 {{.*}}, 2, 31, -1;
// PTX: shfl.sync.bfly.b32 {{.*}}, 1, 31, -1;
// PTX: st.shared.b32
// PTX: bar.sync 0;
// PTX-COUNT-2: ld.shared.v4.b32
// CUBIN: cubin total: 256x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled, 32 bytes shared
// A wide value is exchanged word by word, a narrow one in a word; the last lanes keep theirs.
// NVVM: llvm.func @wide(
// PTX: .visible .entry wide(
// PTX-COUNT-2: shfl.sync.down.b32 {{.*}}, 3, 31, -1;
// PTX: shfl.sync.up.b32 {{.*}}|%p{{[0-9]+}}, {{.*}}, 1, 0, -1;
// PTX: shfl.sync.idx.b32 {{.*}}, 0, 6175, -1;
// CUBIN: cubin wide: 64x1x1 threads,
gpu.module @kernels {
  llvm.mlir.global internal @sums() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<8 x f32>
  gpu.func @total(%x: !llvm.ptr<1>, %y: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 256, 1, 1>} {
    %w = arith.constant 32 : i32
    %t = gpu.thread_id x
    %i = arith.index_cast %t : index to i64
    %p = llvm.getelementptr %x[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
    %0 = llvm.load %p {alignment = 4 : i64} : !llvm.ptr<1> -> f32
    %d16 = arith.constant 16 : i32
    %s16, %v16 = gpu.shuffle xor %0, %d16, %w : f32
    %1 = arith.addf %0, %s16 : f32
    %d8 = arith.constant 8 : i32
    %s8, %v8 = gpu.shuffle xor %1, %d8, %w : f32
    %2 = arith.addf %1, %s8 : f32
    %d4 = arith.constant 4 : i32
    %s4, %v4 = gpu.shuffle xor %2, %d4, %w : f32
    %3 = arith.addf %2, %s4 : f32
    %d2 = arith.constant 2 : i32
    %s2, %v2 = gpu.shuffle xor %3, %d2, %w : f32
    %4 = arith.addf %3, %s2 : f32
    %d1 = arith.constant 1 : i32
    %s1, %v1 = gpu.shuffle xor %4, %d1, %w : f32
    %5 = arith.addf %4, %s1 : f32
    %c32 = arith.constant 32 : i64
    %zero = arith.constant 0 : i64
    %sums = llvm.mlir.addressof @sums : !llvm.ptr<3>
    %lane = arith.remui %i, %c32 : i64
    %warp = arith.divui %i, %c32 : i64
    %first = arith.cmpi eq, %lane, %zero : i64
    scf.if %first {
      %at = llvm.getelementptr %sums[%warp] : (!llvm.ptr<3>, i64) -> !llvm.ptr<3>, f32
      llvm.store %5, %at {alignment = 4 : i64} : f32, !llvm.ptr<3>
    }
    gpu.barrier
    %leader = arith.cmpi eq, %i, %zero : i64
    scf.if %leader {
      %all = llvm.load %sums {alignment = 16 : i64} : !llvm.ptr<3> -> vector<8xf32>
      %total = vector.reduction <add>, %all : vector<8xf32> into f32
      llvm.store %total, %y {alignment = 4 : i64} : f32, !llvm.ptr<1>
    }
    gpu.return
  }
  gpu.func @wide(%x: !llvm.ptr<1>, %y: !llvm.ptr<1>, %b: bf16) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
    %w = arith.constant 32 : i32
    %eight = arith.constant 8 : i32
    %none = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %three = arith.constant 3 : i32
    %l = gpu.lane_id
    %i = arith.index_cast %l : index to i64
    %p = llvm.getelementptr %x[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f64
    %v = llvm.load %p {alignment = 8 : i64} : !llvm.ptr<1> -> f64
    %down, %is_down = gpu.shuffle down %v, %three, %w : f64
    %up, %is_up = gpu.shuffle up %b, %one, %w : bf16
    %kept = arith.select %is_up, %up, %b : bf16
    %idx, %is_idx = gpu.shuffle idx %kept, %none, %eight : bf16
    %wide = arith.extf %idx : bf16 to f64
    %sum = arith.addf %down, %wide : f64
    %q = llvm.getelementptr %y[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f64
    llvm.store %sum, %q {alignment = 8 : i64} : f64, !llvm.ptr<1>
    gpu.return
  }
}
