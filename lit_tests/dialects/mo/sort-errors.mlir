// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

mo.graph @test(%x: !mo.tensor<[b, n], f32>) {
  // expected-error @+1 {{'mo.sort' op expected axis to be in [-2, 2) for a tensor of rank 2, found 2}}
  %0 = mo.sort %x axis = 2 : !mo.tensor<[b, n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[b, n], si4>) {
  // expected-error @+1 {{'mo.argsort' op expected dtype to be bool (i1), an integer or a float to compute with, found si4, which is for storage; mo.cast changes a dtype}}
  %0 = mo.argsort %x : !mo.tensor<[b, n], si4>
  mo.output
}
