// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Floats have no logic, bools no shifts.

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.and' op expected dtype to be bool (i1) or an integer, found f32}}
  %0 = mo.and %x, %x : !mo.tensor<[n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.not' op expected dtype to be bool (i1) or an integer, found f32}}
  %0 = mo.not %x : !mo.tensor<[n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], i1>) {
  // expected-error @+1 {{'mo.shift_left' op expected dtype to be an integer, found i1}}
  %0 = mo.shift_left %x, %x : !mo.tensor<[n], i1>
  mo.output
}
