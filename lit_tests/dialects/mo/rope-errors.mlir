// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

mo.graph @test(%x: !mo.tensor<[n, 5], f16>, %c: !mo.tensor<[n, 2], f16>) {
  // expected-error @+1 {{'mo.rope' op expected an even last dimension of the input, found 5}}
  %0 = mo.rope %x, %c, %c : !mo.tensor<[n, 5], f16>, !mo.tensor<[n, 2], f16>, !mo.tensor<[n, 2], f16>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 8], f16>, %c: !mo.tensor<[n, 4], f16>, %s: !mo.tensor<[4], f16>) {
  // expected-error @+1 {{'mo.rope' op expected cos and sin of equal shape, found [n, 4] and [4]}}
  %0 = mo.rope %x, %c, %s : !mo.tensor<[n, 8], f16>, !mo.tensor<[n, 4], f16>, !mo.tensor<[4], f16>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 8], f16>) {
  // expected-error @+1 {{'mo.rope' op of cos and sin: expected}}
  %0 = mo.rope %x, %x, %x : !mo.tensor<[n, 8], f16>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[], f16>) {
  // expected-error @+1 {{'mo.rope' op expected an input of rank 1 or more, found []}}
  %0 = mo.rope %x, %x, %x : !mo.tensor<[], f16>
  mo.output
}
