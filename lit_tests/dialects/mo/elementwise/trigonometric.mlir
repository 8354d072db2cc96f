// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Trigonometric and hyperbolic functions.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4], f32>) {
  // CHECK: mo.sin %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r0 = mo.sin %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.cos %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r1 = mo.cos %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.tan %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r2 = mo.tan %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.asin %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r3 = mo.asin %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.acos %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r4 = mo.acos %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.atan %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r5 = mo.atan %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.sinh %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r6 = mo.sinh %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.cosh %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r7 = mo.cosh %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.tanh %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r8 = mo.tanh %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.asinh %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r9 = mo.asinh %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.acosh %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r10 = mo.acosh %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.atanh %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r11 = mo.atanh %x : !mo.tensor<[n, 4], f32>
  mo.output
}
