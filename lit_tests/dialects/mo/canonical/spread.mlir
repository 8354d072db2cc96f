// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is repeated, combined with nothing, or asked for its shape.
// RUN: mo-opt %s --canonicalize --split-input-file | FileCheck %s

// CHECK-LABEL: mo.graph @twice(
// CHECK-NEXT: %[[R:.*]] = mo.broadcast_to %{{.*}} : !mo.tensor<[1], f32> to !mo.tensor<[2, n, 3], f32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @twice(%x: !mo.tensor<[1], f32>, %n: !mo.tensor<[n], f32>) -> !mo.tensor<[2, n, 3], f32> {
  %0 = mo.broadcast_to %x : !mo.tensor<[1], f32> to !mo.tensor<[n, 3], f32>
  %1 = mo.broadcast_to %0 : !mo.tensor<[n, 3], f32> to !mo.tensor<[2, n, 3], f32>
  mo.output %1 : !mo.tensor<[2, n, 3], f32>
}

// -----

// An operand need not be repeated where the other has the shape.
// CHECK-LABEL: mo.graph @elementwise(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[], f32>, %[[Y:[^ :]+]]: !mo.tensor<[n, 2], f32>
// CHECK-NEXT: %[[A:.*]] = mo.add %[[Y]], %[[X]] : !mo.tensor<[n, 2], f32>, !mo.tensor<[], f32>
// CHECK-NEXT: %[[M:.*]] = mo.less %[[X]], %[[A]]
// CHECK-NEXT: %[[S:.*]] = mo.select %[[M]], %[[X]], %[[X]]
// CHECK-NEXT: mo.output %[[S]]
mo.graph @elementwise(%x: !mo.tensor<[], f32>, %y: !mo.tensor<[n, 2], f32>) -> !mo.tensor<[n, 2], f32> {
  %0 = mo.broadcast_to %x : !mo.tensor<[], f32> to !mo.tensor<[n, 2], f32>
  %1 = mo.add %y, %0 : !mo.tensor<[n, 2], f32>
  %2 = mo.less %0, %1 : !mo.tensor<[n, 2], f32>
  %3 = mo.broadcast_to %x : !mo.tensor<[], f32> to !mo.tensor<[n, 2], f32>
  %4 = mo.select %2, %0, %3 : !mo.tensor<[n, 2], i1>, !mo.tensor<[n, 2], f32>
  mo.output %4 : !mo.tensor<[n, 2], f32>
}

// -----

// Without it, the result would have another shape.
// CHECK-LABEL: mo.graph @needed(
// CHECK-NEXT: mo.broadcast_to
// CHECK-NEXT: mo.add
mo.graph @needed(%x: !mo.tensor<[1, 2], f32>, %y: !mo.tensor<[2], f32>) -> !mo.tensor<[4, 2], f32> {
  %0 = mo.broadcast_to %x : !mo.tensor<[1, 2], f32> to !mo.tensor<[4, 2], f32>
  %1 = mo.add %0, %y : !mo.tensor<[4, 2], f32>, !mo.tensor<[2], f32>
  mo.output %1 : !mo.tensor<[4, 2], f32>
}

// -----

// CHECK-LABEL: mo.graph @reductions(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[1, n, 1], f32>
// CHECK-NEXT: %[[R:.*]] = mo.reshape %[[X]] : !mo.tensor<[1, n, 1], f32> to !mo.tensor<[n], f32>
// CHECK-NEXT: %[[A:.*]] = mo.reduce.add
// CHECK-NEXT: %[[L:.*]] = mo.reduce.log_sum_exp
// CHECK-NEXT: mo.output %[[R]], %[[X]], %[[A]], %[[L]]
mo.graph @reductions(%x: !mo.tensor<[1, n, 1], f32>) -> (!mo.tensor<[n], f32>, !mo.tensor<[1, n, 1], f32>, !mo.tensor<[1], f32>, !mo.tensor<[1, n, 1], f32>) {
  %0 = mo.reduce.mean %x axes = [0, -1] : !mo.tensor<[1, n, 1], f32>
  %1 = mo.reduce.max %x axes = [0] keepdims : !mo.tensor<[1, n, 1], f32>
  %2 = mo.reduce.add %x axes = [0, 1] : !mo.tensor<[1, n, 1], f32>
  %3 = mo.reduce.log_sum_exp %x axes = [0] keepdims : !mo.tensor<[1, n, 1], f32>
  mo.output %0, %1, %2, %3 : !mo.tensor<[n], f32>, !mo.tensor<[1, n, 1], f32>, !mo.tensor<[1], f32>, !mo.tensor<[1, n, 1], f32>
}

// -----

// The shape does not need what is computed, unless that is where it comes from.
// CHECK-LABEL: mo.graph @shape(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[n, 1], f32>, %[[Y:[^ :]+]]: !mo.tensor<[1, m], f32>
// CHECK-NEXT: %[[S:.*]] = mo.shape_of %[[X]]
// CHECK-NEXT: %[[A:.*]] = mo.add
// CHECK-NEXT: %[[T:.*]] = mo.shape_of %[[A]]
// CHECK-NEXT: mo.output %[[S]], %[[T]]
mo.graph @shape(%x: !mo.tensor<[n, 1], f32>, %y: !mo.tensor<[1, m], f32>) -> (!mo.tensor<[2], si64>, !mo.tensor<[2], si64>) {
  %0 = mo.exp %x : !mo.tensor<[n, 1], f32>
  %1 = mo.is_nan %0 : !mo.tensor<[n, 1], f32>
  %2 = mo.shape_of %1 : !mo.tensor<[n, 1], i1>
  %3 = mo.add %x, %y : !mo.tensor<[n, 1], f32>, !mo.tensor<[1, m], f32>
  %4 = mo.shape_of %3 : !mo.tensor<[n, m], f32>
  mo.output %2, %4 : !mo.tensor<[2], si64>, !mo.tensor<[2], si64>
}
