// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// What is summed over is equal; batches broadcast.

mo.graph @test(%x: !mo.tensor<[3, n], f32>, %y: !mo.tensor<[4, 5], f32>) {
  // expected-error @+1 {{'mo.matmul' op expected dimension 1 of lhs and 0 of rhs, which are summed over, to be equal; found n and 4 in [3, n] and [4, 5]; mo.rebind asserts that they are equal}}
  %0 = mo.matmul %x, %y : !mo.tensor<[3, n], f32>, !mo.tensor<[4, 5], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 2], f32>, %y: !mo.tensor<[4], f32>) {
  // expected-error @+1 {{'mo.matmul' op expected dimension 1 of lhs and 0 of rhs, which are summed over, to be equal; found 2 and 4 in [3, 2] and [4]}}
  %0 = mo.matmul %x, %y : !mo.tensor<[3, 2], f32>, !mo.tensor<[4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[2, 3, 4], f32>, %y: !mo.tensor<[5, 4, 3], f32>) {
  // expected-error @+1 {{'mo.matmul' op in the batch dimensions of [2, 3, 4] and [5, 4, 3]: expected shapes that broadcast, with dimensions that are equal or 1; found 2 and 5 on axis -1 of [2] and [5]}}
  %0 = mo.matmul %x, %y : !mo.tensor<[2, 3, 4], f32>, !mo.tensor<[5, 4, 3], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[], f32>, %y: !mo.tensor<[4], f32>) {
  // expected-error @+1 {{'mo.matmul' op expected operands of rank 1 or more, found [] and [4]}}
  %0 = mo.matmul %x, %y : !mo.tensor<[], f32>, !mo.tensor<[4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[4], i1>) {
  // expected-error @+1 {{'mo.matmul' op expected dtype to be an integer or a float, found i1}}
  %0 = mo.matmul %x, %x : !mo.tensor<[4], i1>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 4], f32>, %v: !mo.tensor<[4], f32>) {
  // expected-error @+1 {{'mo.matmul' op expected rhs of rank 2 or more to transpose, found [4]}}
  %0 = mo.matmul %x, %v transpose_rhs : !mo.tensor<[3, 4], f32>, !mo.tensor<[4], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 4], f32>) {
  // expected-error @+1 {{'mo.matmul' op after the transposition: expected dimension 1 of lhs and 0 of rhs, which are summed over, to be equal; found 3 and 4 in [4, 3] and [4, 3]}}
  %0 = mo.matmul %x, %x transpose_lhs transpose_rhs : !mo.tensor<[3, 4], f32>
  mo.output
}
