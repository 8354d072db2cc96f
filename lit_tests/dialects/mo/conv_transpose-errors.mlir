// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// What an operand is measured against is in each message.

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], f32>, %w: !mo.tensor<[3, 4, 3, 3], f16>) {
  // expected-error @+1 {{'mo.conv_transpose' op expected input and filter of equal dtype, found f32 and f16; mo.cast changes a dtype}}
  %0 = mo.conv_transpose %x, %w : !mo.tensor<[1, 3, 8, 8], f32>, !mo.tensor<[3, 4, 3, 3], f16>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], f32>, %w: !mo.tensor<[3, 4, 3], f32>) {
  // expected-error @+1 {{'mo.conv_transpose' op expected a filter of rank 4, as the input has; found [3, 4, 3]}}
  %0 = mo.conv_transpose %x, %w : !mo.tensor<[1, 3, 8, 8], f32>, !mo.tensor<[3, 4, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 4, 8, 8], f32>, %w: !mo.tensor<[3, 4, 3, 3], f32>) {
  // expected-error @+1 {{'mo.conv_transpose' op expected an input of 3 channels, as the filter has; found 4}}
  %0 = mo.conv_transpose %x, %w : !mo.tensor<[1, 4, 8, 8], f32>, !mo.tensor<[3, 4, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], f32>, %w: !mo.tensor<[3, 4, 3, 3], f32>) {
  // expected-error @+1 {{'mo.conv_transpose' op expected the channels of the input to be a multiple of the 2 groups, found 3}}
  %0 = mo.conv_transpose %x, %w groups = 2 : !mo.tensor<[1, 3, 8, 8], f32>, !mo.tensor<[3, 4, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 0, 8], f32>, %w: !mo.tensor<[3, 4, 3, 3], f32>) {
  // expected-error @+1 {{'mo.conv_transpose' op expected an input whose spatial extents are 1 or more, found 0}}
  %0 = mo.conv_transpose %x, %w : !mo.tensor<[1, 3, 0, 8], f32>, !mo.tensor<[3, 4, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 1, 8], f32>, %w: !mo.tensor<[3, 4, 3, 3], f32>) {
  // expected-error @+1 {{'mo.conv_transpose' op expected padding of at most 3 on an axis, the extent of the result without; found 4}}
  %0 = mo.conv_transpose %x, %w low = [2, 0] high = [2, 0] : !mo.tensor<[1, 3, 1, 8], f32>, !mo.tensor<[3, 4, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], f32>, %w: !mo.tensor<[3, 4, 3, 3], f32>) {
  // expected-error @+1 {{'mo.conv_transpose' op expected 2 output_padding, one for each spatial axis; found 1}}
  %0 = mo.conv_transpose %x, %w output_padding = [1] : !mo.tensor<[1, 3, 8, 8], f32>, !mo.tensor<[3, 4, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], f32>, %w: !mo.tensor<[3, 4, 3, 3], f32>) {
  // expected-error @+1 {{'mo.conv_transpose' op expected output_padding of 0 or more, found [1, -1]}}
  %0 = mo.conv_transpose %x, %w output_padding = [1, -1] : !mo.tensor<[1, 3, 8, 8], f32>, !mo.tensor<[3, 4, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 8], f32>, %w: !mo.tensor<[3, 4, 3], f32>, %b: !mo.tensor<[3], f32>) {
  // expected-error @+1 {{'mo.conv_transpose' op expected a bias of shape [4], one element for each channel of the result; found [3]}}
  %0 = mo.conv_transpose %x, %w, %b : !mo.tensor<[1, 3, 8], f32>, !mo.tensor<[3, 4, 3], f32>, !mo.tensor<[3], f32>
  mo.output
}
