// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// What an operand is measured against is in each message.

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], f32>, %w: !mo.tensor<[4, 3, 3, 3], f16>) {
  // expected-error @+1 {{'mo.conv' op expected input and filter of equal dtype, found f32 and f16; mo.cast changes a dtype}}
  %0 = mo.conv %x, %w : !mo.tensor<[1, 3, 8, 8], f32>, !mo.tensor<[4, 3, 3, 3], f16>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], i1>, %w: !mo.tensor<[4, 3, 3, 3], i1>) {
  // expected-error @+1 {{'mo.conv' op expected dtype to be an integer or a float, found i1}}
  %0 = mo.conv %x, %w : !mo.tensor<[1, 3, 8, 8], i1>, !mo.tensor<[4, 3, 3, 3], i1>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3], f32>, %w: !mo.tensor<[4, 3], f32>) {
  // expected-error @+1 {{'mo.conv' op expected an input of rank 3 to 5: a batch, channels and spatial axes; found rank 2}}
  %0 = mo.conv %x, %w : !mo.tensor<[1, 3], f32>, !mo.tensor<[4, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], f32>, %w: !mo.tensor<[4, 3, 3], f32>) {
  // expected-error @+1 {{'mo.conv' op expected a filter of rank 4, as the input has; found [4, 3, 3]}}
  %0 = mo.conv %x, %w : !mo.tensor<[1, 3, 8, 8], f32>, !mo.tensor<[4, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 4, 8, 8], f32>, %w: !mo.tensor<[4, 3, 3, 3], f32>) {
  // expected-error @+1 {{'mo.conv' op expected an input of 3 channels, 1 groups of the filter's 3; found 4}}
  %0 = mo.conv %x, %w : !mo.tensor<[1, 4, 8, 8], f32>, !mo.tensor<[4, 3, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, c, 8, 8], f32>, %w: !mo.tensor<[4, 3, 3, 3], f32>) {
  // expected-error @+1 {{'mo.conv' op expected an input of 3 channels, 1 groups of the filter's 3; found c}}
  %0 = mo.conv %x, %w : !mo.tensor<[1, c, 8, 8], f32>, !mo.tensor<[4, 3, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 6, 8, 8], f32>, %w: !mo.tensor<[5, 3, 3, 3], f32>) {
  // expected-error @+1 {{'mo.conv' op expected the channels of the result to be a multiple of the 2 groups, found 5}}
  %0 = mo.conv %x, %w groups = 2 : !mo.tensor<[1, 6, 8, 8], f32>, !mo.tensor<[5, 3, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 6, 8, 8], f32>, %w: !mo.tensor<[5, 3, 3, 3], f32>) {
  // expected-error @+1 {{'mo.conv' op expected groups of 1 or more, found 0}}
  %0 = mo.conv %x, %w groups = 0 : !mo.tensor<[1, 6, 8, 8], f32>, !mo.tensor<[5, 3, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], f32>, %w: !mo.tensor<[4, 3, 3, 3], f32>) {
  // expected-error @+1 {{'mo.conv' op expected 2 strides, one for each spatial axis; found 1}}
  %0 = mo.conv %x, %w strides = [1] : !mo.tensor<[1, 3, 8, 8], f32>, !mo.tensor<[4, 3, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], f32>, %w: !mo.tensor<[4, 3, 3, 3], f32>) {
  // expected-error @+1 {{'mo.conv' op expected strides of 1 or more, found [1, 0]}}
  %0 = mo.conv %x, %w strides = [1, 0] : !mo.tensor<[1, 3, 8, 8], f32>, !mo.tensor<[4, 3, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], f32>, %w: !mo.tensor<[4, 3, 3, 3], f32>) {
  // expected-error @+1 {{'mo.conv' op expected low of 0 or more, found [0, -1]}}
  %0 = mo.conv %x, %w low = [0, -1] : !mo.tensor<[1, 3, 8, 8], f32>, !mo.tensor<[4, 3, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], f32>, %w: !mo.tensor<[4, 3, 3, 0], f32>) {
  // expected-error @+1 {{'mo.conv' op expected windows of 1 or more elements, found [3, 0]}}
  %0 = mo.conv %x, %w : !mo.tensor<[1, 3, 8, 8], f32>, !mo.tensor<[4, 3, 3, 0], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 2], f32>, %w: !mo.tensor<[4, 3, 3, 3], f32>) {
  // expected-error @+1 {{'mo.conv' op expected windows that fit into the padded input, found one that reaches over 5 places for 4}}
  %0 = mo.conv %x, %w dilations = [1, 2] high = [0, 2] : !mo.tensor<[1, 3, 8, 2], f32>, !mo.tensor<[4, 3, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], f32>, %w: !mo.tensor<[4, 3, 3, 3], f32>, %b: !mo.tensor<[3], f32>) {
  // expected-error @+1 {{'mo.conv' op expected a bias of shape [4], one element for each channel of the result; found [3]}}
  %0 = mo.conv %x, %w, %b : !mo.tensor<[1, 3, 8, 8], f32>, !mo.tensor<[4, 3, 3, 3], f32>, !mo.tensor<[3], f32>
  mo.output
}
