// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Carried values keep their types.

mo.graph @test(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{'mo.while' op expected initial value 0 to be of the carried type, !mo.tensor<[2], f32>, but for dimensions that are names there; found !mo.tensor<[], i1>}}
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
  // expected-error @+1 {{'mo.while' op argument #0 of region #0 ('cond') must have the type of 'outputs', '!mo.tensor<[2], f32>', but has '!mo.tensor<[], i1>'}}
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

// A constant is no name, and a name is no expression.

mo.graph @test(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[n, 2], f32>) {
  // expected-error @+1 {{'mo.while' op expected initial value 0 to be of the carried type, !mo.tensor<[k, 3], f32>, but for dimensions that are names there; found !mo.tensor<[n, 2], f32>}}
  %0 = mo.while(%x : !mo.tensor<[n, 2], f32>) -> !mo.tensor<[k, 3], f32> {
  ^bb0(%a: !mo.tensor<[k, 3], f32>):
    mo.condition %c, %a : !mo.tensor<[k, 3], f32>
  } do {
  ^bb0(%a: !mo.tensor<[k, 3], f32>):
    mo.yield %a : !mo.tensor<[k, 3], f32>
  }
  mo.output
}

// -----

mo.graph @test(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[k * 2], f32>, %y: !mo.tensor<[m], f32>) {
  // expected-error @+1 {{successor operand type #0 '!mo.tensor<[m], f32>' should match successor input type #0 '!mo.tensor<[k * 2], f32>'}}
  %0 = mo.while(%x : !mo.tensor<[k * 2], f32>) -> !mo.tensor<[k * 2], f32> {
  ^bb0(%a: !mo.tensor<[k * 2], f32>):
    mo.condition %c, %a : !mo.tensor<[k * 2], f32>
  } do {
  ^bb0(%a: !mo.tensor<[k * 2], f32>):
    // expected-note @+1 {{region branch point}}
    mo.yield %y : !mo.tensor<[m], f32>
  }
  mo.output
}

// -----

// Only dimensions may differ.

mo.graph @test(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.while' op expected initial value 0 to be of the carried type, !mo.tensor<[k], f16>, but for dimensions that are names there; found !mo.tensor<[n], f32>}}
  %0 = mo.while(%x : !mo.tensor<[n], f32>) -> !mo.tensor<[k], f16> {
  ^bb0(%a: !mo.tensor<[k], f16>):
    mo.condition %c, %a : !mo.tensor<[k], f16>
  } do {
  ^bb0(%a: !mo.tensor<[k], f16>):
    mo.yield %a : !mo.tensor<[k], f16>
  }
  mo.output
}

// -----

mo.graph @test(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.while' op expected an initial value for each result, 2; found 1}}
  %0:2 = mo.while(%x : !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>, !mo.tensor<[n], f32> {
  ^bb0(%a: !mo.tensor<[n], f32>, %b: !mo.tensor<[n], f32>):
    mo.condition %c, %a, %b : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
  } do {
  ^bb0(%a: !mo.tensor<[n], f32>, %b: !mo.tensor<[n], f32>):
    mo.yield %a, %b : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
  }
  mo.output
}
