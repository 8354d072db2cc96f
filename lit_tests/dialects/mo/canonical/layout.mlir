// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Transpositions and reshapes that join, cancel or are something simpler.
// RUN: mo-opt %s --canonicalize --split-input-file | FileCheck %s

// Dimensions of 1 may change places without any element doing so.
// CHECK-LABEL: mo.graph @ones
// CHECK-NEXT: %[[R:.*]] = mo.reshape %{{.*}} : !mo.tensor<[1, n, 1, 4], f32> to !mo.tensor<[n, 1, 4, 1], f32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @ones(%x: !mo.tensor<[1, n, 1, 4], f32>) -> !mo.tensor<[n, 1, 4, 1], f32> {
  %0 = mo.transpose %x perm = [1, 0, 3, 2] : !mo.tensor<[1, n, 1, 4], f32>
  mo.output %0 : !mo.tensor<[n, 1, 4, 1], f32>
}

// -----

// CHECK-LABEL: mo.graph @repeated
// CHECK-NEXT: mo.broadcast_to %{{.*}} : !mo.tensor<[1], f32> to !mo.tensor<[3, n], f32>
// CHECK-NEXT: mo.broadcast_to
// CHECK-NEXT: mo.transpose
// CHECK-NEXT: mo.output
mo.graph @repeated(%x: !mo.tensor<[1], f32>, %y: !mo.tensor<[n], f32>) -> (!mo.tensor<[3, n], f32>, !mo.tensor<[n, 3], f32>) {
  %0 = mo.broadcast_to %x : !mo.tensor<[1], f32> to !mo.tensor<[n, 3], f32>
  %1 = mo.transpose %0 perm = [1, 0] : !mo.tensor<[n, 3], f32>
  %2 = mo.broadcast_to %y : !mo.tensor<[n], f32> to !mo.tensor<[3, n], f32>
  %3 = mo.transpose %2 perm = [1, 0] : !mo.tensor<[3, n], f32>
  mo.output %1, %3 : !mo.tensor<[3, n], f32>, !mo.tensor<[n, 3], f32>
}

// -----

// Turned there and back, around what is computed element by element.
// CHECK-LABEL: mo.graph @around(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[2, n], f32>, %[[Y:[^ :]+]]: !mo.tensor<[2, n], f32>
// CHECK-NOT: mo.transpose
// CHECK: %[[S:[^ ]+]] = mo.add %[[X]], %[[Y]] : !mo.tensor<[2, n], f32>
// CHECK-NEXT: %[[M:[^ ]+]] = mo.mul %[[S]], %{{[^ ]+}} : !mo.tensor<[2, n], f32>, !mo.tensor<[], f32>
// CHECK-NEXT: %[[G:[^ ]+]] = mo.gelu %[[M]] approximate = tanh : !mo.tensor<[2, n], f32>
// CHECK-NEXT: mo.output %[[G]]
mo.graph @around(%x: !mo.tensor<[2, n], f32>, %y: !mo.tensor<[2, n], f32>) -> !mo.tensor<[2, n], f32> {
  %c = mo.constant 0.5 : !mo.tensor<[], f32>
  %0 = mo.transpose %x perm = [1, 0] : !mo.tensor<[2, n], f32>
  %1 = mo.transpose %y perm = [1, 0] : !mo.tensor<[2, n], f32>
  %2 = mo.add %0, %1 : !mo.tensor<[n, 2], f32>
  %3 = mo.transpose %2 perm = [1, 0] : !mo.tensor<[n, 2], f32>
  %4 = mo.transpose %3 perm = [1, 0] : !mo.tensor<[2, n], f32>
  %5 = mo.mul %4, %c : !mo.tensor<[n, 2], f32>, !mo.tensor<[], f32>
  %6 = mo.transpose %5 perm = [1, 0] : !mo.tensor<[n, 2], f32>
  %7 = mo.transpose %6 perm = [1, 0] : !mo.tensor<[2, n], f32>
  %8 = mo.gelu %7 approximate = tanh : !mo.tensor<[n, 2], f32>
  %9 = mo.transpose %8 perm = [1, 0] : !mo.tensor<[n, 2], f32>
  mo.output %9 : !mo.tensor<[2, n], f32>
}

