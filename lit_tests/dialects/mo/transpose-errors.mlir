// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// A permutation.

mo.graph @test(%x: !mo.tensor<[2, 3], f32>) {
  // expected-error @+1 {{'mo.transpose' op expected perm to hold each of 0 to 1 once, found [0, 0]}}
  %0 = mo.transpose %x perm = [0, 0] : !mo.tensor<[2, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, 3], f32>) {
  // expected-error @+1 {{'mo.transpose' op expected perm to hold each of 0 to 1 once, found [0]}}
  %0 = mo.transpose %x perm = [0] : !mo.tensor<[2, 3], f32>
  mo.output
}
