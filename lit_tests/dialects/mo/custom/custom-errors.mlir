// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt --load-plugin=%S/Inputs/customs.py %s --verify-diagnostics --split-input-file

// No custom operation of that name.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{there is no custom operation 'demo.scal'; the nearest are demo.scale, demo.push, demo.bare; searched: }}
  %0 = mo.custom "demo.scal"(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output
}

// -----

// Missing operand.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{custom operation 'demo.scale' lacks operand 'x': expected x, found 0}}
  %0 = mo.custom "demo.scale"() : () -> !mo.tensor<[n], f32>
  mo.output
}

// -----

// Too many operands.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{custom operation 'demo.scale' takes the operands x; found 2}}
  %0 = mo.custom "demo.scale"(%x, %x) : (!mo.tensor<[n], f32>, !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output
}

// -----

// Too many results.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{too many results: custom operation 'demo.scale' has 1 (y), found 2}}
  %0:2 = mo.custom "demo.scale"(%x) : (!mo.tensor<[n], f32>) -> (!mo.tensor<[n], f32>, !mo.tensor<[n], f32>)
  mo.output
}

// -----

// Missing results.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{missing results: custom operation 'demo.scale' has 1 (y), found 0}}
  mo.custom "demo.scale"(%x) : (!mo.tensor<[n], f32>) -> ()
  mo.output
}

// -----

// An unknown parameter.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{custom operation 'demo.scale' has no parameter 'fator'; it has factor, times}}
  %0 = mo.custom "demo.scale"(%x) params = {fator = 1.0} : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output
}

// -----

// A parameter of the wrong type.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{expected the parameter 'factor' of custom operation 'demo.scale' to be a float, found 1 : i64}}
  %0 = mo.custom "demo.scale"(%x) params = {factor = 1} : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output
}

// -----

// A parameter of the wrong type.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{expected the parameter 'times' of custom operation 'demo.scale' to be an integer, found true}}
  %0 = mo.custom "demo.scale"(%x) params = {times = true} : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output
}

// -----

// A missing parameter.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{custom operation 'demo.bare' needs the parameter 'axis', an integer}}
  %0 = mo.custom "demo.bare"(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output
}

// -----

// What infer raises.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{expected times to be 1 or more, found 0}}
  %0 = mo.custom "demo.scale"(%x) params = {times = 0} : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output
}

// -----

// Another type than inferred.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{expected result 'y' of custom operation 'demo.scale' of type !mo.tensor<[n], f32>, found !mo.tensor<[n], f16>}}
  %0 = mo.custom "demo.scale"(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f16>
  mo.output
}

// -----

// A buffer for a pure operation.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{custom operation 'demo.scale' only reads operand 'x': expected a tensor, found !mo.buffer<[n], f32>; mo.buffer.load gives what a buffer holds}}
  %0 = mo.custom "demo.scale"(%b) : (!mo.buffer<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output
}

// -----

// A buffer that is written by a pure operation.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{custom operation 'demo.scale' takes the buffers none; found 1}}
  %0 = mo.custom "demo.scale"(%x) writes(%b : !mo.buffer<[n], f32>) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output
}

// -----

// An input that is written.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{custom operation 'demo.push' writes to operand 'state': expected a buffer, found !mo.tensor<[n], f32>, which cannot be written}}
  %0, %d = mo.custom "demo.push"(%x) writes(%x : !mo.tensor<[n], f32>) after %c : (!mo.tensor<[n], f32>) -> (!mo.tensor<[n], f32>, !mo.chain)
  mo.output
}

// -----

// A missing buffer.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{custom operation 'demo.push' lacks buffer 'state': expected state, found 0}}
  %0 = mo.custom "demo.push"(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output
}

// -----

// No chain.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{custom operation 'demo.push' writes to buffers: expected a chain, found none}}
  %0 = mo.custom "demo.push"(%x) writes(%b : !mo.buffer<[n], f32>) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output
}

// -----

// No chain.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{custom operation 'demo.push' writes to buffers: expected a chain as last result}}
  %0 = mo.custom "demo.push"(%x) writes(%b : !mo.buffer<[n], f32>) after %c : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output
}

// -----

// A chain for nothing.

mo.graph @test(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>, %c: !mo.chain) {
  // expected-error @+1 {{custom operation 'demo.scale' writes to no buffer: expected no chain}}
  %0 = mo.custom "demo.scale"(%x) after %c : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output
}
