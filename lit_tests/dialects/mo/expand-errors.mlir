// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Extents that are known not to go together.

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // expected-error @+1 {{'mo.expand' op expected dimension 1 of the input [n, 3, m] to be 1 or 4, as dimension 1 of the result [n, 4, m]; found 3}}
  %0 = mo.expand %x : !mo.tensor<[n, 3, m], f32> to !mo.tensor<[n, 4, m], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // expected-error @+1 {{'mo.expand' op expected a result of rank 3 or more, found [3, m] for input [n, 3, m]}}
  %0 = mo.expand %x : !mo.tensor<[n, 3, m], f32> to !mo.tensor<[3, m], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %s: !mo.tensor<[k], si64>) {
  // expected-error @+1 {{'mo.expand' op expected shape of type !mo.tensor<[3], si64>, found !mo.tensor<[k], si64>}}
  %0 = mo.expand %x, %s : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[k], si64> to !mo.tensor<[n, 3, m], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // expected-error @+1 {{'mo.expand' op expected a result with the dtype and device of the input, f32 on cpu; found si8 on cpu}}
  %0 = mo.expand %x : !mo.tensor<[n, 3, m], f32> to !mo.tensor<[n, 3, m], si8>
  mo.output
}
