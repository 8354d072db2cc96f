// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// One range for each axis, and no more than there is.

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %p: !mo.tensor<[3], si64>) {
  // expected-error @+1 {{'mo.dynamic.slice' op expected an extent of 3 or less on axis 1, found 4}}
  %0 = mo.dynamic.slice %x, %p, %p, %p : (!mo.tensor<[n, 3, m], f32>, !mo.tensor<[3], si64>, !mo.tensor<[3], si64>, !mo.tensor<[3], si64>) -> !mo.tensor<[a, 4, c], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %p: !mo.tensor<[3], si64>, %q: !mo.tensor<[2], si64>) {
  // expected-error @+1 {{'mo.dynamic.slice' op expected stops of type !mo.tensor<[3], si64>, found !mo.tensor<[2], si64>}}
  %0 = mo.dynamic.slice %x, %p, %q, %p : (!mo.tensor<[n, 3, m], f32>, !mo.tensor<[3], si64>, !mo.tensor<[2], si64>, !mo.tensor<[3], si64>) -> !mo.tensor<[a, 3, c], f32>
  mo.output
}
