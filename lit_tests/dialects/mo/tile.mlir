// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Repeats in the operation, or known when it runs.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %p: !mo.tensor<[3], si64>) {
  // CHECK: mo.tile %{{[^ ,)]+}} repeats = [2, 1, 0] : !mo.tensor<[n, 3, m], f32>
  %r0 = mo.tile %x repeats = [2, 1, 0] : !mo.tensor<[n, 3, m], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[n * 2, 3, 0], f32>
  %r1 = mo.negative %r0 : !mo.tensor<[n * 2, 3, 0], f32>
  // CHECK: mo.dynamic.tile %{{[^ ,)]+}}, %{{[^ ,)]+}} : (!mo.tensor<[n, 3, m], f32>, !mo.tensor<[3], si64>) -> !mo.tensor<[a, b, c], f32>
  %r2 = mo.dynamic.tile %x, %p : (!mo.tensor<[n, 3, m], f32>, !mo.tensor<[3], si64>) -> !mo.tensor<[a, b, c], f32>
  mo.output
}
