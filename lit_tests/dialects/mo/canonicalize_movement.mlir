// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --canonicalize --split-input-file | FileCheck %s

// What moves nothing goes away.
// CHECK-LABEL: mo.graph @nothing(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[n, 1, 4], f32>
// CHECK-NEXT: mo.output %[[X]] :
mo.graph @nothing(%x: !mo.tensor<[n, 1, 4], f32>) -> !mo.tensor<[n, 1, 4], f32> {
  %0 = mo.pad %x low = [0, 0, 0] high = [0, 0, 0] : !mo.tensor<[n, 1, 4], f32>
  %1 = mo.tile %0 repeats = [1, 1, 1] : !mo.tensor<[n, 1, 4], f32>
  %2 = mo.flip %1 axes = [] : !mo.tensor<[n, 1, 4], f32>
  %3 = mo.flip %2 axes = [1] : !mo.tensor<[n, 1, 4], f32>
  %4 = mo.roll %3 shifts = [0] axes = [0] : !mo.tensor<[n, 1, 4], f32>
  %5 = mo.expand %4 : !mo.tensor<[n, 1, 4], f32> to !mo.tensor<[n, 1, 4], f32>
  %6 = mo.split %5 axis = 0 : !mo.tensor<[n, 1, 4], f32> to !mo.tensor<[n, 1, 4], f32>
  %7 = mo.band_part %6 lower = -1 upper = -1 : !mo.tensor<[n, 1, 4], f32>
  %8 = mo.flip %7 axes = [0] : !mo.tensor<[n, 1, 4], f32>
  %9 = mo.flip %8 axes = [0] : !mo.tensor<[n, 1, 4], f32>
  mo.output %9 : !mo.tensor<[n, 1, 4], f32>
}

// -----

// CHECK-LABEL: mo.graph @flips(
// CHECK-NEXT: %[[R:.*]] = mo.flip %{{.*}} axes = [0, 2]
// CHECK-NEXT: mo.output %[[R]]
mo.graph @flips(%x: !mo.tensor<[n, 3, 4], f32>) -> !mo.tensor<[n, 3, 4], f32> {
  %0 = mo.flip %x axes = [0, 1] : !mo.tensor<[n, 3, 4], f32>
  %1 = mo.flip %0 axes = [1, -1] : !mo.tensor<[n, 3, 4], f32>
  mo.output %1 : !mo.tensor<[n, 3, 4], f32>
}

// -----

// Dimensions of 1 are a matter of reshape; what is known to repeat, of broadcast_to; a known shape is a constant.
// CHECK-LABEL: mo.graph @others(
// CHECK-DAG: %[[EXTENT:.*]] = mo.constant 3 : !mo.tensor<[], si64>
// CHECK-DAG: %[[A:.*]] = mo.reshape %{{.*}} : !mo.tensor<[n, 1, 3], f32> to !mo.tensor<[n, 3], f32>
// CHECK-DAG: %[[B:.*]] = mo.reshape %{{.*}} : !mo.tensor<[n, 1, 3], f32> to !mo.tensor<[1, n, 1, 3], f32>
// CHECK-DAG: %[[C:.*]] = mo.broadcast_to %{{.*}} : !mo.tensor<[n, 1, 3], f32> to !mo.tensor<[n, 5, 3], f32>
// CHECK: mo.output %[[A]], %[[B]], %[[C]], %[[EXTENT]]
mo.graph @others(%x: !mo.tensor<[n, 1, 3], f32>) -> (!mo.tensor<[n, 3], f32>, !mo.tensor<[1, n, 1, 3], f32>, !mo.tensor<[n, 5, 3], f32>, !mo.tensor<[], si64>) {
  %0 = mo.squeeze %x : !mo.tensor<[n, 1, 3], f32>
  %1 = mo.unsqueeze %x axes = [0] : !mo.tensor<[n, 1, 3], f32>
  %2 = mo.expand %x : !mo.tensor<[n, 1, 3], f32> to !mo.tensor<[n, 5, 3], f32>
  %3 = mo.dim %x axis = -1 : !mo.tensor<[n, 1, 3], f32>
  mo.output %0, %1, %2, %3 : !mo.tensor<[n, 3], f32>, !mo.tensor<[1, n, 1, 3], f32>, !mo.tensor<[n, 5, 3], f32>, !mo.tensor<[], si64>
}

// -----

