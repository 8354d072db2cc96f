// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// An axis.

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // expected-error @+1 {{'mo.dim' op expected axis to be in [-3, 3) for a tensor of rank 3, found 3}}
  %0 = mo.dim %x axis = 3 : !mo.tensor<[n, 3, m], f32>
  mo.output
}
