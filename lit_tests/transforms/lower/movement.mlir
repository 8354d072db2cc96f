// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Views, and extents, take no launch.
// CHECK-LABEL: mogg.program @views(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x1x6xf32>)
// CHECK: tensor.collapse_shape %[[X]]
// CHECK: tensor.expand_shape
// CHECK: tensor.extract_slice %[[X]][0, 0, 0] [%{{.*}}, 1, 2] [1, 1, 1]
// CHECK: tensor.extract_slice %[[X]][0, 0, 2] [%{{.*}}, 1, 4] [1, 1, 1]
// CHECK-NOT: mogg.launch
// CHECK: mogg.return
mo.graph @views(%x: !mo.tensor<[n, 1, 6], f32>) -> (!mo.tensor<[n, 6], f32>, !mo.tensor<[1, n, 1, 6], f32>, !mo.tensor<[n, 1, 2], f32>, !mo.tensor<[n, 1, 4], f32>, !mo.tensor<[], si64>) {
  %0 = mo.squeeze %x axes = [1] : !mo.tensor<[n, 1, 6], f32>
  %1 = mo.unsqueeze %x axes = [0] : !mo.tensor<[n, 1, 6], f32>
  %2:2 = mo.split %x axis = 2 : !mo.tensor<[n, 1, 6], f32> to !mo.tensor<[n, 1, 2], f32>, !mo.tensor<[n, 1, 4], f32>
  %3 = mo.dim %x axis = 0 : !mo.tensor<[n, 1, 6], f32>
  mo.output %0, %1, %2#0, %2#1, %3 : !mo.tensor<[n, 6], f32>, !mo.tensor<[1, n, 1, 6], f32>, !mo.tensor<[n, 1, 2], f32>, !mo.tensor<[n, 1, 4], f32>, !mo.tensor<[], si64>
}

// -----

// What is only added is filled, and the input inserted.
// CHECK-LABEL: mogg.kernel private @pad_f32(
// CHECK: %[[FULL:.*]] = linalg.fill {{.*}} -> tensor<?x7xf32>
// CHECK: tensor.insert_slice %{{.*}} into %[[FULL]][1, 0] [%{{.*}}, 4] [1, 1]
// CHECK-LABEL: mogg.kernel private @pad_f32_1(
// CHECK: cf.assert %{{.*}}, "mo.pad: expected an extent of 0 or more on axis 0, found n - 2"
// CHECK-LABEL: mogg.kernel private @pad_f32_2(
// CHECK: cf.assert %{{.*}}, "mo.pad: expected elements to repeat on axis 0, found none"
mo.graph @pad(%x: !mo.tensor<[n, 4], f32>) -> (!mo.tensor<[n + 1, 7], f32>, !mo.tensor<[n - 2, 7], f32>, !mo.tensor<[n + 1, 4], f32>) {
  %0 = mo.pad %x low = [1, 0] high = [0, 3] : !mo.tensor<[n, 4], f32>
  %1 = mo.pad %x low = [-1, 0] high = [-1, 3] : !mo.tensor<[n, 4], f32>
  %2 = mo.pad %x low = [0, 0] high = [1, 0] mode = edge : !mo.tensor<[n, 4], f32>
  mo.output %0, %1, %2 : !mo.tensor<[n + 1, 7], f32>, !mo.tensor<[n - 2, 7], f32>, !mo.tensor<[n + 1, 4], f32>
}

// -----

// Steps that are known to walk forward give a view; others, elements one by one.
// CHECK-LABEL: mogg.program @slices(
// CHECK: tensor.extract_slice %{{.*}}[%{{.*}}, %{{.*}}] [%{{.*}}, %{{.*}}] [1, 1] : tensor<?x?xf32> to tensor<?x?xf32>
// CHECK: cf.assert %{{.*}}, "mo.dynamic.slice: expected a step other than 0 on axis 0, found 0"
// CHECK: tensor.extract %{{.*}} : tensor<?x?xf32>
mo.graph @slices(%x: !mo.tensor<[n, m], f32>, %s: !mo.tensor<[2], si64>) -> (!mo.tensor<[a, b], f32>, !mo.tensor<[c, d], f32>) {
  %one = mo.constant 1 : !mo.tensor<[2], si64>
  %0 = mo.dynamic.slice %x, %s, %s, %one : (!mo.tensor<[n, m], f32>, !mo.tensor<[2], si64>, !mo.tensor<[2], si64>, !mo.tensor<[2], si64>) -> !mo.tensor<[a, b], f32>
  %1 = mo.dynamic.slice %x, %s, %s, %s : (!mo.tensor<[n, m], f32>, !mo.tensor<[2], si64>, !mo.tensor<[2], si64>, !mo.tensor<[2], si64>) -> !mo.tensor<[c, d], f32>
  mo.output %0, %1 : !mo.tensor<[a, b], f32>, !mo.tensor<[c, d], f32>
}

// -----

// A copy of each, then a view of all; a transposition between two views.
// CHECK-LABEL: mogg.kernel private @tile_f32(
// CHECK: tensor.expand_shape
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x?x3x4xf32>)
// CHECK: tensor.collapse_shape
// CHECK-LABEL: mogg.kernel private @space_to_depth_f32(
// CHECK: cf.assert %{{.*}}, "mo.space_to_depth: expected an extent on axis 2 that 2 divides, found h"
// CHECK: linalg.generic
mo.graph @blocks(%x: !mo.tensor<[n, 4], f32>, %y: !mo.tensor<[1, 1, h, 4], f32>) -> (!mo.tensor<[n * 2, 12], f32>, !mo.tensor<[1, 4, h floordiv 2, 2], f32>) {
  %0 = mo.tile %x repeats = [2, 3] : !mo.tensor<[n, 4], f32>
  %1 = mo.space_to_depth %y block_size = 2 : !mo.tensor<[1, 1, h, 4], f32>
  mo.output %0, %1 : !mo.tensor<[n * 2, 12], f32>, !mo.tensor<[1, 4, h floordiv 2, 2], f32>
}
