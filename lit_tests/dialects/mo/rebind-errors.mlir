// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// What can never be equal.

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.rebind' op expected a result of rank 1, as the input has; found [n, 1]}}
  %0 = mo.rebind %x : !mo.tensor<[n], f32> to !mo.tensor<[n, 1], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[m, 3], f32>) {
  // expected-error @+1 {{'mo.rebind' op expected dimension 1 of [m, 3] to become 4, found 3}}
  %0 = mo.rebind %x : !mo.tensor<[m, 3], f32> to !mo.tensor<[n, 4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n + 1], f32>) {
  // expected-error @+1 {{'mo.rebind' op expected dimension 0 of [n + 1] to become n, found n + 1}}
  %0 = mo.rebind %x : !mo.tensor<[n + 1], f32> to !mo.tensor<[n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.rebind' op expected a result with the dtype and device of the input, f32 on cpu; found f32 on gpu:0}}
  %0 = mo.rebind %x : !mo.tensor<[n], f32> to !mo.tensor<[n], f32, gpu:0>
  mo.output
}
