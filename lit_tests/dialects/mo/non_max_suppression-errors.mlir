// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

mo.graph @test(%b: !mo.tensor<[b, n, 5], f32>, %s: !mo.tensor<[b, 80, n], f32>) {
  // expected-error @+1 {{'mo.non_max_suppression' op expected boxes of shape [b, n, 4] for scores of shape [b, 80, n], found [b, n, 5]}}
  %0 = mo.non_max_suppression %b, %s : !mo.tensor<[b, n, 5], f32>, !mo.tensor<[b, 80, n], f32> to !mo.tensor<[k, 3], si64>
  mo.output
}

// -----

mo.graph @test(%b: !mo.tensor<[b, n, 4], f32>, %s: !mo.tensor<[b, n], f32>) {
  // expected-error @+1 {{'mo.non_max_suppression' op expected scores of rank 3, found [b, n]}}
  %0 = mo.non_max_suppression %b, %s : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[b, n], f32> to !mo.tensor<[k, 3], si64>
  mo.output
}

// -----

mo.graph @test(%b: !mo.tensor<[b, n, 4], f32>, %s: !mo.tensor<[b, 80, n], f32>, %t: !mo.tensor<[1], f32>) {
  // expected-error @+1 {{'mo.non_max_suppression' op expected iou_threshold of rank 0, found [1]}}
  %0 = mo.non_max_suppression %b, %s iou_threshold %t : !mo.tensor<[1], f32> : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[b, 80, n], f32> to !mo.tensor<[k, 3], si64>
  mo.output
}

// -----

mo.graph @test(%b: !mo.tensor<[b, n, 4], f32>, %s: !mo.tensor<[b, 80, n], f32>) {
  // expected-error @+1 {{'mo.non_max_suppression' op expected a result of a type such as !mo.tensor<[k, 3], si64>, found !mo.tensor<[k, 3], si32>}}
  %0 = mo.non_max_suppression %b, %s : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[b, 80, n], f32> to !mo.tensor<[k, 3], si32>
  mo.output
}

// -----

mo.graph @test(%b: !mo.tensor<[b, n, 4], si32>, %s: !mo.tensor<[b, 80, n], si32>) {
  // expected-error @+1 {{'mo.non_max_suppression' op expected dtype to be a float, found si32}}
  %0 = mo.non_max_suppression %b, %s : !mo.tensor<[b, n, 4], si32>, !mo.tensor<[b, 80, n], si32> to !mo.tensor<[k, 3], si64>
  mo.output
}
