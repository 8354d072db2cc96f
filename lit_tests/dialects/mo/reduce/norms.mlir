// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4], f32>, %y: !mo.tensor<[n, 4], si32>) {
  // CHECK: mo.reduce.l1 %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r0 = mo.reduce.l1 %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.reduce.l1 %{{[^ ,)]+}} axes = [1] keepdims : !mo.tensor<[n, 4], si32>
  %r1 = mo.reduce.l1 %y axes = [1] keepdims : !mo.tensor<[n, 4], si32>
  // CHECK: mo.reduce.sum_square %{{[^ ,)]+}} axes = [0] : !mo.tensor<[n, 4], si32>
  %r2 = mo.reduce.sum_square %y axes = [0] : !mo.tensor<[n, 4], si32>
  // CHECK: mo.reduce.l2 %{{[^ ,)]+}} axes = [-1] : !mo.tensor<[n, 4], f32>
  %r3 = mo.reduce.l2 %x axes = [-1] : !mo.tensor<[n, 4], f32>
  // CHECK: mo.reduce.log_sum %{{[^ ,)]+}} axes = [0, 1] : !mo.tensor<[n, 4], f32>
  %r4 = mo.reduce.log_sum %x axes = [0, 1] : !mo.tensor<[n, 4], f32>
  // CHECK: mo.reduce.log_sum_exp %{{[^ ,)]+}} keepdims : !mo.tensor<[n, 4], f32>
  %r5 = mo.reduce.log_sum_exp %x keepdims : !mo.tensor<[n, 4], f32>
  // CHECK: mo.reduce.arg_max %{{[^ ,)]+}} axis = 0 last : !mo.tensor<[n, 4], f32>
  %r6 = mo.reduce.arg_max %x axis = 0 last : !mo.tensor<[n, 4], f32>
  // CHECK: mo.reduce.arg_min %{{[^ ,)]+}} axis = 1 keepdims last : !mo.tensor<[n, 4], si32>
  %r7 = mo.reduce.arg_min %y axis = 1 keepdims last : !mo.tensor<[n, 4], si32>
  mo.output
}
