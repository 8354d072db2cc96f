// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// A bool condition, and values of one dtype.

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.select' op expected the condition's dtype to be bool (i1), found f32}}
  %0 = mo.select %x, %x, %x : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
  mo.output
}

// -----

mo.graph @test(%c: !mo.tensor<[n], i1>, %x: !mo.tensor<[n], f32>, %y: !mo.tensor<[n], f16>) {
  // expected-error @+1 {{'mo.select' op expected lhs and rhs of equal dtype, found f32 and f16; mo.cast changes a dtype}}
  %0 = mo.select %c, %x, %y : !mo.tensor<[n], i1>, !mo.tensor<[n], f32>, !mo.tensor<[n], f16>
  mo.output
}

// -----

mo.graph @test(%c: !mo.tensor<[n], i1>, %x: !mo.tensor<[n], f32, gpu:0>) {
  // expected-error @+1 {{'mo.select' op expected condition and lhs on one device, found cpu and gpu:0}}
  %0 = mo.select %c, %x, %x : !mo.tensor<[n], i1>, !mo.tensor<[n], f32, gpu:0>
  mo.output
}

// -----

mo.graph @test(%c: !mo.tensor<[n], i1>, %x: !mo.tensor<[m], f32>) {
  // expected-error @+1 {{'mo.select' op expected shapes that broadcast, with dimensions that are equal or 1; found n and m on axis -1 of [n] and [m]; mo.rebind asserts that they are equal}}
  %0 = mo.select %c, %x, %x : !mo.tensor<[n], i1>, !mo.tensor<[m], f32>
  mo.output
}
