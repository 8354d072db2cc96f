// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Offsets are two for each element of a window at each place.

mo.graph @test(%x: !mo.tensor<[1, 4, 5, 5], f32>, %w: !mo.tensor<[6, 4, 3, 3], f32>, %o: !mo.tensor<[1, 9, 3, 3], f32>) {
  // expected-error @+1 {{'mo.deform_conv' op expected offset of shape [1, 18, 3, 3], found [1, 9, 3, 3]}}
  %0 = mo.deform_conv %x, %w, %o : !mo.tensor<[1, 4, 5, 5], f32>, !mo.tensor<[6, 4, 3, 3], f32>, !mo.tensor<[1, 9, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 4, 5, 5], f32>, %w: !mo.tensor<[6, 4, 3, 3], f32>, %o: !mo.tensor<[1, 18, 3, 3], f32>) {
  // expected-error @+1 {{'mo.deform_conv' op expected the channels of the input to be a multiple of the 3 groups, found 4}}
  %0 = mo.deform_conv %x, %w, %o offset_groups = 3 : !mo.tensor<[1, 4, 5, 5], f32>, !mo.tensor<[6, 4, 3, 3], f32>, !mo.tensor<[1, 18, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 5, 5], f32>, %w: !mo.tensor<[6, 4, 3, 3], f32>, %o: !mo.tensor<[1, 18, 3, 3], f32>) {
  // expected-error @+1 {{'mo.deform_conv' op expected an input of 4 channels, 1 groups of the filter's 4; found 3}}
  %0 = mo.deform_conv %x, %w, %o : !mo.tensor<[1, 3, 5, 5], f32>, !mo.tensor<[6, 4, 3, 3], f32>, !mo.tensor<[1, 18, 3, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 4, 5, 5], si8>, %w: !mo.tensor<[6, 4, 3, 3], si8>, %o: !mo.tensor<[1, 18, 3, 3], si8>) {
  // expected-error @+1 {{'mo.deform_conv' op expected dtype to be a float, found si8}}
  %0 = mo.deform_conv %x, %w, %o : !mo.tensor<[1, 4, 5, 5], si8>, !mo.tensor<[6, 4, 3, 3], si8>, !mo.tensor<[1, 18, 3, 3], si8>
  mo.output
}
