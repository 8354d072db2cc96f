// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

mo.graph @test(%x: !mo.tensor<[b, 4], f32>) {
  // expected-error @+1 {{'mo.unique' op expected inverse of a type such as !mo.tensor<[b * 4], si64>, found !mo.tensor<[b], si64>}}
  %0:4 = mo.unique %x : (!mo.tensor<[b, 4], f32>) -> (!mo.tensor<[u], f32>, !mo.tensor<[u], si64>, !mo.tensor<[b], si64>, !mo.tensor<[u], si64>)
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[b, 4], f32>) {
  // expected-error @+1 {{'mo.unique' op expected values of a type such as !mo.tensor<[b, u], f32>, found !mo.tensor<[u, 4], f32>}}
  %0:4 = mo.unique %x axis = 1 : (!mo.tensor<[b, 4], f32>) -> (!mo.tensor<[u, 4], f32>, !mo.tensor<[u], si64>, !mo.tensor<[4], si64>, !mo.tensor<[u], si64>)
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[b, 4], f32>) {
  // expected-error @+1 {{'mo.unique' op expected counts of a type such as !mo.tensor<[u], si64>, found !mo.tensor<[v], si64>}}
  %0:4 = mo.unique %x axis = 0 : (!mo.tensor<[b, 4], f32>) -> (!mo.tensor<[u, 4], f32>, !mo.tensor<[u], si64>, !mo.tensor<[b], si64>, !mo.tensor<[v], si64>)
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[b, 4], f32>) {
  // expected-error @+1 {{'mo.unique' op expected axis to be in [-2, 2) for a tensor of rank 2, found 2}}
  %0:4 = mo.unique %x axis = 2 : (!mo.tensor<[b, 4], f32>) -> (!mo.tensor<[u, 4], f32>, !mo.tensor<[u], si64>, !mo.tensor<[b], si64>, !mo.tensor<[u], si64>)
  mo.output
}
