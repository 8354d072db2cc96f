// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// What a shape is asserted to be.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, m], f32>) {
  // CHECK: mo.rebind %{{[^ ,)]+}} : !mo.tensor<[n, m], f32> to !mo.tensor<[n, 4], f32>
  %r0 = mo.rebind %x : !mo.tensor<[n, m], f32> to !mo.tensor<[n, 4], f32>
  // CHECK: mo.rebind %{{[^ ,)]+}} : !mo.tensor<[n, m], f32> to !mo.tensor<[k, k * 2 + 1], f32>
  %r1 = mo.rebind %x : !mo.tensor<[n, m], f32> to !mo.tensor<[k, k * 2 + 1], f32>
  mo.output
}
