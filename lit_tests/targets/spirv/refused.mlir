// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not %python -m mograph.targets.spirv %s --chip opencl 2>&1 | FileCheck %s

// CHECK: error: loc("{{.*}}":8:{{[0-9]+}}): 'math.exp' has no code on opencl
gpu.module @kernels {
  gpu.func @k(%x: f32, %y: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
    // Such functions are expanded before code comes here.
    %0 = math.exp %x : f32
    llvm.store %0, %y : f32, !llvm.ptr<1>
    gpu.return
  }
}
