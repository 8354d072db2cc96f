// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// The result type is written; its names may be new.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4, 3], f32>, %s: !mo.tensor<[2], si64>) {
  // CHECK: mo.reshape %{{[^ ,)]+}} : !mo.tensor<[n, 4, 3], f32> to !mo.tensor<[n * 2, 6], f32>
  %r0 = mo.reshape %x : !mo.tensor<[n, 4, 3], f32> to !mo.tensor<[n * 2, 6], f32>
  // CHECK: mo.reshape %{{[^ ,)]+}} : !mo.tensor<[n, 4, 3], f32> to !mo.tensor<[m], f32>
  %r1 = mo.reshape %x : !mo.tensor<[n, 4, 3], f32> to !mo.tensor<[m], f32>
  // CHECK: mo.reshape %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4, 3], f32>, !mo.tensor<[2], si64> to !mo.tensor<[p, q], f32>
  %r2 = mo.reshape %x, %s : !mo.tensor<[n, 4, 3], f32>, !mo.tensor<[2], si64> to !mo.tensor<[p, q], f32>
  mo.output
}
