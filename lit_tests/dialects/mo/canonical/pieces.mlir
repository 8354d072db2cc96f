// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Slices and concatenations that join, or undo each other.
// RUN: mo-opt %s --canonicalize --split-input-file | FileCheck %s

// CHECK-LABEL: mo.graph @slice_of_slice(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[10, n], f32>
// CHECK-NEXT: %[[R:.*]] = mo.slice %[[X]] starts = [7, 0] stops = [-9223372036854775808, 9223372036854775807] steps = [-4, 1] : !mo.tensor<[10, n], f32>
// CHECK-NEXT: %[[S:.*]] = mo.slice %[[X]] starts = [3, 0] stops = [10, 5] steps = [1, 1] : !mo.tensor<[10, n], f32>
// CHECK-NEXT: mo.output %[[R]], %[[S]]
mo.graph @slice_of_slice(%x: !mo.tensor<[10, n], f32>) -> (!mo.tensor<[2, n], f32>, !mo.tensor<[7, min(5, n)], f32>) {
  %0 = mo.slice %x starts = [1, 0] stops = [9, 9223372036854775807] steps = [2, 1] : !mo.tensor<[10, n], f32>
  %1 = mo.slice %0 starts = [-1, 0] stops = [-5, 9223372036854775807] steps = [-2, 1] : !mo.tensor<[4, n], f32>
  %2 = mo.slice %x starts = [0, 0] stops = [10, 5] steps = [1, 1] : !mo.tensor<[10, n], f32>
  %3 = mo.slice %2 starts = [3, 0] stops = [10, 9223372036854775807] steps = [1, 1] : !mo.tensor<[10, min(5, n)], f32>
  mo.output %1, %3 : !mo.tensor<[2, n], f32>, !mo.tensor<[7, min(5, n)], f32>
}

// -----

