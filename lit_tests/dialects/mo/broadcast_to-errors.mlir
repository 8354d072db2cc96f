// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Only 1 is repeated.

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.broadcast_to' op expected dimension 0 of the input [n] to be 1 or 4, as dimension 1 of the result [2, 4]; found n; mo.rebind asserts that they are equal}}
  %0 = mo.broadcast_to %x : !mo.tensor<[n], f32> to !mo.tensor<[2, 4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 4], f32>) {
  // expected-error @+1 {{'mo.broadcast_to' op expected a result of rank 2 or more, found [4] for input [1, 4]}}
  %0 = mo.broadcast_to %x : !mo.tensor<[1, 4], f32> to !mo.tensor<[4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[4], f32>) {
  // expected-error @+1 {{'mo.broadcast_to' op expected a result with the dtype and device of the input, f32 on cpu; found si8 on cpu}}
  %0 = mo.broadcast_to %x : !mo.tensor<[4], f32> to !mo.tensor<[4], si8>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>, %s: !mo.tensor<[2], si32>) {
  // expected-error @+1 {{'mo.broadcast_to' op expected a shape of type !mo.tensor<[2], si64>, found !mo.tensor<[2], si32>}}
  %0 = mo.broadcast_to %x, %s : !mo.tensor<[n], f32>, !mo.tensor<[2], si32> to !mo.tensor<[p, n], f32>
  mo.output
}
