// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// One dimension more than the indices.

mo.graph @test(%i: !mo.tensor<[n], si32>, %v: !mo.tensor<[], f32>) {
  // expected-error @+1 {{'mo.one_hot' op expected a result of shape [n] with one dimension more at axis 1, found [5, n]}}
  %0 = mo.one_hot %i, %v, %v : (!mo.tensor<[n], si32>, !mo.tensor<[], f32>, !mo.tensor<[], f32>) -> !mo.tensor<[5, n], f32>
  mo.output
}

// -----

mo.graph @test(%i: !mo.tensor<[n], si32>, %v: !mo.tensor<[], f16>) {
  // expected-error @+1 {{'mo.one_hot' op expected on of dtype f32, found f16}}
  %0 = mo.one_hot %i, %v, %v : (!mo.tensor<[n], si32>, !mo.tensor<[], f16>, !mo.tensor<[], f16>) -> !mo.tensor<[n, 5], f32>
  mo.output
}

// -----

mo.graph @test(%i: !mo.tensor<[n], f32>, %v: !mo.tensor<[], f32>) {
  // expected-error @+1 {{'mo.one_hot' op expected the dtype of indices to be an integer, found f32}}
  %0 = mo.one_hot %i, %v, %v : (!mo.tensor<[n], f32>, !mo.tensor<[], f32>, !mo.tensor<[], f32>) -> !mo.tensor<[n, 5], f32>
  mo.output
}
