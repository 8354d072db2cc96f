// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Axes lie within the rank, once each; dtypes are numbers.

mo.graph @test(%x: !mo.tensor<[2, 3], f32>) {
  // expected-error @+1 {{'mo.reduce.add' op expected axes to be in [-2, 2) for a tensor of rank 2, found 2}}
  %0 = mo.reduce.add %x axes = [2] : !mo.tensor<[2, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, 3], f32>) {
  // expected-error @+1 {{'mo.reduce.max' op expected axes to be distinct for a tensor of rank 2, found [1, -1]}}
  %0 = mo.reduce.max %x axes = [1, -1] : !mo.tensor<[2, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], i1>) {
  // expected-error @+1 {{'mo.reduce.mul' op expected dtype to be an integer or a float, found i1}}
  %0 = mo.reduce.mul %x : !mo.tensor<[n], i1>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], si8>) {
  // expected-error @+1 {{'mo.reduce.mean' op expected dtype to be a float, found si8}}
  %0 = mo.reduce.mean %x : !mo.tensor<[n], si8>
  mo.output
}
