// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo.graph(mo-propagate-layout,canonicalize))' --split-input-file | FileCheck %s
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo.graph(mo-propagate-layout{layout=channels_first}))' --split-input-file | FileCheck %s --check-prefix=FIRST

// Between two convolutions nothing is transposed: not for the bias of a column, the activation, or the residual sum.

// CHECK-LABEL: mo.graph @network(
// CHECK-SAME: %[[X:[^:]+]]: !mo.tensor<[n, 4, 8, 8], f32>
// CHECK: %[[T:.+]] = mo.transpose %[[X]] perm = [0, 2, 3, 1]
// CHECK: %[[A:.+]] = mo.conv %[[T]], {{.+}} channels_last
// CHECK: %[[B:.+]] = mo.add %[[A]], %{{.+}} : !mo.tensor<[n, 8, 8, 4], f32>, !mo.tensor<[1, 1, 1, 4], f32>
// CHECK-NEXT: %[[R:.+]] = mo.relu %[[B]]
// CHECK: %[[C:.+]] = mo.conv %[[R]], {{.+}} channels_last
// CHECK-NEXT: %[[S:.+]] = mo.add %[[C]], %[[R]]
// CHECK-NEXT: %[[P:.+]] = mo.avg_pool %[[S]] {{.+}} channels_last
// CHECK-NEXT: %[[M:.+]] = mo.reduce.mean %[[P]] axes = [1, 2]
// CHECK-NEXT: mo.output %[[M]]
// FIRST-LABEL: mo.graph @network(
// FIRST-NOT: mo.transpose
// FIRST: mo.output
mo.graph @network(%x: !mo.tensor<[n, 4, 8, 8], f32>) -> !mo.tensor<[n, 4], f32> {
  %w = mo.constant.external "w" : !mo.tensor<[4, 4, 3, 3], f32>
  %v = mo.constant.external "v" : !mo.tensor<[4, 4, 3, 3], f32>
  %b = mo.constant.external "b" : !mo.tensor<[4, 1, 1], f32>
  %0 = mo.conv %x, %w low = [1, 1] high = [1, 1] : !mo.tensor<[n, 4, 8, 8], f32>, !mo.tensor<[4, 4, 3, 3], f32>
  %1 = mo.add %0, %b : !mo.tensor<[n, 4, 8, 8], f32>, !mo.tensor<[4, 1, 1], f32>
  %2 = mo.relu %1 : !mo.tensor<[n, 4, 8, 8], f32>
  %3 = mo.conv %2, %v low = [1, 1] high = [1, 1] : !mo.tensor<[n, 4, 8, 8], f32>, !mo.tensor<[4, 4, 3, 3], f32>
  %4 = mo.add %3, %2 : !mo.tensor<[n, 4, 8, 8], f32>
  %5 = mo.avg_pool %4 kernel = [2, 2] strides = [2, 2] : !mo.tensor<[n, 4, 8, 8], f32>
  %6 = mo.reduce.mean %5 axes = [2, 3] : !mo.tensor<[n, 4, 4, 4], f32>
  mo.output %6 : !mo.tensor<[n, 4], f32>
}

// -----

// Indices of a pool count elements in the layout that it has, so it stays where they are used.

// CHECK-LABEL: mo.graph @indices(
// CHECK-NOT: mo.transpose
// CHECK: mo.max_pool
// CHECK-NOT: channels_last
// CHECK: mo.output
mo.graph @indices(%x: !mo.tensor<[1, 2, 4], f32>) -> !mo.tensor<[1, 2, 2], si64> {
  %0:2 = mo.max_pool %x kernel = [2] strides = [2] : !mo.tensor<[1, 2, 4], f32>
  mo.output %0#1 : !mo.tensor<[1, 2, 2], si64>
}
