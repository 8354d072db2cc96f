// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Floats, along an axis that is there.

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.softmax' op expected axis to be in [-1, 1) for a tensor of rank 1, found 1}}
  %0 = mo.softmax %x axis = 1 : !mo.tensor<[n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], si32>) {
  // expected-error @+1 {{'mo.log_softmax' op expected dtype to be a float, found si32}}
  %0 = mo.log_softmax %x : !mo.tensor<[n], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], si32>) {
  // expected-error @+1 {{'mo.hardmax' op expected dtype to be a float, found si32}}
  %0 = mo.hardmax %x : !mo.tensor<[n], si32>
  mo.output
}
