// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

mo.graph @test(%x: !mo.tensor<[3, 4], f32>, %w: !mo.tensor<[2, 4, 5], f32>, %s: !mo.tensor<[2, 1], si32>) {
  // expected-error @+1 {{'mo.grouped_matmul' op expected group_sizes of rank 1, found [2, 1]}}
  %0 = mo.grouped_matmul %x, %w, %s : !mo.tensor<[3, 4], f32>, !mo.tensor<[2, 4, 5], f32>, !mo.tensor<[2, 1], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[1, 3, 4], f32>, %w: !mo.tensor<[2, 4, 5], f32>, %s: !mo.tensor<[2], si32>) {
  // expected-error @+1 {{'mo.grouped_matmul' op expected lhs of rank 2, found [1, 3, 4]}}
  %0 = mo.grouped_matmul %x, %w, %s : !mo.tensor<[1, 3, 4], f32>, !mo.tensor<[2, 4, 5], f32>, !mo.tensor<[2], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 4], f32>, %w: !mo.tensor<[4, 5], f32>, %s: !mo.tensor<[4], si32>) {
  // expected-error @+1 {{'mo.grouped_matmul' op expected rhs of rank 3, found [4, 5]}}
  %0 = mo.grouped_matmul %x, %w, %s : !mo.tensor<[3, 4], f32>, !mo.tensor<[4, 5], f32>, !mo.tensor<[4], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 4], f32>, %w: !mo.tensor<[2, 4, 5], f16>, %s: !mo.tensor<[2], si32>) {
  // expected-error @+1 {{'mo.grouped_matmul' op expected lhs and rhs of equal dtype, found f32 and f16; mo.cast changes a dtype}}
  %0 = mo.grouped_matmul %x, %w, %s : !mo.tensor<[3, 4], f32>, !mo.tensor<[2, 4, 5], f16>, !mo.tensor<[2], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 4], i1>, %w: !mo.tensor<[2, 4, 5], i1>, %s: !mo.tensor<[2], si32>) {
  // expected-error @+1 {{'mo.grouped_matmul' op expected dtype to be an integer or a float, found i1}}
  %0 = mo.grouped_matmul %x, %w, %s : !mo.tensor<[3, 4], i1>, !mo.tensor<[2, 4, 5], i1>, !mo.tensor<[2], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 4], f32>, %w: !mo.tensor<[2, 4, 5], f32>, %s: !mo.tensor<[2], f32>) {
  // expected-error @+1 {{'mo.grouped_matmul' op expected the dtype of group_sizes to be an integer, found f32}}
  %0 = mo.grouped_matmul %x, %w, %s : !mo.tensor<[3, 4], f32>, !mo.tensor<[2, 4, 5], f32>, !mo.tensor<[2], f32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 4], f32, gpu:0>, %w: !mo.tensor<[2, 4, 5], f32>, %s: !mo.tensor<[2], si32>) {
  // expected-error @+1 {{'mo.grouped_matmul' op expected lhs and rhs on one device, found gpu:0 and cpu}}
  %0 = mo.grouped_matmul %x, %w, %s : !mo.tensor<[3, 4], f32, gpu:0>, !mo.tensor<[2, 4, 5], f32>, !mo.tensor<[2], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 4], f32>, %w: !mo.tensor<[2, n, 5], f32>, %s: !mo.tensor<[2], si32>) {
  // expected-error @+1 {{'mo.grouped_matmul' op expected dimension 1 of lhs and 1 of rhs, which are summed over, to be equal; found 4 and n in [3, 4] and [2, n, 5]}}
  %0 = mo.grouped_matmul %x, %w, %s : !mo.tensor<[3, 4], f32>, !mo.tensor<[2, n, 5], f32>, !mo.tensor<[2], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 4], f32>, %w: !mo.tensor<[2, 4, 5], f32>, %s: !mo.tensor<[2], si32>) {
  // expected-error @+1 {{'mo.grouped_matmul' op expected dimension 1 of lhs and 2 of rhs, which are summed over, to be equal; found 4 and 5 in [3, 4] and [2, 4, 5]}}
  %0 = mo.grouped_matmul %x, %w, %s transpose_rhs : !mo.tensor<[3, 4], f32>, !mo.tensor<[2, 4, 5], f32>, !mo.tensor<[2], si32>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[3, 4], f32>, %w: !mo.tensor<[g, 4, 5], f32>, %s: !mo.tensor<[2], si32>) {
  // expected-error @+1 {{'mo.grouped_matmul' op expected group_sizes of shape [g], one for each matrix of rhs; found [2]}}
  %0 = mo.grouped_matmul %x, %w, %s : !mo.tensor<[3, 4], f32>, !mo.tensor<[g, 4, 5], f32>, !mo.tensor<[2], si32>
  mo.output
}
