// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Updates fit the indices and the input.

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %i: !mo.tensor<[p, 3, q], si64>, %u: !mo.tensor<[p, 3, m], f32>) {
  // expected-error @+1 {{'mo.scatter' op expected updates of shape [p, 3, q], as indices have; found [p, 3, m]}}
  %0 = mo.scatter %x, %i, %u : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p, 3, q], si64>, !mo.tensor<[p, 3, m], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %i: !mo.tensor<[p, 3, q], si64>, %u: !mo.tensor<[p, 3, q], f16>) {
  // expected-error @+1 {{'mo.scatter' op expected input and updates of equal dtype, found f32 and f16; mo.cast changes a dtype}}
  %0 = mo.scatter %x, %i, %u : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p, 3, q], si64>, !mo.tensor<[p, 3, q], f16>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], i1>, %i: !mo.tensor<[p], si64>, %u: !mo.tensor<[p], i1>) {
  // expected-error @+1 {{'mo.scatter' op expected dtype to be an integer or a float, found i1}}
  %0 = mo.scatter %x, %i, %u reduction = add : !mo.tensor<[n], i1>, !mo.tensor<[p], si64>, !mo.tensor<[p], i1>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %i: !mo.tensor<[r, 2], si64>, %u: !mo.tensor<[r, 3], f32>) {
  // expected-error @+1 {{'mo.scatter_nd' op expected updates of shape [r, m], that of indices without the last dimension and the input's other dimensions; found [r, 3]}}
  %0 = mo.scatter_nd %x, %i, %u : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[r, 2], si64>, !mo.tensor<[r, 3], f32>
  mo.output
}
