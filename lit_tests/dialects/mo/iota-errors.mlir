// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// An axis, and a dtype that holds indices.

mo.graph @test() {
  // expected-error @+1 {{'mo.iota' op expected axis to be in [0, 0) for a tensor of rank 0, found 0}}
  %0 = mo.iota : !mo.tensor<[], f32>
  mo.output
}

// -----

mo.graph @test() {
  // expected-error @+1 {{'mo.iota' op expected dtype to be an integer or a float, found i1}}
  %0 = mo.iota : !mo.tensor<[3], i1>
  mo.output
}

// -----

mo.graph @test(%s: !mo.tensor<[1, 2], si64>) {
  // expected-error @+1 {{'mo.iota' op expected a shape of type !mo.tensor<[2], si64>, found !mo.tensor<[1, 2], si64>}}
  %0 = mo.iota shape %s : !mo.tensor<[1, 2], si64> : !mo.tensor<[p, q], si32>
  mo.output
}
