// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

mo.graph @test(%x: !mo.tensor<[b, 4], f32>) {
  // expected-error @+1 {{'mo.top_k' op expected at most the 4 elements on axis -1 to be chosen, found 5}}
  %0, %1 = mo.top_k %x : (!mo.tensor<[b, 4], f32>) -> (!mo.tensor<[b, 5], f32>, !mo.tensor<[b, 5], si64>)
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[b, 4], f32>) {
  // expected-error @+1 {{'mo.top_k' op expected indices of the input's shape but on axis -1, where they are as many as chosen, as !mo.tensor<[b, 3], si64>; found !mo.tensor<[b, 3], si32>}}
  %0, %1 = mo.top_k %x : (!mo.tensor<[b, 4], f32>) -> (!mo.tensor<[b, 3], f32>, !mo.tensor<[b, 3], si32>)
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[b, 4], f32>) {
  // expected-error @+1 {{'mo.bottom_k' op expected values of the input's shape but on axis 0, where they are as many as chosen, as !mo.tensor<[3, 4], f32>; found !mo.tensor<[3, 3], f32>}}
  %0, %1 = mo.bottom_k %x axis = 0 : (!mo.tensor<[b, 4], f32>) -> (!mo.tensor<[3, 3], f32>, !mo.tensor<[3, 3], si64>)
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[b, 4], f32>, %k: !mo.tensor<[1], si64>) {
  // expected-error @+1 {{'mo.top_k' op expected k of rank 0, found [1]}}
  %0, %1 = mo.top_k %x, %k : (!mo.tensor<[b, 4], f32>, !mo.tensor<[1], si64>) -> (!mo.tensor<[b, k], f32>, !mo.tensor<[b, k], si64>)
  mo.output
}
