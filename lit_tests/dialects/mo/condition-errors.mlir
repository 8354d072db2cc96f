// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// A bool of rank 0 on the host, in a loop.

mo.graph @test(%c: !mo.tensor<[2], i1>, %x: !mo.tensor<[2], f32>) {
  %0 = mo.while(%x : !mo.tensor<[2], f32>) -> !mo.tensor<[2], f32> {
  ^bb0(%k: !mo.tensor<[2], f32>):
    // expected-error @+1 {{'mo.condition' op operand #0 ('condition') must be !mo.tensor<[], i1>, but got '!mo.tensor<[2], i1>'}}
    "mo.condition"(%c, %k) : (!mo.tensor<[2], i1>, !mo.tensor<[2], f32>) -> ()
  } do {
  ^bb0(%k: !mo.tensor<[2], f32>):
    mo.yield %k : !mo.tensor<[2], f32>
  }
  mo.output
}

// -----

func.func @test(%c: !mo.tensor<[], i1>) {
  // expected-error @+1 {{'mo.condition' op expects parent op 'mo.while'}}
  mo.condition %c, %c : !mo.tensor<[], i1>
}
