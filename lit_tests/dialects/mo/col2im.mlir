// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Windows and images may be known when the program runs.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%c: !mo.tensor<[b, 12, 20], f32>, %s: !mo.tensor<[4], si64>, %k: !mo.tensor<[2], si64>) {
  // CHECK: mo.col2im %{{[^ ,)]+}} kernel = [2, 3] low = [0, 1] high = [0, 1] : !mo.tensor<[b, 12, 20], f32> to !mo.tensor<[b, 2, 5, 5], f32>
  %r0 = mo.col2im %c kernel = [2, 3] low = [0, 1] high = [0, 1] : !mo.tensor<[b, 12, 20], f32> to !mo.tensor<[b, 2, 5, 5], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 2, 5, 5], f32>
  %r1 = mo.negative %r0 : !mo.tensor<[b, 2, 5, 5], f32>
  // CHECK: mo.col2im %{{[^ ,)]+}} shape %{{[^ ,)]+}} kernel = [2, 3] strides = [2, 1] : !mo.tensor<[b, 12, 20], f32> shape !mo.tensor<[4], si64> to !mo.tensor<[b, 2, p, q], f32>
  %r2 = mo.col2im %c shape %s kernel = [2, 3] strides = [2, 1] : !mo.tensor<[b, 12, 20], f32> shape !mo.tensor<[4], si64> to !mo.tensor<[b, 2, p, q], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 2, p, q], f32>
  %r3 = mo.negative %r2 : !mo.tensor<[b, 2, p, q], f32>
  // CHECK: mo.col2im %{{[^ ,)]+}} block %{{[^ ,)]+}} dilations = [2, 1] : !mo.tensor<[b, 12, 20], f32> block !mo.tensor<[2], si64> to !mo.tensor<[b, 2, 6, 6], f32>
  %r4 = mo.col2im %c block %k dilations = [2, 1] : !mo.tensor<[b, 12, 20], f32> block !mo.tensor<[2], si64> to !mo.tensor<[b, 2, 6, 6], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 2, 6, 6], f32>
  %r5 = mo.negative %r4 : !mo.tensor<[b, 2, 6, 6], f32>
  mo.output
}
