// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// How many are chosen is in the types of the results; a new name is bound by an operand.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[b, n], f32>, %k: !mo.tensor<[], si64>) {
  // CHECK: mo.top_k %{{[^ ,)]+}} : (!mo.tensor<[b, n], f32>) -> (!mo.tensor<[b, 3], f32>, !mo.tensor<[b, 3], si64>)
  %0, %1 = mo.top_k %x : (!mo.tensor<[b, n], f32>) -> (!mo.tensor<[b, 3], f32>, !mo.tensor<[b, 3], si64>)
  // CHECK: mo.bottom_k %{{[^ ,)]+}}, %{{[^ ,)]+}} axis = 0 : (!mo.tensor<[b, n], f32>, !mo.tensor<[], si64>) -> (!mo.tensor<[few, n], f32>, !mo.tensor<[few, n], si64>)
  %2, %3 = mo.bottom_k %x, %k axis = 0 : (!mo.tensor<[b, n], f32>, !mo.tensor<[], si64>) -> (!mo.tensor<[few, n], f32>, !mo.tensor<[few, n], si64>)
  mo.output
}
