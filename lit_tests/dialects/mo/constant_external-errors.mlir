// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// A name, and a static shape.

mo.graph @test() {
  // expected-error @+1 {{'mo.constant.external' op expected a static shape, found [n, 4]}}
  %0 = mo.constant.external "w" : !mo.tensor<[n, 4], f32>
  mo.output
}

// -----

mo.graph @test() {
  // expected-error @+1 {{'mo.constant.external' op expected the name of a weight, found an empty one}}
  %0 = mo.constant.external "" : !mo.tensor<[4], f32>
  mo.output
}
