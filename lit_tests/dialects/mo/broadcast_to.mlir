// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Dimensions of 1 are repeated, and new ones put in front.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 1], f32>, %s: !mo.tensor<[3], si64>) {
  // CHECK: mo.broadcast_to %{{[^ ,)]+}} : !mo.tensor<[n, 1], f32> to !mo.tensor<[2, n, 4], f32>
  %r0 = mo.broadcast_to %x : !mo.tensor<[n, 1], f32> to !mo.tensor<[2, n, 4], f32>
  // CHECK: mo.broadcast_to %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 1], f32>, !mo.tensor<[3], si64> to !mo.tensor<[k, n, m], f32>
  %r1 = mo.broadcast_to %x, %s : !mo.tensor<[n, 1], f32>, !mo.tensor<[3], si64> to !mo.tensor<[k, n, m], f32>
  mo.output
}
