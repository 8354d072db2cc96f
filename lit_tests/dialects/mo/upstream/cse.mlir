// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --cse | FileCheck %s

// Pure operations are merged, a draw from one seed among them; different attributes are not.

// CHECK-LABEL: mo.graph @merge(
// CHECK: %[[D:[^ ]+]] = mo.static.random.normal
// CHECK-NOT: mo.static.random.normal
// CHECK: %[[A:[^ ]+]] = mo.reduce.add %[[D]] axes = [0]
// CHECK: %[[B:[^ ]+]] = mo.reduce.add %[[D]] axes = [1]
// CHECK: mo.output %[[A]], %[[A]], %[[B]]
mo.graph @merge(%m: !mo.tensor<[], f32>, %seed: !mo.tensor<[], si64>) -> (!mo.tensor<[4], f32>, !mo.tensor<[4], f32>, !mo.tensor<[4], f32>) {
  %0 = mo.static.random.normal %m, %m, %seed : (!mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>) -> !mo.tensor<[4, 4], f32>
  %1 = mo.static.random.normal %m, %m, %seed : (!mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>) -> !mo.tensor<[4, 4], f32>
  %2 = mo.reduce.add %0 axes = [0] : !mo.tensor<[4, 4], f32>
  %3 = mo.reduce.add %1 axes = [0] : !mo.tensor<[4, 4], f32>
  %4 = mo.reduce.add %1 axes = [1] : !mo.tensor<[4, 4], f32>
  mo.output %2, %3, %4 : !mo.tensor<[4], f32>, !mo.tensor<[4], f32>, !mo.tensor<[4], f32>
}
