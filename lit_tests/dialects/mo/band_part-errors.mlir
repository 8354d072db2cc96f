// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Matrices.

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.band_part' op expected an input of rank 2 or more, found [n]}}
  %0 = mo.band_part %x lower = 1 upper = -1 : !mo.tensor<[n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %k: !mo.tensor<[1], si64>) {
  // expected-error @+1 {{'mo.trilu' op expected k of type !mo.tensor<[], si64>, found !mo.tensor<[1], si64>}}
  %0 = mo.trilu %x, %k : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[1], si64>
  mo.output
}
