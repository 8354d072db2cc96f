// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Tests of floats: the result is bool.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4], f32>) {
  // CHECK: mo.is_nan %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r0 = mo.is_nan %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.is_inf %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r1 = mo.is_inf %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.is_finite %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r2 = mo.is_finite %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.or %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], i1>
  %r3 = mo.or %r0, %r1 : !mo.tensor<[n, 4], i1>
  mo.output
}
