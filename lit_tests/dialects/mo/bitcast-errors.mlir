// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Only the dtype changes, and not its width.

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.bitcast' op expected a result with the shape and device of the input, !mo.tensor<[n], si32>; found !mo.tensor<[2], si32>}}
  %0 = mo.bitcast %x : !mo.tensor<[n], f32> to !mo.tensor<[2], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.bitcast' op expected a dtype of 32 bits, as f32 has; found si64, which has 64}}
  %0 = mo.bitcast %x : !mo.tensor<[n], f32> to !mo.tensor<[n], si64>
  mo.output
}
