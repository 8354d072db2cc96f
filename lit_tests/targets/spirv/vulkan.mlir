// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: spirv-val
// RUN: %python -m mograph.targets.spirv %s --chip vulkan --until spirv | FileCheck %s --check-prefix=SPIRV
// RUN: %python -m mograph.targets.spirv %s --chip vulkan --output %t.spv | FileCheck %s --check-prefix=BINARY
// RUN: spirv-val --target-env vulkan1.3 %t.spv
// RUN: not %python -m mograph.targets.spirv %s --chip vulkan --until llvm 2>&1 | FileCheck %s --check-prefix=NONE

// A sum over the threads of a block. Words of the launch are push constants, addresses numbers; shared memory is words.
// SPIRV: spirv.module @{{.*}} PhysicalStorageBuffer64 GLSL450 requires #spirv.vce<v1.6,
// SPIRV: spirv.GlobalVariable @sums : !spirv.ptr<!spirv.array<4 x i32>, Workgroup>
// SPIRV: spirv.GlobalVariable @words : !spirv.ptr<!spirv.struct<(!spirv.array<16 x i64, stride=8> [0])>, PushConstant>
// SPIRV: spirv.func @total()
// SPIRV: %[[ADDRESS:.*]] = spirv.ConvertUToPtr %{{.*}} : i64 to !spirv.ptr<f32, PhysicalStorageBuffer>
// SPIRV: spirv.Load "PhysicalStorageBuffer" %[[ADDRESS]] ["Aligned", 4] : f32
// SPIRV: spirv.GroupNonUniformShuffleXor <Subgroup>
// SPIRV: spirv.FAdd {{.*}} {no_contraction} : f32
// SPIRV: spirv.Store "Workgroup" {{.*}} : i32
// SPIRV: spirv.ControlBarrier <Workgroup>, <Workgroup>, <AcquireRelease|UniformMemory|WorkgroupMemory>
// SPIRV: spirv.Load "Workgroup" {{.*}} : i32
// SPIRV: spirv.EntryPoint "GLCompute" @total
// SPIRV: spirv.ExecutionMode @total "LocalSize", 128, 1, 1
// BINARY: spirv total: 128x1x1 threads, {{.*}} 16 bytes shared
// NONE: error: code for vulkan has no stage 'llvm'
gpu.module @kernels {
  llvm.mlir.global internal @sums() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<4 x f32>
  gpu.func @total(%x: !llvm.ptr<1>, %y: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 128, 1, 1>} {
    %w = arith.constant 32 : i32
    %t = gpu.thread_id x
    %i = arith.index_cast %t : index to i64
    %p = llvm.getelementptr %x[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
    %0 = llvm.load %p {alignment = 4 : i64} : !llvm.ptr<1> -> f32
    %d8 = arith.constant 8 : i32
    %s8, %v8 = gpu.shuffle xor %0, %d8, %w : f32
    %1 = arith.addf %0, %s8 : f32
    %c32 = arith.constant 32 : i64
    %zero = arith.constant 0 : i64
    %sums = llvm.mlir.addressof @sums : !llvm.ptr<3>
    %lane = arith.remui %i, %c32 : i64
    %subgroup = arith.divui %i, %c32 : i64
    %first = arith.cmpi eq, %lane, %zero : i64
    scf.if %first {
      %at = llvm.getelementptr %sums[%subgroup] : (!llvm.ptr<3>, i64) -> !llvm.ptr<3>, f32
      llvm.store %1, %at {alignment = 4 : i64} : f32, !llvm.ptr<3>
    }
    gpu.barrier
    %leader = arith.cmpi eq, %i, %zero : i64
    scf.if %leader {
      %all = llvm.load %sums {alignment = 16 : i64} : !llvm.ptr<3> -> vector<4xf32>
      %total = vector.reduction <add>, %all : vector<4xf32> into f32
      llvm.store %total, %y {alignment = 4 : i64} : f32, !llvm.ptr<1>
    }
    gpu.return
  }
}
