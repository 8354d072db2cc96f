// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Parts that cannot make up the whole.

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // expected-error @+1 {{'mo.split' op expected outputs whose extents on axis 1 sum up to the input's 3; found 2}}
  %0 = mo.split %x axis = 1 : !mo.tensor<[n, 3, m], f32> to !mo.tensor<[n, 2, m], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // expected-error @+1 {{'mo.split' op expected output 0 to have the shape of the input but for axis 0, [n, 3, m]; found [n, 3, k]}}
  %0 = mo.split %x axis = 0 : !mo.tensor<[n, 3, m], f32> to !mo.tensor<[n, 3, k], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // expected-error @+1 {{'mo.split' op expected axis to be in [-3, 3) for a tensor of rank 3, found 3}}
  %0 = mo.split %x axis = 3 : !mo.tensor<[n, 3, m], f32> to !mo.tensor<[n, 3, m], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // expected-error @+1 {{'mo.split' op expected a result with the dtype and device of the input, f32 on cpu; found f16 on cpu}}
  %0 = mo.split %x axis = 0 : !mo.tensor<[n, 3, m], f32> to !mo.tensor<[n, 3, m], f16>
  mo.output
}
