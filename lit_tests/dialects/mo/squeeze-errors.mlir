// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// What is no 1 stays.

mo.graph @test(%x: !mo.tensor<[2, n], f32>) {
  // expected-error @+1 {{'mo.squeeze' op expected dimension 0 of [2, n] to be 1, found 2}}
  %0 = mo.squeeze %x axes = [0] : !mo.tensor<[2, n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, n], f32>) {
  // expected-error @+1 {{'mo.squeeze' op expected dimension 1 of [2, n] to be 1, found n; mo.rebind asserts that it is 1}}
  %0 = mo.squeeze %x axes = [-1] : !mo.tensor<[2, n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1], f32>) {
  // expected-error @+1 {{'mo.squeeze' op expected axes to be in [-1, 1) for a tensor of rank 1, found 1}}
  %0 = mo.squeeze %x axes = [1] : !mo.tensor<[1], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.unsqueeze' op expected axes to be distinct for a tensor of rank 3, found [0, -3]}}
  %0 = mo.unsqueeze %x axes = [0, -3] : !mo.tensor<[n], f32>
  mo.output
}
