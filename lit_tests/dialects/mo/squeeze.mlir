// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Dimensions of 1 go and come.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[1, n, 1], f32>) {
  // CHECK: mo.squeeze %{{[^ ,)]+}} : !mo.tensor<[1, n, 1], f32>
  %r0 = mo.squeeze %x : !mo.tensor<[1, n, 1], f32>
  // CHECK: mo.squeeze %{{[^ ,)]+}} axes = [-1] : !mo.tensor<[1, n, 1], f32>
  %r1 = mo.squeeze %x axes = [-1] : !mo.tensor<[1, n, 1], f32>
  // CHECK: mo.unsqueeze %{{[^ ,)]+}} axes = [0, -1] : !mo.tensor<[1, n, 1], f32>
  %r2 = mo.unsqueeze %x axes = [0, -1] : !mo.tensor<[1, n, 1], f32>
  mo.output
}
