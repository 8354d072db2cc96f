// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// The types of the outputs hold their extents.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // CHECK: mo.split %{{[^ ,)]+}} axis = 1 : !mo.tensor<[n, 3, m], f32> to !mo.tensor<[n, 1, m], f32>, !mo.tensor<[n, 2, m], f32>
  %r0:2 = mo.split %x axis = 1 : !mo.tensor<[n, 3, m], f32> to !mo.tensor<[n, 1, m], f32>, !mo.tensor<[n, 2, m], f32>
  // CHECK: mo.split %{{[^ ,)]+}} axis = -1 : !mo.tensor<[n, 3, m], f32> to !mo.tensor<[n, 3, m floordiv 2], f32>, !mo.tensor<[n, 3, k], f32>
  %r1:2 = mo.split %x axis = -1 : !mo.tensor<[n, 3, m], f32> to !mo.tensor<[n, 3, m floordiv 2], f32>, !mo.tensor<[n, 3, k], f32>
  mo.output
}
