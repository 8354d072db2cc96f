// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Equal but for the axis.

mo.graph @test() {
  // expected-error @+1 {{'mo.concat' op expected one input or more, found none}}
  %0 = "mo.concat"() {axis = 0 : i64} : () -> !mo.tensor<[n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, 3], f32>, %y: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{'mo.concat' op expected inputs of equal rank, found [2, 3] and [2] for inputs 0 and 1}}
  %0 = mo.concat %x, %y axis = 0 : !mo.tensor<[2, 3], f32>, !mo.tensor<[2], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, n], f32>, %y: !mo.tensor<[2, m], f32>) {
  // expected-error @+1 {{'mo.concat' op expected inputs of equal shape but for axis 0; found n and m on axis 1 of inputs 0 and 1, [2, n] and [2, m]; mo.rebind asserts that they are equal}}
  %0 = mo.concat %x, %y axis = 0 : !mo.tensor<[2, n], f32>, !mo.tensor<[2, m], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.concat' op expected axis to be in [-1, 1) for a tensor of rank 1, found 1}}
  %0 = mo.concat %x, %x axis = 1 : !mo.tensor<[n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[n], f16>) {
  // expected-error @+1 {{'mo.concat' op expected input 0 and input 1 of equal dtype, found f32 and f16; mo.cast changes a dtype}}
  %0 = mo.concat %x, %y axis = 0 : !mo.tensor<[n], f32>, !mo.tensor<[n], f16>
  mo.output
}
