// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Three scalars of one dtype.

mo.graph @test(%a: !mo.tensor<[], f32>) {
  // expected-error @+1 {{'mo.range' op expected a result of rank 1, found [n, m]}}
  %0 = mo.range %a, %a, %a : !mo.tensor<[], f32> to !mo.tensor<[n, m], f32>
  mo.output
}

// -----

mo.graph @test(%a: !mo.tensor<[], f32>) {
  // expected-error @+1 {{'mo.range' op expected start of dtype f16, found f32}}
  %0 = mo.range %a, %a, %a : !mo.tensor<[], f32> to !mo.tensor<[n], f16>
  mo.output
}

// -----

mo.graph @test(%a: !mo.tensor<[], i1>) {
  // expected-error @+1 {{'mo.range' op expected dtype to be an integer or a float, found i1}}
  %0 = mo.range %a, %a, %a : !mo.tensor<[], i1> to !mo.tensor<[n], i1>
  mo.output
}
