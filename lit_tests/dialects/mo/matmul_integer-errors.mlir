// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

mo.graph @test(%x: !mo.tensor<[3, 4], si32>, %y: !mo.tensor<[4, 5], si8>) {
  // expected-error @+1 {{'mo.matmul_integer' op expected lhs of dtype si8, ui8, si16, ui16; found si32}}
  %0 = mo.matmul_integer %x, %y : !mo.tensor<[3, 4], si32>, !mo.tensor<[4, 5], si8>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 4], ui8>, %y: !mo.tensor<[4, 5], si8>, %z: !mo.tensor<[], ui8>) {
  // expected-error @+1 {{'mo.matmul_integer' op expected rhs and rhs_zero of equal dtype, found si8 and ui8; mo.cast changes a dtype}}
  %0 = mo.matmul_integer %x, %y rhs_zero %z : !mo.tensor<[], ui8> : !mo.tensor<[3, 4], ui8>, !mo.tensor<[4, 5], si8>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 4], ui8>, %y: !mo.tensor<[4, 5], si8>, %z: !mo.tensor<[4], ui8>) {
  // expected-error @+1 {{'mo.matmul_integer' op expected one zero point of lhs, or 3, one for each row; found 4}}
  %0 = mo.matmul_integer %x, %y lhs_zero %z : !mo.tensor<[4], ui8> : !mo.tensor<[3, 4], ui8>, !mo.tensor<[4, 5], si8>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 4], ui8>, %y: !mo.tensor<[4, 5], si8>, %z: !mo.tensor<[5, 1], si8>) {
  // expected-error @+1 {{'mo.matmul_integer' op expected zero points of rhs of shape [1, 5], found [5, 1]}}
  %0 = mo.matmul_integer %x, %y rhs_zero %z : !mo.tensor<[5, 1], si8> : !mo.tensor<[3, 4], ui8>, !mo.tensor<[4, 5], si8>
  mo.output
}
