// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4], f32>) {
  // CHECK: mo.cumsum %{{[^ ,)]+}} axis = 0 : !mo.tensor<[n, 4], f32>
  %r0 = mo.cumsum %x axis = 0 : !mo.tensor<[n, 4], f32>
  // CHECK: mo.cumsum %{{[^ ,)]+}} axis = -1 exclusive : !mo.tensor<[n, 4], f32>
  %r1 = mo.cumsum %x axis = -1 exclusive : !mo.tensor<[n, 4], f32>
  // CHECK: mo.cumprod %{{[^ ,)]+}} axis = 1 exclusive reverse : !mo.tensor<[n, 4], f32>
  %r2 = mo.cumprod %x axis = 1 exclusive reverse : !mo.tensor<[n, 4], f32>
  // CHECK: mo.cumprod %{{[^ ,)]+}} axis = 1 reverse : !mo.tensor<[n, 4], f32>
  %r3 = mo.cumprod %x axis = 1 reverse : !mo.tensor<[n, 4], f32>
  mo.output
}
