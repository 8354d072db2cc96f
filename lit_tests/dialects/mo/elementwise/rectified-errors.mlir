// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.celu' op expected alpha to differ from 0, which input is divided by}}
  %0 = mo.celu %x alpha = 0.0 : !mo.tensor<[n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>, %s: !mo.tensor<[3, n], f32>) {
  // expected-error @+1 {{'mo.prelu' op expected slope to broadcast to the shape of the input, [n]; found [3, n]}}
  %0 = mo.prelu %x, %s : !mo.tensor<[n], f32>, !mo.tensor<[3, n], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], si32>, %s: !mo.tensor<[n], si8>) {
  // expected-error @+1 {{'mo.clamp' op expected input and high of equal dtype, found si32 and si8; mo.cast changes a dtype}}
  %0 = mo.clamp %x, %x, %s : !mo.tensor<[n], si32>, !mo.tensor<[n], si32>, !mo.tensor<[n], si8>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], si32>) {
  // expected-error @+1 {{'mo.leaky_relu' op expected dtype to be a float, found si32}}
  %0 = mo.leaky_relu %x : !mo.tensor<[n], si32>
  mo.output
}
