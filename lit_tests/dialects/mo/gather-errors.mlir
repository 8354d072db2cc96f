// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Indices are integers, of the shape that they need.

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %i: !mo.tensor<[p], f32>) {
  // expected-error @+1 {{'mo.gather' op expected the dtype of indices to be an integer, found f32}}
  %0 = mo.gather %x, %i : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %i: !mo.tensor<[p], si64>) {
  // expected-error @+1 {{'mo.gather' op expected axis to be in [-3, 3) for a tensor of rank 3, found -4}}
  %0 = mo.gather %x, %i axis = -4 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p], si64>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %i: !mo.tensor<[p], si64>) {
  // expected-error @+1 {{'mo.gather_elements' op expected indices of rank 3, as the input has; found [p]}}
  %0 = mo.gather_elements %x, %i : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p], si64>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %i: !mo.tensor<[p, 4, q], si64>) {
  // expected-error @+1 {{'mo.gather_elements' op expected indices of at most 3 on axis 1, as the input [n, 3, m] has; found 4 in [p, 4, q]}}
  %0 = mo.gather_elements %x, %i : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p, 4, q], si64>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %i: !mo.tensor<[p, 4], si64>) {
  // expected-error @+1 {{'mo.gather_nd' op expected indices whose last dimension is a constant of at most 3, for an input [n, 3, m]; found [p, 4]}}
  %0 = mo.gather_nd %x, %i : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p, 4], si64>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %i: !mo.tensor<[p, q], si64>) {
  // expected-error @+1 {{'mo.gather_nd' op expected indices after 1 of the batch whose last dimension is a constant of at most 2, for an input [n, 3, m]; found [p, q]}}
  %0 = mo.gather_nd %x, %i batch_dims = 1 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p, q], si64>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %i: !mo.tensor<[p, 2], si64>) {
  // expected-error @+1 {{'mo.gather_nd' op expected the first 1 dimensions of indices to be those of the input, [n]; found [p]}}
  %0 = mo.gather_nd %x, %i batch_dims = 1 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p, 2], si64>
  mo.output
}
