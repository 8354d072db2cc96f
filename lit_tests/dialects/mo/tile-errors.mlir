// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// One number for each axis.

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // expected-error @+1 {{'mo.tile' op expected 3 repeats, one for each axis; found 1}}
  %0 = mo.tile %x repeats = [2] : !mo.tensor<[n, 3, m], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // expected-error @+1 {{'mo.tile' op expected repeats of 0 or more, found [2, -1, 1]}}
  %0 = mo.tile %x repeats = [2, -1, 1] : !mo.tensor<[n, 3, m], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %p: !mo.tensor<[3], si32>) {
  // expected-error @+1 {{'mo.dynamic.tile' op expected repeats of type !mo.tensor<[3], si64>, found !mo.tensor<[3], si32>}}
  %0 = mo.dynamic.tile %x, %p : (!mo.tensor<[n, 3, m], f32>, !mo.tensor<[3], si32>) -> !mo.tensor<[a, b, c], f32>
  mo.output
}
