// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// The condition broadcasts too.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%b: !mo.tensor<[n, 1], i1>, %x: !mo.tensor<[4], f32>, %y: !mo.tensor<[], f32>) {
  // CHECK: mo.select %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 1], i1>, !mo.tensor<[4], f32>
  %r0 = mo.select %b, %x, %x : !mo.tensor<[n, 1], i1>, !mo.tensor<[4], f32>
  // CHECK: mo.select %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 1], i1>, !mo.tensor<[4], f32>, !mo.tensor<[], f32>
  %r1 = mo.select %b, %x, %y : !mo.tensor<[n, 1], i1>, !mo.tensor<[4], f32>, !mo.tensor<[], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r2 = mo.negative %r1 : !mo.tensor<[n, 4], f32>
  mo.output
}
