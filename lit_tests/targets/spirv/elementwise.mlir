// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: spirv-val
// RUN: %python -m mograph.targets.spirv %s --chip opencl --until llvm | FileCheck %s --check-prefix=LLVM
// RUN: %python -m mograph.targets.spirv %s --chip opencl --until text | FileCheck %s --check-prefix=TEXT
// RUN: %python -m mograph.targets.spirv %s --chip opencl --output %t.spv | FileCheck %s --check-prefix=BINARY
// RUN: spirv-val --target-env spv1.4 %t.spv
// RUN: %python -m mograph.targets.spirv %s --chip opencl64 --until text | FileCheck %s --check-prefix=WIDE

// Four numbers a thread, read and written at once. What is not contracted here, no driver contracts.
// LLVM: declare spir_func i64 @_Z12get_local_idj(i32)
// LLVM: define spir_kernel void @root(ptr addrspace(1) %{{.*}}, ptr addrspace(1) %{{.*}}, i64 %{{.*}})
// LLVM: load <4 x float>, ptr addrspace(1) %{{.*}}, align 16
// TEXT: OpCapability Kernel
// TEXT: OpMemoryModel Physical64 OpenCL
// TEXT: OpEntryPoint Kernel %[[ROOT:.*]] "root"
// TEXT: OpExecutionMode %[[ROOT]] LocalSize 256 1 1
// TEXT: OpExecutionMode %[[ROOT]] SubgroupSize 16
// WIDE: OpExecutionMode {{.*}} SubgroupSize 64
// TEXT: OpExecutionMode %[[ROOT]] ContractionOff
// TEXT: OpLoad {{.*}} Aligned 16
// TEXT: OpExtInst {{.*}} fma
// TEXT: OpExtInst {{.*}} sqrt
// TEXT: OpFDiv
// TEXT: OpStore {{.*}} Aligned 16
// BINARY: spirv root: 256x1x1 threads, {{.*}} 0 bytes shared
gpu.module @kernels {
  gpu.func @root(%x: !llvm.ptr<1>, %y: !llvm.ptr<1>, %n: i64) kernel attributes {known_block_size = array<i32: 256, 1, 1>} {
    %c4 = arith.constant 4 : i64
    %t = gpu.thread_id x
    %b = gpu.block_id x
    %d = gpu.block_dim x
    %start = arith.muli %b, %d : index
    %sum = arith.addi %start, %t : index
    %thread = arith.index_cast %sum : index to i64
    %i = arith.muli %thread, %c4 : i64
    %in = arith.cmpi slt, %i, %n : i64
    scf.if %in {
      %px = llvm.getelementptr %x[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
      %py = llvm.getelementptr %y[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
      %v = llvm.load %px {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
      %f = math.fma %v, %v, %v : vector<4xf32>
      %s = math.sqrt %f : vector<4xf32>
      %q = arith.divf %s, %v : vector<4xf32>
      llvm.store %q, %py {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr<1>
    }
    gpu.return
  }
}