// Indices in a row are a slice, one index too; others, and those out of range, are left.
// CHECK-LABEL: mo.graph @gathers(
// CHECK: %[[ROW:.*]] = mo.slice %{{.*}} starts = [0, 2] stops = [9223372036854775807, 3] steps = [1, 1]
// CHECK: %[[A:.*]] = mo.reshape %[[ROW]] : !mo.tensor<[n, 1], f32> to !mo.tensor<[n], f32>
// CHECK: %[[B:.*]] = mo.slice %{{.*}} starts = [0, 1] stops = [9223372036854775807, 3] steps = [1, 1]
// CHECK: %[[C:.*]] = mo.gather
// CHECK: %[[D:.*]] = mo.gather
// CHECK: mo.output %[[A]], %[[B]], %[[C]], %[[D]]
mo.graph @gathers(%x: !mo.tensor<[n, 3], f32>) -> (!mo.tensor<[n], f32>, !mo.tensor<[n, 2], f32>, !mo.tensor<[n, 2], f32>, !mo.tensor<[n], f32>) {
  %last = mo.constant -1 : !mo.tensor<[], si64>
  %two = mo.constant dense<[1, 2]> : !mo.tensor<[2], si64>
  %apart = mo.constant dense<[2, 0]> : !mo.tensor<[2], si64>
  %outside = mo.constant 3 : !mo.tensor<[], si64>
  %0 = mo.gather %x, %last axis = 1 : !mo.tensor<[n, 3], f32>, !mo.tensor<[], si64>
  %1 = mo.gather %x, %two axis = 1 : !mo.tensor<[n, 3], f32>, !mo.tensor<[2], si64>
  %2 = mo.gather %x, %apart axis = 1 : !mo.tensor<[n, 3], f32>, !mo.tensor<[2], si64>
  %3 = mo.gather %x, %outside axis = 1 : !mo.tensor<[n, 3], f32>, !mo.tensor<[], si64>
  mo.output %0, %1, %2, %3 : !mo.tensor<[n], f32>, !mo.tensor<[n, 2], f32>, !mo.tensor<[n, 2], f32>, !mo.tensor<[n], f32>
}

// -----

// What is known when it runs is known before where it is a constant, and the extents are those that follow.
// CHECK-LABEL: mo.graph @known(
// CHECK: mo.slice %{{.*}} starts = [1, 0] stops = [3, 2] steps = [1, 1]
// CHECK: mo.pad %{{.*}} low = [1, 0] high = [3, 2]
// CHECK: mo.tile %{{.*}} repeats = [3, 2]
// CHECK: mo.dynamic.tile
mo.graph @known(%x: !mo.tensor<[n, 2], f32>) -> (!mo.tensor<[max(0, min(3, n) - 1), 2], f32>, !mo.tensor<[n + 4, 4], f32>, !mo.tensor<[n * 3, 4], f32>, !mo.tensor<[k, 4], f32>) {
  %a = mo.constant dense<[1, 0]> : !mo.tensor<[2], si64>
  %b = mo.constant dense<[3, 2]> : !mo.tensor<[2], si64>
  %c = mo.constant 1 : !mo.tensor<[2], si64>
  %0 = mo.dynamic.slice %x, %a, %b, %c : (!mo.tensor<[n, 2], f32>, !mo.tensor<[2], si64>, !mo.tensor<[2], si64>, !mo.tensor<[2], si64>) -> !mo.tensor<[max(0, min(3, n) - 1), 2], f32>
  %1 = mo.dynamic.pad %x, %a, %b : (!mo.tensor<[n, 2], f32>, !mo.tensor<[2], si64>, !mo.tensor<[2], si64>) -> !mo.tensor<[n + 4, 4], f32>
  %2 = mo.dynamic.tile %x, %b : (!mo.tensor<[n, 2], f32>, !mo.tensor<[2], si64>) -> !mo.tensor<[n * 3, 4], f32>
  %3 = mo.dynamic.tile %x, %b : (!mo.tensor<[n, 2], f32>, !mo.tensor<[2], si64>) -> !mo.tensor<[k, 4], f32>
  mo.output %0, %1, %2, %3 : !mo.tensor<[max(0, min(3, n) - 1), 2], f32>, !mo.tensor<[n + 4, 4], f32>, !mo.tensor<[n * 3, 4], f32>, !mo.tensor<[k, 4], f32>
}

// -----

// Constants fold through the references.
// CHECK-LABEL: mo.graph @constants(
// CHECK-DAG: %[[RANGE:.*]] = mo.constant dense<[1, 3, 5]> : !mo.tensor<[3], si64>
// CHECK-DAG: %[[PAD:.*]] = mo.constant dense<[0, 1, 2, 0]> : !mo.tensor<[4], si64>
// CHECK-DAG: %[[SCATTER:.*]] = mo.constant dense<[7, 2]> : !mo.tensor<[2], si64>
// CHECK: mo.output %[[RANGE]], %[[PAD]], %[[SCATTER]]
mo.graph @constants() -> (!mo.tensor<[3], si64>, !mo.tensor<[4], si64>, !mo.tensor<[2], si64>) {
  %one = mo.constant 1 : !mo.tensor<[], si64>
  %six = mo.constant 6 : !mo.tensor<[], si64>
  %two = mo.constant 2 : !mo.tensor<[], si64>
  %x = mo.constant dense<[1, 2]> : !mo.tensor<[2], si64>
  %at = mo.constant dense<[0]> : !mo.tensor<[1], si64>
  %new = mo.constant dense<[7]> : !mo.tensor<[1], si64>
  %0 = mo.range %one, %six, %two : !mo.tensor<[], si64> to !mo.tensor<[3], si64>
  %1 = mo.pad %x low = [1] high = [1] : !mo.tensor<[2], si64>
  %2 = mo.scatter %x, %at, %new : !mo.tensor<[2], si64>, !mo.tensor<[1], si64>, !mo.tensor<[1], si64>
  mo.output %0, %1, %2 : !mo.tensor<[3], si64>, !mo.tensor<[4], si64>, !mo.tensor<[2], si64>
}
