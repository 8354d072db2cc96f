// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Each element gathers from the windows that reach it, through a view of the columns.
// CHECK-LABEL: mogg.kernel private @col2im_f32(
// CHECK: tensor.expand_shape
// CHECK: linalg.fill
// CHECK: tensor.empty() : tensor<2x3xf32>
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
// CHECK: tensor.extract
// CHECK: arith.select
// CHECK: arith.addf
mo.graph @known(%x: !mo.tensor<[b, 12, 12], f32>) -> !mo.tensor<[b, 2, 4, 6], f32> {
  %0 = mo.col2im %x kernel = [2, 3] : !mo.tensor<[b, 12, 12], f32> to !mo.tensor<[b, 2, 4, 6], f32>
  mo.output %0 : !mo.tensor<[b, 2, 4, 6], f32>
}

// -----

// What is known when the program runs is compared with what there is.
// CHECK-LABEL: mogg.kernel private @col2im_f32(
// CHECK: cf.assert %{{.*}}, "mo.col2im: expected windows of 1 or more elements"
// CHECK: cf.assert %{{.*}}, "mo.col2im: expected as many rows as taps of channels, found 12"
// CHECK: cf.assert %{{.*}}, "mo.col2im: expected windows that fit into the padded input
// CHECK: cf.assert %{{.*}}, "mo.col2im: expected {{.*}} columns, one for each window; found l"
mo.graph @later(%x: !mo.tensor<[b, 12, l], f32>, %k: !mo.tensor<[1], si64>) -> !mo.tensor<[b, 2, 9], f32> {
  %0 = mo.col2im %x block %k : !mo.tensor<[b, 12, l], f32> block !mo.tensor<[1], si64> to !mo.tensor<[b, 2, 9], f32>
  mo.output %0 : !mo.tensor<[b, 2, 9], f32>
}
