// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Carried values keep their types.

mo.graph @test(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{'mo.while' op expected results of the types that are carried, !mo.tensor<[], i1>; found !mo.tensor<[2], f32>}}
  %0 = mo.while(%c : !mo.tensor<[], i1>) -> !mo.tensor<[2], f32> {
  ^bb0(%k: !mo.tensor<[], i1>):
    mo.condition %k, %k : !mo.tensor<[], i1>
  } do {
  ^bb0(%k: !mo.tensor<[], i1>):
    mo.yield %k : !mo.tensor<[], i1>
  }
  mo.output
}

// -----

mo.graph @test(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{'mo.while' op argument #0 of region #0 ('cond') must have the type of 'inits', '!mo.tensor<[2], f32>', but has '!mo.tensor<[], i1>'}}
  %0 = mo.while(%x : !mo.tensor<[2], f32>) -> !mo.tensor<[2], f32> {
  ^bb0(%k: !mo.tensor<[], i1>):
    mo.condition %c, %k : !mo.tensor<[], i1>
  } do {
  ^bb0(%k: !mo.tensor<[2], f32>):
    mo.yield %x : !mo.tensor<[2], f32>
  }
  mo.output
}

// -----

mo.graph @test(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{successor operand type #0 '!mo.tensor<[], i1>' should match successor input type #0 '!mo.tensor<[2], f32>'}}
  %0 = mo.while(%x : !mo.tensor<[2], f32>) -> !mo.tensor<[2], f32> {
  ^bb0(%k: !mo.tensor<[2], f32>):
    // expected-note @+1 {{region branch point}}
    mo.condition %c, %c : !mo.tensor<[], i1>
  } do {
  ^bb0(%k: !mo.tensor<[2], f32>):
    mo.yield %x : !mo.tensor<[2], f32>
  }
  mo.output
}

// -----

mo.graph @test(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{successor operand type #0 '!mo.tensor<[], i1>' should match successor input type #0 '!mo.tensor<[2], f32>'}}
  %0 = mo.while(%x : !mo.tensor<[2], f32>) -> !mo.tensor<[2], f32> {
  ^bb0(%k: !mo.tensor<[2], f32>):
    mo.condition %c, %k : !mo.tensor<[2], f32>
  } do {
  ^bb0(%k: !mo.tensor<[2], f32>):
    // expected-note @+1 {{region branch point}}
    mo.yield %c : !mo.tensor<[], i1>
  }
  mo.output
}

// -----

mo.graph @test(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{'mo.while' op region #0 ('cond') must end in 'mo.condition', but ends in 'mo.yield'}}
  %0 = mo.while(%x : !mo.tensor<[2], f32>) -> !mo.tensor<[2], f32> {
  ^bb0(%k: !mo.tensor<[2], f32>):
    // expected-note @+1 {{the last op is here}}
    mo.yield %k : !mo.tensor<[2], f32>
  } do {
  ^bb0(%k: !mo.tensor<[2], f32>):
    mo.yield %x : !mo.tensor<[2], f32>
  }
  mo.output
}

// -----

mo.graph @test(%c: !mo.tensor<[], i1>) {
  // expected-error @+1 {{'mo.while' op expected at least one carried value, found none}}
  "mo.while"() ({
    "mo.condition"(%c) : (!mo.tensor<[], i1>) -> ()
  }, {
    mo.yield
  }) : () -> ()
  mo.output
}
