// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// A static shape, and elements for it.

mo.graph @test() {
  // expected-error @+1 {{custom op 'mo.constant' a constant needs a tensor type with a static shape, found '!mo.tensor<[n], si32>'}}
  %0 = mo.constant 1 : !mo.tensor<[n], si32>
  mo.output
}

// -----

mo.graph @test() {
  // expected-error @+1 {{inferred shape of elements literal ([2]) does not match type ([3])}}
  %0 = mo.constant dense<[1, 2]> : !mo.tensor<[3], si32>
  mo.output
}

// -----

mo.graph @test() {
  // expected-error @+1 {{expected integer elements, but parsed floating-point}}
  %0 = mo.constant 1.5 : !mo.tensor<[3], si32>
  mo.output
}

// -----

mo.graph @test() {
  // expected-error @+1 {{'mo.constant' op expected a value of shape [3] and dtype si32, found [2] and si32}}
  %0 = "mo.constant"() {value = dense<1> : tensor<2xsi32>} : () -> !mo.tensor<[3], si32>
  mo.output
}

// -----

mo.graph @test() {
  // expected-error @+1 {{'mo.constant' op expected a value of shape [3] and dtype si32, found [3] and i32}}
  %0 = "mo.constant"() {value = dense<1> : tensor<3xi32>} : () -> !mo.tensor<[3], si32>
  mo.output
}
