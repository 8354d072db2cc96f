// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.amd %s --chip gfx942 --until rocdl | FileCheck %s --check-prefix=ROCDL
// RUN: %python -m mograph.targets.amd %s --chip gfx942 --until llvm | FileCheck %s --check-prefixes=LLVM,WAVE64
// RUN: %python -m mograph.targets.amd %s --chip gfx1100 --until llvm | FileCheck %s --check-prefixes=LLVM,WAVE32
// RUN: %python -m mograph.targets.amd %s --chip gfx942 --until isa | FileCheck %s --check-prefix=ISA

// Threads of a block get to LLVM, and how many wavefronts leave registers for each other on each of the four units
// that a multiprocessor has: those of three blocks together.
// ROCDL: llvm.func @bound({{.*}}rocdl.flat_work_group_size = "512,512"
// ROCDL-SAME: rocdl.waves_per_eu = 6 : i32
// ROCDL: llvm.func @free(
// ROCDL-NOT: rocdl.waves_per_eu
// LLVM: define amdgpu_kernel void @bound({{.*}} #[[BOUND:[0-9]+]]
// LLVM: define amdgpu_kernel void @free({{.*}} #[[FREE:[0-9]+]]
// WAVE64: attributes #[[BOUND]] = { {{.*}}"amdgpu-flat-work-group-size"="512,512"{{.*}}"amdgpu-waves-per-eu"="6"
// WAVE32: attributes #[[BOUND]] = { {{.*}}"amdgpu-flat-work-group-size"="512,512"{{.*}}"amdgpu-waves-per-eu"="12"
// LLVM: attributes #[[FREE]] = { {{.*}}"amdgpu-flat-work-group-size"="96,96"
// ISA: .max_flat_workgroup_size: 512
// ISA: .max_flat_workgroup_size: 96
gpu.module @kernels {
  gpu.func @bound(%x: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 32, 16, 1>, blocks_beside = 3 : i32} {
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
