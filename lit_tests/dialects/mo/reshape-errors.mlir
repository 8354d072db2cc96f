// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Numbers of elements that cannot be equal.

mo.graph @test(%x: !mo.tensor<[2, 3], f32>) {
  // expected-error @+1 {{'mo.reshape' op expected a shape of 6 elements, as the input [2, 3] has; found [7] of 7: dimension 0 would be 6 rather than 7}}
  %0 = mo.reshape %x : !mo.tensor<[2, 3], f32> to !mo.tensor<[7], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 16], f32>) {
  // expected-error @+1 {{'mo.reshape' op expected a shape of n * 16 elements, as the input [n, 16] has; found [n, 8] of n * 8: dimension 0 would be n * 2 rather than n}}
  %0 = mo.reshape %x : !mo.tensor<[n, 16], f32> to !mo.tensor<[n, 8], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.reshape' op expected a shape of n elements, as the input [n] has; found [n + 1] of n + 1: dimension 0 would be n rather than n + 1}}
  %0 = mo.reshape %x : !mo.tensor<[n], f32> to !mo.tensor<[n + 1], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.reshape' op expected a result with the dtype and device of the input, f32 on cpu; found f16 on cpu}}
  %0 = mo.reshape %x : !mo.tensor<[n], f32> to !mo.tensor<[n], f16>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>, %s: !mo.tensor<[3], si64>) {
  // expected-error @+1 {{'mo.reshape' op expected a shape of 2 extents, as the result has; found 3}}
  %0 = mo.reshape %x, %s : !mo.tensor<[n], f32>, !mo.tensor<[3], si64> to !mo.tensor<[p, q], f32>
  mo.output
}