// -----

// A sum that is needed as it is, one of which an operand is not turned, and turns that do not cancel.
// CHECK-LABEL: mo.graph @not_around(
// CHECK-COUNT-5: mo.transpose
mo.graph @not_around(%x: !mo.tensor<[2, n], f32>, %y: !mo.tensor<[n, 2], f32>, %z: !mo.tensor<[2, 3, n], f32>)
    -> (!mo.tensor<[n, 2], f32>, !mo.tensor<[2, n], f32>, !mo.tensor<[2, n], f32>, !mo.tensor<[n, 2, 3], f32>) {
  %0 = mo.transpose %x perm = [1, 0] : !mo.tensor<[2, n], f32>
  %1 = mo.exp %0 : !mo.tensor<[n, 2], f32>
  %2 = mo.transpose %1 perm = [1, 0] : !mo.tensor<[n, 2], f32>
  %3 = mo.add %0, %y : !mo.tensor<[n, 2], f32>
  %4 = mo.transpose %3 perm = [1, 0] : !mo.tensor<[n, 2], f32>
  %5 = mo.transpose %z perm = [1, 2, 0] : !mo.tensor<[2, 3, n], f32>
  %6 = mo.exp %5 : !mo.tensor<[3, n, 2], f32>
  %7 = mo.transpose %6 perm = [1, 2, 0] : !mo.tensor<[3, n, 2], f32>
  mo.output %1, %2, %4, %7 : !mo.tensor<[n, 2], f32>, !mo.tensor<[2, n], f32>, !mo.tensor<[2, n], f32>, !mo.tensor<[n, 2, 3], f32>
}

// -----

// Of shapes that are known to fit, the last one counts; squeeze and unsqueeze are reshapes.
// CHECK-LABEL: mo.graph @reshapes(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[n, 6], f32>
// CHECK-NEXT: %[[R:.*]] = mo.reshape %[[X]] : !mo.tensor<[n, 6], f32> to !mo.tensor<[n, 1, 2, 3], f32>
// CHECK-NEXT: mo.output %[[R]], %[[X]]
mo.graph @reshapes(%x: !mo.tensor<[n, 6], f32>) -> (!mo.tensor<[n, 1, 2, 3], f32>, !mo.tensor<[n, 6], f32>) {
  %0 = mo.reshape %x : !mo.tensor<[n, 6], f32> to !mo.tensor<[n * 6], f32>
  %1 = mo.reshape %0 : !mo.tensor<[n * 6], f32> to !mo.tensor<[n, 2, 3], f32>
  %2 = mo.unsqueeze %1 axes = [1] : !mo.tensor<[n, 2, 3], f32>
  %3 = mo.squeeze %2 axes = [1] : !mo.tensor<[n, 1, 2, 3], f32>
  %4 = mo.reshape %3 : !mo.tensor<[n, 2, 3], f32> to !mo.tensor<[n, 6], f32>
  mo.output %2, %4 : !mo.tensor<[n, 1, 2, 3], f32>, !mo.tensor<[n, 6], f32>
}

// -----

// Whether m elements are n only shows when it runs.
// CHECK-LABEL: mo.graph @checked(
// CHECK-COUNT-2: mo.reshape
mo.graph @checked(%x: !mo.tensor<[n], f32>, %m: !mo.tensor<[m], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.reshape %x : !mo.tensor<[n], f32> to !mo.tensor<[m], f32>
  %1 = mo.reshape %0 : !mo.tensor<[m], f32> to !mo.tensor<[n], f32>
  mo.output %1 : !mo.tensor<[n], f32>
}
