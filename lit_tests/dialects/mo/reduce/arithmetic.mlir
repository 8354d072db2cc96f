// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Axes may be absent (all), none, or negative.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, 4], f32>) {
  // CHECK: mo.reduce.add %{{[^ ,)]+}} : !mo.tensor<[n, 3, 4], f32>
  %r0 = mo.reduce.add %x : !mo.tensor<[n, 3, 4], f32>
  // CHECK: mo.reduce.mul %{{[^ ,)]+}} : !mo.tensor<[n, 3, 4], f32>
  %r1 = mo.reduce.mul %x : !mo.tensor<[n, 3, 4], f32>
  // CHECK: mo.reduce.max %{{[^ ,)]+}} : !mo.tensor<[n, 3, 4], f32>
  %r2 = mo.reduce.max %x : !mo.tensor<[n, 3, 4], f32>
  // CHECK: mo.reduce.min %{{[^ ,)]+}} : !mo.tensor<[n, 3, 4], f32>
  %r3 = mo.reduce.min %x : !mo.tensor<[n, 3, 4], f32>
  // CHECK: mo.reduce.mean %{{[^ ,)]+}} : !mo.tensor<[n, 3, 4], f32>
  %r4 = mo.reduce.mean %x : !mo.tensor<[n, 3, 4], f32>
  // CHECK: mo.reduce.add %{{[^ ,)]+}} axes = [0, -1] : !mo.tensor<[n, 3, 4], f32>
  %r5 = mo.reduce.add %x axes = [0, -1] : !mo.tensor<[n, 3, 4], f32>
  // CHECK: mo.reduce.max %{{[^ ,)]+}} axes = [1] keepdims : !mo.tensor<[n, 3, 4], f32>
  %r6 = mo.reduce.max %x axes = [1] keepdims : !mo.tensor<[n, 3, 4], f32>
  // CHECK: mo.reduce.mean %{{[^ ,)]+}} keepdims : !mo.tensor<[n, 3, 4], f32>
  %r7 = mo.reduce.mean %x keepdims : !mo.tensor<[n, 3, 4], f32>
  // CHECK: mo.reduce.mul %{{[^ ,)]+}} axes = [] : !mo.tensor<[n, 3, 4], f32>
  %r8 = mo.reduce.mul %x axes = [] : !mo.tensor<[n, 3, 4], f32>
  // CHECK: mo.add %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[], f32>, !mo.tensor<[1, 1, 1], f32>
  %r9 = mo.add %r0, %r7 : !mo.tensor<[], f32>, !mo.tensor<[1, 1, 1], f32>
  // CHECK: mo.add %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[3], f32>
  %r10 = mo.add %r5, %r5 : !mo.tensor<[3], f32>
  // CHECK: mo.add %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 1, 4], f32>
  %r11 = mo.add %r6, %r6 : !mo.tensor<[n, 1, 4], f32>
  // CHECK: mo.add %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 3, 4], f32>
  %r12 = mo.add %r8, %x : !mo.tensor<[n, 3, 4], f32>
  mo.output
}
