// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.cumsum' op expected axis to be in [-1, 1) for a tensor of rank 1, found 1}}
  %0 = mo.cumsum %x axis = 1 : !mo.tensor<[n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], i1>) {
  // expected-error @+1 {{'mo.cumprod' op expected dtype to be an integer or a float, found i1}}
  %0 = mo.cumprod %x axis = 0 : !mo.tensor<[n], i1>
  mo.output
}
