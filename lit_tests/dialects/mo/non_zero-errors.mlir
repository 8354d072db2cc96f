// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Rows of indices.

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // expected-error @+1 {{'mo.non_zero' op expected a result of dtype si64 and shape [3, k], found si64 and [2, k]}}
  %0 = mo.non_zero %x : !mo.tensor<[n, 3, m], f32> to !mo.tensor<[2, k], si64>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // expected-error @+1 {{'mo.non_zero' op expected a result of dtype si64 and shape [3, k], found si32 and [3, k]}}
  %0 = mo.non_zero %x : !mo.tensor<[n, 3, m], f32> to !mo.tensor<[3, k], si32>
  mo.output
}
