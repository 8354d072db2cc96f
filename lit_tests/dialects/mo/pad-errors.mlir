// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// One padding for each axis, and something to repeat.

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // expected-error @+1 {{'mo.pad' op expected 3 paddings in low, one for each axis; found 1}}
  %0 = mo.pad %x low = [1] high = [0, 2, 0] : !mo.tensor<[n, 3, m], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // expected-error @+1 {{'mo.pad' op expected an extent of 0 or more on axis 1, found -1}}
  %0 = mo.pad %x low = [0, -2, 0] high = [0, -2, 0] : !mo.tensor<[n, 3, m], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // expected-error @+1 {{'mo.pad' op expected paddings of 0 or more in mode edge, found low = [0, -2, 0]}}
  %0 = mo.pad %x low = [0, -2, 0] high = [0, 0, 0] mode = edge : !mo.tensor<[n, 3, m], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[0], f32>) {
  // expected-error @+1 {{'mo.pad' op expected elements to repeat on axis 0, found none}}
  %0 = mo.pad %x low = [1] high = [0] mode = wrap : !mo.tensor<[0], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2], f32>, %v: !mo.tensor<[], f32>) {
  // expected-error @+1 {{'mo.pad' op expected a value in mode constant only, found one in mode edge}}
  %0 = mo.pad %x, %v low = [1] high = [0] mode = edge : !mo.tensor<[2], f32>, !mo.tensor<[], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2], f32>, %v: !mo.tensor<[1], f32>) {
  // expected-error @+1 {{'mo.pad' op expected value of rank 0, found [1]}}
  %0 = mo.pad %x, %v low = [1] high = [0] : !mo.tensor<[2], f32>, !mo.tensor<[1], f32>
  mo.output
}
