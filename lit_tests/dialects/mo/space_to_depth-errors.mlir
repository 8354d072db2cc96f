// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Images that blocks fill.

mo.graph @test(%x: !mo.tensor<[n, 8, h, 6], f32>) {
  // expected-error @+1 {{'mo.space_to_depth' op expected an extent on axis 3 that 4 divides, found 6}}
  %0 = mo.space_to_depth %x block_size = 4 : !mo.tensor<[n, 8, h, 6], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 8, h, 6], f32>) {
  // expected-error @+1 {{'mo.depth_to_space' op expected an extent on axis 1 that 9 divides, found 8}}
  %0 = mo.depth_to_space %x block_size = 3 : !mo.tensor<[n, 8, h, 6], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[8, 8, 8], f32>) {
  // expected-error @+1 {{'mo.space_to_depth' op expected an input [batch, channels, height, width], found [8, 8, 8]}}
  %0 = mo.space_to_depth %x block_size = 4 : !mo.tensor<[8, 8, 8], f32>
  mo.output
}
