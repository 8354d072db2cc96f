// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Exponentials and logarithms.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4], f32>) {
  // CHECK: mo.exp %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r0 = mo.exp %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.exp2 %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r1 = mo.exp2 %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.expm1 %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r2 = mo.expm1 %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.log %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r3 = mo.log %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.log2 %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r4 = mo.log2 %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.log10 %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r5 = mo.log10 %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.log1p %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r6 = mo.log1p %x : !mo.tensor<[n, 4], f32>
  mo.output
}
