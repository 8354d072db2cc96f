// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Regions have four corners and an image.

mo.graph @test(%x: !mo.tensor<[1, 2, 3], f32>, %r: !mo.tensor<[3, 4], f32>, %i: !mo.tensor<[3], si64>) {
  // expected-error @+1 {{'mo.roi_align' op expected an input [batch, channels, height, width], found [1, 2, 3]}}
  %0 = mo.roi_align %x, %r, %i : (!mo.tensor<[1, 2, 3], f32>, !mo.tensor<[3, 4], f32>, !mo.tensor<[3], si64>) -> !mo.tensor<[3, 2, 1, 1], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 2, 3, 3], f32>, %r: !mo.tensor<[3, 5], f32>, %i: !mo.tensor<[3], si64>) {
  // expected-error @+1 {{'mo.roi_align' op expected rois [n, 4], found [3, 5]}}
  %0 = mo.roi_align %x, %r, %i : (!mo.tensor<[1, 2, 3, 3], f32>, !mo.tensor<[3, 5], f32>, !mo.tensor<[3], si64>) -> !mo.tensor<[3, 2, 1, 1], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 2, 3, 3], f32>, %r: !mo.tensor<[3, 4], f32>, %i: !mo.tensor<[2], si64>) {
  // expected-error @+1 {{'mo.roi_align' op expected batch_indices [3] of dtype si64, one for each region; found !mo.tensor<[2], si64>}}
  %0 = mo.roi_align %x, %r, %i : (!mo.tensor<[1, 2, 3, 3], f32>, !mo.tensor<[3, 4], f32>, !mo.tensor<[2], si64>) -> !mo.tensor<[3, 2, 1, 1], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 2, 3, 3], f32>, %r: !mo.tensor<[3, 4], f32>, %i: !mo.tensor<[3], si32>) {
  // expected-error @+1 {{'mo.roi_align' op expected batch_indices [3] of dtype si64, one for each region; found !mo.tensor<[3], si32>}}
  %0 = mo.roi_align %x, %r, %i : (!mo.tensor<[1, 2, 3, 3], f32>, !mo.tensor<[3, 4], f32>, !mo.tensor<[3], si32>) -> !mo.tensor<[3, 2, 1, 1], f32>
  mo.output
}
