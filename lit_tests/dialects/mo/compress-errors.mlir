// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// A condition of bools, no longer than the axis.

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %c: !mo.tensor<[4], i1>) {
  // expected-error @+1 {{'mo.compress' op expected a condition of at most 3 elements, found [4]}}
  %0 = mo.compress %x, %c axis = 1 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[4], i1> to !mo.tensor<[n, k, m], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %c: !mo.tensor<[3], f32>) {
  // expected-error @+1 {{'mo.compress' op expected the condition's dtype to be bool (i1), found f32}}
  %0 = mo.compress %x, %c axis = 1 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[3], f32> to !mo.tensor<[n, k, m], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %c: !mo.tensor<[3], i1>) {
  // expected-error @+1 {{'mo.compress' op expected a result of shape [n, 3, m] but for axis 1, found [k]}}
  %0 = mo.compress %x, %c axis = 1 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[3], i1> to !mo.tensor<[k], f32>
  mo.output
}
