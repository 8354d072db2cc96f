// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// One range for each axis, and steps that go somewhere.

mo.graph @test(%x: !mo.tensor<[2, 3], f32>) {
  // expected-error @+1 {{'mo.slice' op expected 2 starts, one for each axis of the input; found 1}}
  %0 = mo.slice %x starts = [0] stops = [1, 1] steps = [1, 1] : !mo.tensor<[2, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, 3], f32>) {
  // expected-error @+1 {{'mo.slice' op expected steps other than 0, found [1, 0]}}
  %0 = mo.slice %x starts = [0, 0] stops = [1, 1] steps = [1, 0] : !mo.tensor<[2, 3], f32>
  mo.output
}
