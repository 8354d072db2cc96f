// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Sign, magnitude and simple powers.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4], f32>) {
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r0 = mo.negative %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.abs %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r1 = mo.abs %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.sign %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r2 = mo.sign %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.square %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r3 = mo.square %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.sqrt %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r4 = mo.sqrt %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.rsqrt %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r5 = mo.rsqrt %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.cbrt %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r6 = mo.cbrt %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.reciprocal %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r7 = mo.reciprocal %x : !mo.tensor<[n, 4], f32>
  mo.output
}
