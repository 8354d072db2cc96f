// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Shape and device stay.

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.cast' op expected a result with the shape and device of the input, !mo.tensor<[n], f16>; found !mo.tensor<[2], f16>}}
  %0 = mo.cast %x : !mo.tensor<[n], f32> to !mo.tensor<[2], f16>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.cast' op expected a result with the shape and device of the input, !mo.tensor<[n], f16>; found !mo.tensor<[n], f16, gpu:0>}}
  %0 = mo.cast %x : !mo.tensor<[n], f32> to !mo.tensor<[n], f16, gpu:0>
  mo.output
}

// -----

// Only powers of two are rounded up.

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.cast' op expected dtype f8E8M0FNU with rounding up, found f8E5M2}}
  %0 = mo.cast %x rounding = up : !mo.tensor<[n], f32> to !mo.tensor<[n], f8E5M2>
  mo.output
}
