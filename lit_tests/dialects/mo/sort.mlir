// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Sorted elements and sorted positions, along any axis and both ways.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[b, n], f32>, %m: !mo.tensor<[4], i1>) {
  // CHECK: mo.sort %{{[^ ,)]+}} : !mo.tensor<[b, n], f32>
  %0 = mo.sort %x : !mo.tensor<[b, n], f32>
  // CHECK: mo.argsort %{{[^ ,)]+}} axis = 0 descending : !mo.tensor<[b, n], f32>
  %1 = mo.argsort %x axis = 0 descending : !mo.tensor<[b, n], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, n], si64>
  %2 = mo.negative %1 : !mo.tensor<[b, n], si64>
  // CHECK: mo.sort %{{[^ ,)]+}} axis = 0 : !mo.tensor<[4], i1>
  %3 = mo.sort %m axis = 0 : !mo.tensor<[4], i1>
  mo.output
}
