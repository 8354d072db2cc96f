// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// A name is taken once; values of the outside are not seen.

// expected-note @+1 {{see existing symbol definition here}}
mo.graph @test(%x: !mo.tensor<[2], f32>) {
  mo.output
}
// expected-error @+1 {{redefinition of symbol named 'test'}}
mo.graph @test() {
  mo.output
}

// -----

func.func @outside(%x: !mo.tensor<[], f32>) {
  "mo.graph"() <{function_type = () -> (), sym_name = "inside"}> ({
    // expected-error @+2 {{'mo.exp' op using value defined outside the region}}
    // expected-note @-2 {{required by region isolation constraints}}
    %0 = mo.exp %x : !mo.tensor<[], f32>
    mo.output
  }) : () -> ()
  return
}
