// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// The callee is a graph, called with its types.

mo.graph @test(%x: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{'mo.call' op @nothing does not name a function}}
  mo.call @nothing(%x) : (!mo.tensor<[2], f32>) -> ()
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{'mo.call' op argument #0 has type '!mo.tensor<[2], f32>', but @sub has '!mo.tensor<[3], f32>'}}
  mo.call @sub(%x) : (!mo.tensor<[2], f32>) -> ()
  mo.output
}
mo.graph private @sub(%x: !mo.tensor<[3], f32>) {
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{'mo.call' op has 0 argument(s), but @sub has 1}}
  mo.call @sub() : () -> ()
  mo.output
}
mo.graph private @sub(%x: !mo.tensor<[3], f32>) {
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{'mo.call' op has 1 result(s), but @sub has 0}}
  %0 = mo.call @sub() : () -> !mo.tensor<[2], f32>
  mo.output
}
mo.graph private @sub() {
  mo.output
}

// -----

// One name is one extent.

mo.graph @test(%x: !mo.tensor<[2, a], f32>) {
  // expected-error @+1 {{'mo.call' op argument #0 has type '!mo.tensor<[2, a], f32>', but @sub has '!mo.tensor<[n, n], f32>' where n is 2}}
  mo.call @sub(%x) : (!mo.tensor<[2, a], f32>) -> ()
  mo.output
}
mo.graph private @sub(%x: !mo.tensor<[n, n], f32>) {
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{'mo.call' op result #0 has type '!mo.tensor<[m], f32>', but @sub has '!mo.tensor<[n], f32>' where n is 2}}
  %0 = mo.call @sub(%x) : (!mo.tensor<[2], f32>) -> !mo.tensor<[m], f32>
  mo.output
}
mo.graph private @sub(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  mo.output %x : !mo.tensor<[n], f32>
}

// -----

// What only the graph itself knows has no constant extent in the caller.

mo.graph @test(%x: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{'mo.call' op result #0 has type '!mo.tensor<[2], f32>', but @sub has '!mo.tensor<[k], f32>' where n is 2}}
  %0 = mo.call @sub(%x) : (!mo.tensor<[2], f32>) -> !mo.tensor<[2], f32>
  mo.output
}
mo.graph private @sub(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[k], f32> {
  %0 = mo.rebind %x : !mo.tensor<[n], f32> to !mo.tensor<[k], f32>
  mo.output %0 : !mo.tensor<[k], f32>
}
