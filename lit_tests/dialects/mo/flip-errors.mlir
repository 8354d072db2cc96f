// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Axes that are distinct.

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // expected-error @+1 {{'mo.flip' op expected axes to be distinct for a tensor of rank 3, found [0, 0]}}
  %0 = mo.flip %x axes = [0, 0] : !mo.tensor<[n, 3, m], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // expected-error @+1 {{'mo.roll' op expected 2 shifts, one for each of axes; found 1}}
  %0 = mo.roll %x shifts = [1] axes = [0, 1] : !mo.tensor<[n, 3, m], f32>
  mo.output
}
