// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// The approximations that there are, and floats only.

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{custom op 'mo.gelu' expected one of none, tanh, quick}}
  %0 = mo.gelu %x approximate = sigmoid : !mo.tensor<[n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.gelu' op attribute 'approximate' must be one of none, tanh, quick, but got "exact"}}
  %0 = "mo.gelu"(%x) {approximate = "exact"} : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], si8>) {
  // expected-error @+1 {{'mo.sigmoid' op expected dtype to be a float, found si8}}
  %0 = mo.sigmoid %x : !mo.tensor<[n], si8>
  mo.output
}
