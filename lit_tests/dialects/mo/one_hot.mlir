// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// The depth is in the type, or known when it runs.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%i: !mo.tensor<[n], si32>, %v: !mo.tensor<[], f32>, %d: !mo.tensor<[], si64>) {
  // CHECK: mo.one_hot %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : (!mo.tensor<[n], si32>, !mo.tensor<[], f32>, !mo.tensor<[], f32>) -> !mo.tensor<[n, 5], f32>
  %r0 = mo.one_hot %i, %v, %v : (!mo.tensor<[n], si32>, !mo.tensor<[], f32>, !mo.tensor<[], f32>) -> !mo.tensor<[n, 5], f32>
  // CHECK: mo.one_hot %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} axis = 0 : (!mo.tensor<[n], si32>, !mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>) -> !mo.tensor<[k, n], f32>
  %r1 = mo.one_hot %i, %v, %v, %d axis = 0 : (!mo.tensor<[n], si32>, !mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>) -> !mo.tensor<[k, n], f32>
  mo.output
}
