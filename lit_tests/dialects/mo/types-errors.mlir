// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Types that there are not.

// expected-error @+1 {{'mo.tensor' parameter 'dtype' must be i1 or si8 or si16}}
mo.graph @test(%x: !mo.tensor<[n], i32>) {
  mo.output
}

// -----

// expected-error @+1 {{dimension -1 is negative}}
mo.graph @test(%x: !mo.tensor<[-1], f32>) {
  mo.output
}

// -----

// expected-error @+1 {{expected an integer, a name or an expression in dimension 'n ** 2'}}
mo.graph @test(%x: !mo.tensor<[n ** 2], f32>) {
  mo.output
}

// -----

// expected-error @+1 {{expected '['}}
mo.graph @test(%x: !mo.tensor<4xf32>) {
  mo.output
}

// -----

// expected-error @+1 {{expected a word}}
mo.graph @test(%x: !mo.tensor<[4], f32, "cpu">) {
  mo.output
}

// -----

// expected-error @+1 {{unknown type 'matrix' in dialect 'mo'}}
mo.graph @test(%x: !mo.matrix<[4], f32>) {
  mo.output
}
