// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// One result for each device.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n * 4, 6], f32>, %y: !mo.tensor<[n * 4, 6], f32>) {
  // CHECK: mo.shard_and_stack(%{{[^ ,)]+}}, %{{[^ ,)]+}}) axis = 0 devices = [gpu:0, gpu:1] : !mo.tensor<[n * 4, 6], f32>
  %r0:2 = mo.shard_and_stack(%x, %y) axis = 0 devices = [gpu:0, gpu:1] : !mo.tensor<[n * 4, 6], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[2, n * 2, 6], f32, gpu:0>
  %r1 = mo.negative %r0#0 : !mo.tensor<[2, n * 2, 6], f32, gpu:0>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[2, n * 2, 6], f32, gpu:1>
  %r2 = mo.negative %r0#1 : !mo.tensor<[2, n * 2, 6], f32, gpu:1>
  // CHECK: mo.shard_and_stack(%{{[^ ,)]+}}) axis = -1 devices = [cpu] : !mo.tensor<[n * 4, 6], f32>
  %r3 = mo.shard_and_stack(%x) axis = -1 devices = [cpu] : !mo.tensor<[n * 4, 6], f32>
  mo.output
}
