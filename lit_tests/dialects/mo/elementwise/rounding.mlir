// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Rounding to integers that stay floats.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4], f32>) {
  // CHECK: mo.floor %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r0 = mo.floor %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.ceil %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r1 = mo.ceil %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.round %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r2 = mo.round %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.trunc %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r3 = mo.trunc %x : !mo.tensor<[n, 4], f32>
  mo.output
}
