// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Indices belong to elements; the result is written.

mo.graph @test(%x: !mo.tensor<[1, 3, 2, 2], f32>, %i: !mo.tensor<[1, 3, 2, 2], si32>) {
  // expected-error @+1 {{'mo.max_unpool' op expected indices of dtype si64, found si32}}
  %0 = mo.max_unpool %x, %i : !mo.tensor<[1, 3, 2, 2], f32>, !mo.tensor<[1, 3, 2, 2], si32> to !mo.tensor<[1, 3, 4, 4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 2, 2], f32>, %i: !mo.tensor<[1, 3, 2, 1], si64>) {
  // expected-error @+1 {{'mo.max_unpool' op expected indices of the input's shape [1, 3, 2, 2], found [1, 3, 2, 1]}}
  %0 = mo.max_unpool %x, %i : !mo.tensor<[1, 3, 2, 2], f32>, !mo.tensor<[1, 3, 2, 1], si64> to !mo.tensor<[1, 3, 4, 4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 2, 2], f32>, %i: !mo.tensor<[1, 3, 2, 2], si64>) {
  // expected-error @+1 {{'mo.max_unpool' op expected a result with the dtype and device of the input, f32 on cpu; found f16 on cpu}}
  %0 = mo.max_unpool %x, %i : !mo.tensor<[1, 3, 2, 2], f32>, !mo.tensor<[1, 3, 2, 2], si64> to !mo.tensor<[1, 3, 4, 4], f16>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 2, 2], f32>, %i: !mo.tensor<[1, 3, 2, 2], si64>, %s: !mo.tensor<[3], si64>) {
  // expected-error @+1 {{'mo.max_unpool' op expected a shape of 4 extents, as the result has; found 3}}
  %0 = mo.max_unpool %x, %i, %s : !mo.tensor<[1, 3, 2, 2], f32>, !mo.tensor<[1, 3, 2, 2], si64>, !mo.tensor<[3], si64> to !mo.tensor<[1, 3, 4, 4], f32>
  mo.output
}
