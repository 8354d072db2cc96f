// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Positions are si64.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, 4], f32>) {
  // CHECK: mo.reduce.arg_max %{{[^ ,)]+}} axis = -1 : !mo.tensor<[n, 3, 4], f32>
  %r0 = mo.reduce.arg_max %x axis = -1 : !mo.tensor<[n, 3, 4], f32>
  // CHECK: mo.reduce.arg_min %{{[^ ,)]+}} axis = 0 keepdims : !mo.tensor<[n, 3, 4], f32>
  %r1 = mo.reduce.arg_min %x axis = 0 keepdims : !mo.tensor<[n, 3, 4], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[n, 3], si64>
  %r2 = mo.negative %r0 : !mo.tensor<[n, 3], si64>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[1, 3, 4], si64>
  %r3 = mo.negative %r1 : !mo.tensor<[1, 3, 4], si64>
  mo.output
}
