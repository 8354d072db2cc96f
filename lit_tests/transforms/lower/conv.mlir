// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// The input is copied into its padding; then one nest multiplies and adds what lies under the windows.
// CHECK: #[[X:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d0, d1, d5, d3 * 2 + d6, d4 + d7 * 3)>
// CHECK: #[[W:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d1, d2, d5, d6, d7)>
// CHECK: #[[Y:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d0, d1, d2, d3, d4)>
// CHECK-LABEL: mogg.kernel private @conv_f32(
// CHECK: cf.assert %{{.*}}, "mo.conv: expected windows that fit into the padded input, found one that reaches over 3 places for h + 2"
// CHECK: %[[BORDER:.*]] = linalg.fill
// CHECK: tensor.insert_slice %{{.*}} into %[[BORDER]][0, 0, 1, 0] [%{{.*}}, 4, %{{.*}}, 9] [1, 1, 1, 1] : tensor<?x4x?x9xf32> into tensor<?x4x?x9xf32>
// CHECK: linalg.generic {indexing_maps = [#[[X]], #[[W]], #[[Y]]], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
// CHECK: arith.mulf
// CHECK: arith.addf
// CHECK: tensor.collapse_shape
mo.graph @strided(%x: !mo.tensor<[b, 4, h, 9], f32>, %w: !mo.tensor<[6, 4, 3, 3], f32>) -> !mo.tensor<[b, 6, (h + 1) floordiv 2, 3], f32> {
  %0 = mo.conv %x, %w strides = [2, 1] dilations = [1, 3] low = [1, 0] high = [1, 0] : !mo.tensor<[b, 4, h, 9], f32>, !mo.tensor<[6, 4, 3, 3], f32>
  mo.output %0 : !mo.tensor<[b, 6, (h + 1) floordiv 2, 3], f32>
}

// -----

// Windows of one element have no loop, and the sums start at the bias. Narrow floats are widened once, before.
// CHECK-DAG: #[[X:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1 * 2, d2, d4)>
// CHECK-DAG: #[[W:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (0, d4, d2, d3)>
// CHECK-DAG: #[[BIAS:.*]] = affine_map<(d0, d1, d2, d3) -> (d2, d3)>
// CHECK-LABEL: mogg.kernel private @conv_f16(
// CHECK-COUNT-2: bufferization.alloc_tensor() copy(
// CHECK: %[[START:.*]] = linalg.generic {{{.*}}#[[BIAS]]
// CHECK: linalg.generic {{{.*}}#[[X]], #[[W]]{{.*}} outs(%[[START]] : tensor<2x4x1x6xf32>)
// CHECK: arith.truncf
mo.graph @pointwise(%x: !mo.tensor<[2, 7, 3], f16>, %w: !mo.tensor<[1, 3, 6], f16>, %b: !mo.tensor<[6], f16>) -> !mo.tensor<[2, 4, 6], f16> {
  %0 = mo.conv %x, %w, %b strides = [2] channels_last : !mo.tensor<[2, 7, 3], f16>, !mo.tensor<[1, 3, 6], f16>, !mo.tensor<[6], f16>
  mo.output %0 : !mo.tensor<[2, 4, 6], f16>
}
