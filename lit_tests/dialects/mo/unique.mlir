// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// How many are distinct is a new name.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[b, 4], f32>) {
  // CHECK: mo.unique %{{[^ ,)]+}} : (!mo.tensor<[b, 4], f32>) -> (!mo.tensor<[u], f32>, !mo.tensor<[u], si64>, !mo.tensor<[b * 4], si64>, !mo.tensor<[u], si64>)
  %0:4 = mo.unique %x : (!mo.tensor<[b, 4], f32>) -> (!mo.tensor<[u], f32>, !mo.tensor<[u], si64>, !mo.tensor<[b * 4], si64>, !mo.tensor<[u], si64>)
  // CHECK: mo.unique %{{[^ ,)]+}} axis = -2 sorted = false : (!mo.tensor<[b, 4], f32>) -> (!mo.tensor<[v, 4], f32>, !mo.tensor<[v], si64>, !mo.tensor<[b], si64>, !mo.tensor<[v], si64>)
  %1:4 = mo.unique %x axis = -2 sorted = false : (!mo.tensor<[b, 4], f32>) -> (!mo.tensor<[v, 4], f32>, !mo.tensor<[v], si64>, !mo.tensor<[b], si64>, !mo.tensor<[v], si64>)
  mo.output
}
