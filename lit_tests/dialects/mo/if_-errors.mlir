// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Both branches give the results.

mo.graph @test(%c: !mo.tensor<[], i1>) {
  // expected-error @+1 {{'mo.if' op expected an else region that gives the results, !mo.tensor<[], i1>; found none}}
  %0 = mo.if %c -> !mo.tensor<[], i1> {
    mo.yield %c : !mo.tensor<[], i1>
  }
  mo.output
}

// -----

mo.graph @test(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{successor operand type #0 '!mo.tensor<[2], f32>' should match successor input type #0 '!mo.tensor<[], i1>'}}
  %0 = mo.if %c -> !mo.tensor<[], i1> {
    mo.yield %c : !mo.tensor<[], i1>
  } else {
    // expected-note @+1 {{region branch point}}
    mo.yield %x : !mo.tensor<[2], f32>
  }
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{'mo.if' op operand #0 ('condition') must be !mo.tensor<[], i1>, but got '!mo.tensor<[2], f32>'}}
  "mo.if"(%x) ({
    mo.yield
  }, {
  }) : (!mo.tensor<[2], f32>) -> ()
  mo.output
}

// -----

// A dimension that is no name is the same in both regions.

mo.graph @test(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[n, 2], f32>) {
  // expected-error @+1 {{successor operand type #0 '!mo.tensor<[n, 2], f32>' should match successor input type #0 '!mo.tensor<[a, 3], f32>'}}
  %0 = mo.if %c -> !mo.tensor<[a, 3], f32> {
    // expected-note @+1 {{region branch point}}
    mo.yield %x : !mo.tensor<[n, 2], f32>
  } else {
    mo.yield %x : !mo.tensor<[n, 2], f32>
  }
  mo.output
}
