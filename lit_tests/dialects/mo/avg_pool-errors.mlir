// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// What an operand is measured against is in each message.

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], si32>) {
  // expected-error @+1 {{'mo.avg_pool' op expected dtype to be a float, found si32}}
  %0 = mo.avg_pool %x kernel = [2, 2] : !mo.tensor<[1, 3, 8, 8], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3], f32>) {
  // expected-error @+1 {{'mo.avg_pool' op expected an input of rank 3 or more: a batch, channels and spatial axes; found rank 2}}
  %0 = mo.avg_pool %x kernel = [2] : !mo.tensor<[1, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], f32>) {
  // expected-error @+1 {{'mo.avg_pool' op expected a kernel of 2 extents, one for each spatial axis of [1, 3, 8, 8]; found 1}}
  %0 = mo.avg_pool %x kernel = [2] : !mo.tensor<[1, 3, 8, 8], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], f32>) {
  // expected-error @+1 {{'mo.avg_pool' op expected windows of 1 or more elements, found [2, 0]}}
  %0 = mo.avg_pool %x kernel = [2, 0] : !mo.tensor<[1, 3, 8, 8], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], f32>) {
  // expected-error @+1 {{'mo.avg_pool' op expected windows that fit into the padded input, found one that reaches over 9 places for 8}}
  %0 = mo.avg_pool %x kernel = [2, 9] : !mo.tensor<[1, 3, 8, 8], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], f32>) {
  // expected-error @+1 {{'mo.avg_pool' op expected 2 strides, one for each spatial axis; found 3}}
  %0 = mo.avg_pool %x kernel = [2, 2] strides = [1, 1, 1] : !mo.tensor<[1, 3, 8, 8], f32>
  mo.output
}