// How many elements come before the end depends on n.
// CHECK-LABEL: mo.graph @slices_of_named(
// CHECK-COUNT-2: mo.slice
mo.graph @slices_of_named(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[(max(0, n - 2)) ceildiv 2], f32> {
  %0 = mo.slice %x starts = [0] stops = [-2] steps = [1] : !mo.tensor<[n], f32>
  %1 = mo.slice %0 starts = [-1] stops = [-9223372036854775808] steps = [-2] : !mo.tensor<[max(0, n - 2)], f32>
  mo.output %1 : !mo.tensor<[(max(0, n - 2)) ceildiv 2], f32>
}

// -----

// CHECK-LABEL: mo.graph @slice_of_concat(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[2, n], f32>, %[[Y:[^ :]+]]: !mo.tensor<[3, n], f32>
// CHECK-NEXT: %[[C:.*]] = mo.concat
// CHECK-NEXT: %[[S:.*]] = mo.slice %[[Y]] starts = [2, 0] stops = [0, 9223372036854775807] steps = [-1, 1]
// CHECK-NEXT: %[[T:.*]] = mo.slice %[[C]]
// CHECK-NEXT: mo.output %[[S]], %[[T]], %[[X]]
mo.graph @slice_of_concat(%x: !mo.tensor<[2, n], f32>, %y: !mo.tensor<[3, n], f32>) -> (!mo.tensor<[2, n], f32>, !mo.tensor<[2, n], f32>, !mo.tensor<[2, n], f32>) {
  %0 = mo.concat %x, %y axis = 0 : !mo.tensor<[2, n], f32>, !mo.tensor<[3, n], f32>
  %1 = mo.slice %0 starts = [-1, 0] stops = [2, 9223372036854775807] steps = [-1, 1] : !mo.tensor<[5, n], f32>
  %2 = mo.slice %0 starts = [1, 0] stops = [3, 9223372036854775807] steps = [1, 1] : !mo.tensor<[5, n], f32>
  %3 = mo.slice %0 starts = [0, 0] stops = [2, 9223372036854775807] steps = [1, 1] : !mo.tensor<[5, n], f32>
  mo.output %1, %2, %3 : !mo.tensor<[2, n], f32>, !mo.tensor<[2, n], f32>, !mo.tensor<[2, n], f32>
}

// -----

// CHECK-LABEL: mo.graph @nested(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[n, 2], f32>, %[[Y:[^ :]+]]: !mo.tensor<[n, 0], f32>
// CHECK-NEXT: %[[R:.*]] = mo.concat %[[X]], %[[X]], %[[X]] axis = -1
// CHECK-NEXT: mo.output %[[R]], %[[X]]
mo.graph @nested(%x: !mo.tensor<[n, 2], f32>, %y: !mo.tensor<[n, 0], f32>) -> (!mo.tensor<[n, 6], f32>, !mo.tensor<[n, 2], f32>) {
  %0 = mo.concat %x, %y, %x axis = 1 : !mo.tensor<[n, 2], f32>, !mo.tensor<[n, 0], f32>, !mo.tensor<[n, 2], f32>
  %1 = mo.concat %x, %0 axis = -1 : !mo.tensor<[n, 2], f32>, !mo.tensor<[n, 4], f32>
  %2 = mo.concat %y, %x axis = 1 : !mo.tensor<[n, 0], f32>, !mo.tensor<[n, 2], f32>
  mo.output %1, %2 : !mo.tensor<[n, 6], f32>, !mo.tensor<[n, 2], f32>
}

// -----

// CHECK-LABEL: mo.graph @other_axis(
// CHECK-COUNT-2: mo.concat
mo.graph @other_axis(%x: !mo.tensor<[n, 2], f32>) -> !mo.tensor<[n * 2, 4], f32> {
  %0 = mo.concat %x, %x axis = 0 : !mo.tensor<[n, 2], f32>
  %1 = mo.concat %0, %0 axis = 1 : !mo.tensor<[n * 2, 2], f32>
  mo.output %1 : !mo.tensor<[n * 2, 4], f32>
}

// -----

// Pieces that rejoin are the whole, or a larger piece.
// CHECK-LABEL: mo.graph @rejoined(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[6, n], f32>
// CHECK-NEXT: %[[R:.*]] = mo.slice %[[X]] starts = [1, 0] stops = [6, 9223372036854775807] steps = [1, 1]
// CHECK-NEXT: mo.output %[[X]], %[[R]]
mo.graph @rejoined(%x: !mo.tensor<[6, n], f32>) -> (!mo.tensor<[6, n], f32>, !mo.tensor<[5, n], f32>) {
  %0 = mo.slice %x starts = [0, 0] stops = [1, 9223372036854775807] steps = [1, 1] : !mo.tensor<[6, n], f32>
  %1 = mo.slice %x starts = [1, 0] stops = [4, 9223372036854775807] steps = [1, 1] : !mo.tensor<[6, n], f32>
  %2 = mo.slice %x starts = [-2, 0] stops = [9223372036854775807, 9223372036854775807] steps = [1, 1] : !mo.tensor<[6, n], f32>
  %3 = mo.concat %0, %1, %2 axis = 0 : !mo.tensor<[1, n], f32>, !mo.tensor<[3, n], f32>, !mo.tensor<[2, n], f32>
  %4 = mo.concat %1, %2 axis = 0 : !mo.tensor<[3, n], f32>, !mo.tensor<[2, n], f32>
  mo.output %3, %4 : !mo.tensor<[6, n], f32>, !mo.tensor<[5, n], f32>
}

// -----

// In another order, with a gap, or not whole along the other axis, they do not.
// CHECK-LABEL: mo.graph @not_rejoined(
// CHECK-COUNT-3: mo.concat
mo.graph @not_rejoined(%x: !mo.tensor<[6, 4], f32>) -> (!mo.tensor<[6, 4], f32>, !mo.tensor<[5, 4], f32>, !mo.tensor<[6, 2], f32>) {
  %0 = mo.slice %x starts = [0, 0] stops = [3, 4] steps = [1, 1] : !mo.tensor<[6, 4], f32>
  %1 = mo.slice %x starts = [3, 0] stops = [6, 4] steps = [1, 1] : !mo.tensor<[6, 4], f32>
  %2 = mo.concat %1, %0 axis = 0 : !mo.tensor<[3, 4], f32>
  %3 = mo.slice %x starts = [4, 0] stops = [6, 4] steps = [1, 1] : !mo.tensor<[6, 4], f32>
  %4 = mo.concat %0, %3 axis = 0 : !mo.tensor<[3, 4], f32>, !mo.tensor<[2, 4], f32>
  %5 = mo.slice %x starts = [0, 0] stops = [3, 2] steps = [1, 1] : !mo.tensor<[6, 4], f32>
  %6 = mo.slice %x starts = [3, 0] stops = [6, 2] steps = [1, 1] : !mo.tensor<[6, 4], f32>
  %7 = mo.concat %5, %6 axis = 0 : !mo.tensor<[3, 2], f32>
  mo.output %2, %4, %7 : !mo.tensor<[6, 4], f32>, !mo.tensor<[5, 4], f32>, !mo.tensor<[6, 2], f32>
}
