// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// A grid has a coordinate for each spatial axis.

mo.graph @test(%x: !mo.tensor<[1, 2, 3, 4], si32>, %g: !mo.tensor<[1, 5, 6, 2], si32>) {
  // expected-error @+1 {{'mo.grid_sample' op expected dtype to be a float, found si32}}
  %0 = mo.grid_sample %x, %g : !mo.tensor<[1, 2, 3, 4], si32>, !mo.tensor<[1, 5, 6, 2], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 2, 3, 4], f32>, %g: !mo.tensor<[1, 5, 6, 2], f16>) {
  // expected-error @+1 {{'mo.grid_sample' op expected input and grid of equal dtype, found f32 and f16; mo.cast changes a dtype}}
  %0 = mo.grid_sample %x, %g : !mo.tensor<[1, 2, 3, 4], f32>, !mo.tensor<[1, 5, 6, 2], f16>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 2, 3, 4], f32>, %g: !mo.tensor<[1, 5, 6, 3], f32>) {
  // expected-error @+1 {{'mo.grid_sample' op expected a grid [1, _, _, 2] for an input [1, 2, 3, 4], found [1, 5, 6, 3]}}
  %0 = mo.grid_sample %x, %g : !mo.tensor<[1, 2, 3, 4], f32>, !mo.tensor<[1, 5, 6, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 2, 3, 4], f32>, %g: !mo.tensor<[2, 5, 6, 2], f32>) {
  // expected-error @+1 {{'mo.grid_sample' op expected a grid [1, _, _, 2] for an input [1, 2, 3, 4], found [2, 5, 6, 2]}}
  %0 = mo.grid_sample %x, %g : !mo.tensor<[1, 2, 3, 4], f32>, !mo.tensor<[2, 5, 6, 2], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 2, 0, 4], f32>, %g: !mo.tensor<[1, 5, 6, 2], f32>) {
  // expected-error @+1 {{'mo.grid_sample' op expected spatial axes with elements, found [1, 2, 0, 4]}}
  %0 = mo.grid_sample %x, %g : !mo.tensor<[1, 2, 0, 4], f32>, !mo.tensor<[1, 5, 6, 2], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 2], f32>, %g: !mo.tensor<[1, 0], f32>) {
  // expected-error @+1 {{'mo.grid_sample' op expected an input of rank 3 to 5: a batch, channels and spatial axes; found rank 2}}
  %0 = mo.grid_sample %x, %g : !mo.tensor<[1, 2], f32>, !mo.tensor<[1, 0], f32>
  mo.output
}
