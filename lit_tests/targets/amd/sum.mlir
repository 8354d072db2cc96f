// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ld.lld
// RUN: %python -m mograph.targets.amd %s --chip gfx942 --until rocdl | FileCheck %s --check-prefix=ROCDL
// RUN: %python -m mograph.targets.amd %s --chip gfx942 --until isa | FileCheck %s --check-prefix=GFX9
// RUN: %python -m mograph.targets.amd %s --chip gfx1100 --until isa | FileCheck %s --check-prefix=GFX11
// RUN: %python -m mograph.targets.amd %s --chip gfx90a --registers 24 | FileCheck %s --check-prefix=HSACO
// RUN: %python -m mograph.targets.amd %s --chip gfx942 --registers 24 | FileCheck %s --check-prefix=HSACO
// RUN: %python -m mograph.targets.amd %s --chip gfx950 --registers 24 | FileCheck %s --check-prefix=HSACO
// RUN: %python -m mograph.targets.amd %s --chip gfx1100 --registers 24 | FileCheck %s --check-prefix=HSACO
// RUN: %python -m mograph.targets.amd %s --chip gfx1201 --registers 24 | FileCheck %s --check-prefix=HSACO

// A sum over the threads of a block: those of a half or a whole wavefront exchange registers, the others share memory.
// Neighbours read each other's registers where there is an instruction for the distance.
// ROCDL: llvm.mlir.global internal @sums()
// GFX9: ds_swizzle_b32 {{.*}} offset:swizzle(SWAP,16)
// GFX9: row_ror:8
// GFX9: ds_swizzle_b32 {{.*}} offset:swizzle(SWAP,4)
// GFX9: quad_perm:[2,3,0,1]
// GFX9: quad_perm:[1,0,3,2]
// GFX9: ds_write_b32
// GFX9: s_barrier
// GFX9: ds_read_b128
// GFX11: ds_swizzle_b32 {{.*}} offset:swizzle(SWAP,16)
// GFX11: row_xmask:8
// GFX11: row_xmask:4
// GFX11: row_xmask:2
// GFX11: row_xmask:1
// GFX11: s_barrier
// GFX11: ds_load_b128
// HSACO: hsaco total: 256x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled, 32 bytes shared
// A wide value is exchanged word by word, a narrow one in a word; the last lanes keep theirs.
// ROCDL: llvm.func @wide(
// ROCDL-COUNT-4: rocdl.ds_bpermute
// HSACO: hsaco wide: 64x1x1 threads,
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
