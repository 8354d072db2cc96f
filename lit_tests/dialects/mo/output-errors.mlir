// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// The values are what the graph declares; the last operation is mo.output.

mo.graph @test(%x: !mo.tensor<[2], f32>) -> !mo.tensor<[n], f32> {
  // expected-error @+1 {{'mo.output' op expected value 0 to be of type !mo.tensor<[n], f32>, as the graph declares; found !mo.tensor<[2], f32>}}
  mo.output %x : !mo.tensor<[2], f32>
}

// -----

mo.graph @test(%x: !mo.tensor<[2], f32>) -> !mo.tensor<[n], f32> {
  // expected-error @+1 {{'mo.output' op expected as many values as the graph declares, 1; found 0}}
  mo.output
}

// -----

// expected-error @+1 {{'mo.graph' op region #0 ('body') must end in 'mo.output', but ends in 'mo.yield'}}
mo.graph @test() {
  // expected-note @+1 {{the last op is here}}
  mo.yield
}
