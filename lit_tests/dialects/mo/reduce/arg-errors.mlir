// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// One axis, with elements.

mo.graph @test(%x: !mo.tensor<[2, 3], f32>) {
  // expected-error @+1 {{'mo.reduce.arg_max' op expected axis to be in [-2, 2) for a tensor of rank 2, found -3}}
  %0 = mo.reduce.arg_max %x axis = -3 : !mo.tensor<[2, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[], f32>) {
  // expected-error @+1 {{'mo.reduce.arg_min' op expected axis to be in [0, 0) for a tensor of rank 0, found 0}}
  %0 = mo.reduce.arg_min %x axis = 0 : !mo.tensor<[], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, 0], f32>) {
  // expected-error @+1 {{'mo.reduce.arg_max' op expected an axis with elements, found extent 0 on axis 1 of [2, 0]}}
  %0 = mo.reduce.arg_max %x axis = 1 : !mo.tensor<[2, 0], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, 3], f32>) {
  // expected-error @+1 {{'mo.reduce.arg_max' op requires attribute 'axis'}}
  %0 = "mo.reduce.arg_max"(%x) : (!mo.tensor<[2, 3], f32>) -> !mo.tensor<[2], si64>
  mo.output
}
