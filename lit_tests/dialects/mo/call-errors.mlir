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
