// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// A shape of the type, or of an operand that binds new names.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %s: !mo.tensor<[4], si64>, %t: !mo.tensor<[1], si64>) {
  // CHECK: mo.expand %{{[^ ,)]+}} : !mo.tensor<[n, 3, m], f32> to !mo.tensor<[2, n, 3, m], f32>
  %r0 = mo.expand %x : !mo.tensor<[n, 3, m], f32> to !mo.tensor<[2, n, 3, m], f32>
  // CHECK: mo.expand %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[4], si64> to !mo.tensor<[a, b, 3, c], f32>
  %r1 = mo.expand %x, %s : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[4], si64> to !mo.tensor<[a, b, 3, c], f32>
  // CHECK: mo.expand %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[1], si64> to !mo.tensor<[n, 3, c], f32>
  %r2 = mo.expand %x, %t : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[1], si64> to !mo.tensor<[n, 3, c], f32>
  mo.output
}
