// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Two axes, and a length for each sequence.

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %l: !mo.tensor<[n], si32>) {
  // expected-error @+1 {{'mo.reverse_sequence' op expected batch_axis and time_axis to be distinct, found 0 for both}}
  %0 = mo.reverse_sequence %x, %l batch_axis = 0 time_axis = -3 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[n], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %l: !mo.tensor<[m], si32>) {
  // expected-error @+1 {{'mo.reverse_sequence' op expected lengths of shape [n], one for each of axis 0 of the input; found [m]}}
  %0 = mo.reverse_sequence %x, %l batch_axis = 0 time_axis = 1 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[m], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %l: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.reverse_sequence' op expected the dtype of lengths to be an integer, found f32}}
  %0 = mo.reverse_sequence %x, %l batch_axis = 0 time_axis = 1 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[n], f32>
  mo.output
}
