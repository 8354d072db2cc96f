// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Shapes broadcast, dtypes and devices are equal, and the dtype is a number.

mo.graph @test(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{'mo.add' op expected shapes that broadcast, with dimensions that are equal or 1; found n and 2 on axis -1 of [n] and [2]; mo.rebind asserts that they are equal}}
  %0 = mo.add %x, %y : !mo.tensor<[n], f32>, !mo.tensor<[2], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 4], f32>, %y: !mo.tensor<[2, 1], f32>) {
  // expected-error @+1 {{'mo.mul' op expected shapes that broadcast, with dimensions that are equal or 1; found 3 and 2 on axis -2 of [3, 4] and [2, 1]}}
  %0 = mo.mul %x, %y : !mo.tensor<[3, 4], f32>, !mo.tensor<[2, 1], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[n], f16>) {
  // expected-error @+1 {{'mo.sub' op expected lhs and rhs of equal dtype, found f32 and f16; mo.cast changes a dtype}}
  %0 = mo.sub %x, %y : !mo.tensor<[n], f32>, !mo.tensor<[n], f16>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[n], f32, gpu:0>) {
  // expected-error @+1 {{'mo.max' op expected lhs and rhs on one device, found cpu and gpu:0}}
  %0 = mo.max %x, %y : !mo.tensor<[n], f32>, !mo.tensor<[n], f32, gpu:0>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], i1>) {
  // expected-error @+1 {{'mo.add' op expected dtype to be an integer or a float, found i1}}
  %0 = mo.add %x, %x : !mo.tensor<[n], i1>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], si32>) {
  // expected-error @+1 {{'mo.atan2' op expected dtype to be a float, found si32}}
  %0 = mo.atan2 %x, %x : !mo.tensor<[n], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{'mo.add' op has result type(s) '!mo.tensor<[2], f32>', but its operands and attributes give '!mo.tensor<[n], f32>'}}
  %0 = "mo.add"(%x, %x) : (!mo.tensor<[n], f32>, !mo.tensor<[n], f32>) -> !mo.tensor<[2], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.add' op expected 2 operands, but found 1}}
  %0 = "mo.add"(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output
}

// -----

mo.graph @test(%x: f32) {
  // expected-error @+1 {{'mo.add' op operand #0 ('lhs') must be mo.tensor, but got 'f32'}}
  %0 = mo.add %x, %x : f32
  mo.output
}
