// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Rows are taps of channels, columns are windows.

mo.graph @test(%x: !mo.tensor<[1, 12], f32>) {
  // expected-error @+1 {{'mo.col2im' op expected an input of rank 3: batch, rows, columns; found [1, 12]}}
  %0 = mo.col2im %x kernel = [2, 3] : !mo.tensor<[1, 12], f32> to !mo.tensor<[1, 2, 4, 4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 12, 6], f32>) {
  // expected-error @+1 {{'mo.col2im' op expected a kernel of 1 extents, one for each spatial axis of [1, 2, 4]; found 2}}
  %0 = mo.col2im %x kernel = [2, 3] : !mo.tensor<[1, 12, 6], f32> to !mo.tensor<[1, 2, 4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 12, 6], f32>) {
  // expected-error @+1 {{'mo.col2im' op expected a result of batch, channels and spatial axes, found [1, 2]}}
  %0 = mo.col2im %x kernel = [2, 3] : !mo.tensor<[1, 12, 6], f32> to !mo.tensor<[1, 2], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 12, 6], f32>) {
  // expected-error @+1 {{'mo.col2im' op expected either block or kernel}}
  %0 = mo.col2im %x : !mo.tensor<[1, 12, 6], f32> to !mo.tensor<[1, 2, 4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 12, 6], f32>) {
  // expected-error @+1 {{'mo.col2im' op expected a result of batch 1, as the input has; found 2}}
  %0 = mo.col2im %x kernel = [2, 3] : !mo.tensor<[1, 12, 6], f32> to !mo.tensor<[2, 2, 4, 4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 13, 6], f32>) {
  // expected-error @+1 {{'mo.col2im' op expected 12 rows, 6 taps of the result's 2 channels; found 13}}
  %0 = mo.col2im %x kernel = [2, 3] : !mo.tensor<[1, 13, 6], f32> to !mo.tensor<[1, 2, 4, 4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 12, 7], f32>) {
  // expected-error @+1 {{'mo.col2im' op expected 6 columns, one for each window of the result; found 7}}
  %0 = mo.col2im %x kernel = [2, 3] : !mo.tensor<[1, 12, 7], f32> to !mo.tensor<[1, 2, 4, 4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 12, 6], i1>) {
  // expected-error @+1 {{'mo.col2im' op expected dtype to be an integer or a float, found i1}}
  %0 = mo.col2im %x kernel = [2, 3] : !mo.tensor<[1, 12, 6], i1> to !mo.tensor<[1, 2, 4, 4], i1>
  mo.output
}
