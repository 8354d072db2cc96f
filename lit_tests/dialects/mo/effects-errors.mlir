// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

mo.graph @test(%p: !mo.tensor<[1], i1>) {
  // expected-error @+1 {{'mo.assert' op operand #0 ('condition') must be !mo.tensor<[], i1>, but got '!mo.tensor<[1], i1>'}}
  "mo.assert"(%p) <{message = "x"}> : (!mo.tensor<[1], i1>) -> ()
  mo.output
}

// -----

mo.graph @test(%p: !mo.tensor<[], i1>, %c: !mo.chain) {
  // expected-error @+1 {{'mo.assert' op has result type(s) , but its operands and attributes give '!mo.chain'}}
  "mo.assert"(%p, %c) <{message = "x"}> : (!mo.tensor<[], i1>, !mo.chain) -> ()
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{attribute 'summarize' must be 64-bit signless integer attribute of at least 1, but got 0 : i64}}
  %0 = mo.print %x, %c summarize = 0 : !mo.tensor<[n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{attribute 'stream' must be 64-bit signless integer attribute of at least 0, but got -1 : i64}}
  mo.sequence stream = -1 {
    mo.yield
  }
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 2], f32>) {
  // expected-error @+1 {{successor operand type #0 '!mo.tensor<[n, 2], f32>' should match successor input type #0 '!mo.tensor<[n, 3], f32>'}}
  %0 = mo.sequence -> !mo.tensor<[n, 3], f32> {
    // expected-note @+1 {{region branch point}}
    mo.yield %x : !mo.tensor<[n, 2], f32>
  }
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.parallel' op expected at least one device, found none}}
  mo.parallel on [] {
    mo.yield
  }
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.parallel' op expected bundles of 2 inputs, one for each device; found 1 in all}}
  mo.parallel(%x : !mo.tensor<[n], f32>) on [cpu, cpu] {
  ^bb0(%v: !mo.tensor<[n], f32>):
    mo.yield
  }
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.parallel' op expected an argument for each bundle, 1; found 0}}
  mo.parallel(%x, %x : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>) on [cpu, cpu] {
    mo.yield
  }
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32, gpu:0>) {
  // expected-error @+1 {{'mo.parallel' op expected value 1 of input bundle 0 to be of type !mo.tensor<[n], f32, gpu:1>, found !mo.tensor<[n], f32, gpu:0>}}
  mo.parallel(%x, %x : !mo.tensor<[n], f32, gpu:0>, !mo.tensor<[n], f32, gpu:0>) on [gpu:0, gpu:1] {
  ^bb0(%v: !mo.tensor<[n], f32, gpu:0>):
    mo.yield
  }
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.parallel' op expected 1 values to be yielded, one for each bundle of outputs; found 0}}
  %0:2 = mo.parallel on [cpu, cpu] -> !mo.tensor<[n], f32>, !mo.tensor<[n], f32> {
    mo.yield
  }
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.parallel' op expected value 1 of output bundle 0 to be of type !mo.tensor<[n], f32>, found !mo.tensor<[2], f32>}}
  %0:2 = mo.parallel on [cpu, cpu] -> !mo.tensor<[n], f32>, !mo.tensor<[2], f32> {
    mo.yield %x : !mo.tensor<[n], f32>
  }
  mo.output
}
