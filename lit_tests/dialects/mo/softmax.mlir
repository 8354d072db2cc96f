// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// The default axis, the last, is not printed.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4], f32>) {
  // CHECK: mo.softmax %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r0 = mo.softmax %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.softmax %{{[^ ,)]+}} axis = 0 : !mo.tensor<[n, 4], f32>
  %r1 = mo.softmax %x axis = 0 : !mo.tensor<[n, 4], f32>
  // CHECK: mo.log_softmax %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r2 = mo.log_softmax %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.log_softmax %{{[^ ,)]+}} axis = -2 : !mo.tensor<[n, 4], f32>
  %r3 = mo.log_softmax %x axis = -2 : !mo.tensor<[n, 4], f32>
  // CHECK: mo.hardmax %{{[^ ,)]+}} axis = 0 : !mo.tensor<[n, 4], f32>
  %r4 = mo.hardmax %x axis = 0 : !mo.tensor<[n, 4], f32>
  mo.output
}
