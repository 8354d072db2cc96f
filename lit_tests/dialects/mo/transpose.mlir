// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Dimension i of the result is dimension perm[i] of the input.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, 4], f32>, %s: !mo.tensor<[], f32>) {
  // CHECK: mo.transpose %{{[^ ,)]+}} perm = [2, 0, 1] : !mo.tensor<[n, 3, 4], f32>
  %r0 = mo.transpose %x perm = [2, 0, 1] : !mo.tensor<[n, 3, 4], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[4, n, 3], f32>
  %r1 = mo.negative %r0 : !mo.tensor<[4, n, 3], f32>
  // CHECK: mo.transpose %{{[^ ,)]+}} perm = [] : !mo.tensor<[], f32>
  %r2 = mo.transpose %s perm = [] : !mo.tensor<[], f32>
  mo.output
}
