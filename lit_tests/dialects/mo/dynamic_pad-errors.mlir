// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// One padding for each axis.

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %p: !mo.tensor<[2], si64>) {
  // expected-error @+1 {{'mo.dynamic.pad' op expected low of type !mo.tensor<[3], si64>, found !mo.tensor<[2], si64>}}
  %0 = mo.dynamic.pad %x, %p, %p : (!mo.tensor<[n, 3, m], f32>, !mo.tensor<[2], si64>, !mo.tensor<[2], si64>) -> !mo.tensor<[a, b, c], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %p: !mo.tensor<[3], si64>) {
  // expected-error @+1 {{'mo.dynamic.pad' op expected a result of rank 3, as the input has; found [a, b]}}
  %0 = mo.dynamic.pad %x, %p, %p : (!mo.tensor<[n, 3, m], f32>, !mo.tensor<[3], si64>, !mo.tensor<[3], si64>) -> !mo.tensor<[a, b], f32>
  mo.output
}
