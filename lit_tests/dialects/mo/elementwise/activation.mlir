// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// The default approximation of gelu is not printed.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4], f32>) {
  // CHECK: mo.erf %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r0 = mo.erf %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.erfc %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r1 = mo.erfc %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.sigmoid %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r2 = mo.sigmoid %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.relu %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r3 = mo.relu %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.gelu %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r4 = mo.gelu %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.silu %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r5 = mo.silu %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.softplus %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r6 = mo.softplus %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.gelu %{{[^ ,)]+}} approximate = tanh : !mo.tensor<[n, 4], f32>
  %r7 = mo.gelu %x approximate = tanh : !mo.tensor<[n, 4], f32>
  mo.output
}
