// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

mo.graph @test(%x: !mo.tensor<[n], si32>) {
  // expected-error @+1 {{'mo.reduce.l2' op expected dtype to be a float, found si32}}
  %0 = mo.reduce.l2 %x : !mo.tensor<[n], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], i1>) {
  // expected-error @+1 {{'mo.reduce.l1' op expected dtype to be an integer or a float, found i1}}
  %0 = mo.reduce.l1 %x : !mo.tensor<[n], i1>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 2], f32>) {
  // expected-error @+1 {{'mo.reduce.log_sum_exp' op expected axes to be in [-2, 2) for a tensor of rank 2, found 2}}
  %0 = mo.reduce.log_sum_exp %x axes = [2] : !mo.tensor<[n, 2], f32>
  mo.output
}
