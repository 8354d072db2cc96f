// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --canonicalize | FileCheck %s

// Constants fold through the references of what moves and converts them.

// CHECK-LABEL: mo.graph @cast(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant dense<[2, -128]> : !mo.tensor<[2], si8>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @cast() -> !mo.tensor<[2], si8> {
  %a = mo.constant dense<[2.5, -300.0]> : !mo.tensor<[2], f32>
  %r = mo.cast %a : !mo.tensor<[2], f32> to !mo.tensor<[2], si8>
  mo.output %r : !mo.tensor<[2], si8>
}

// CHECK-LABEL: mo.graph @select(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant dense<[1.000000e+00, 4.000000e+00]> : !mo.tensor<[2], f32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @select() -> !mo.tensor<[2], f32> {
  %c = mo.constant dense<[true, false]> : !mo.tensor<[2], i1>
  %a = mo.constant 1.0 : !mo.tensor<[], f32>
  %b = mo.constant dense<[3.0, 4.0]> : !mo.tensor<[2], f32>
  %r = mo.select %c, %a, %b : !mo.tensor<[2], i1>, !mo.tensor<[], f32>, !mo.tensor<[2], f32>
  mo.output %r : !mo.tensor<[2], f32>
}

// CHECK-LABEL: mo.graph @matmul(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant dense<{{\[\[}}7, 10], [15, 22]]> : !mo.tensor<[2, 2], si32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @matmul() -> !mo.tensor<[2, 2], si32> {
  %a = mo.constant dense<[[1, 2], [3, 4]]> : !mo.tensor<[2, 2], si32>
  %r = mo.matmul %a, %a : !mo.tensor<[2, 2], si32>
  mo.output %r : !mo.tensor<[2, 2], si32>
}

// CHECK-LABEL: mo.graph @softmax(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant 5.000000e-01 : !mo.tensor<[2], f32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @softmax() -> !mo.tensor<[2], f32> {
  %a = mo.constant dense<[3.0, 3.0]> : !mo.tensor<[2], f32>
  %r = mo.softmax %a : !mo.tensor<[2], f32>
  mo.output %r : !mo.tensor<[2], f32>
}

// CHECK-LABEL: mo.graph @reshape(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant dense<[1, 2, 3, 4]> : !mo.tensor<[4], si32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @reshape() -> !mo.tensor<[4], si32> {
  %a = mo.constant dense<[[1, 2], [3, 4]]> : !mo.tensor<[2, 2], si32>
  %r = mo.reshape %a : !mo.tensor<[2, 2], si32> to !mo.tensor<[4], si32>
  mo.output %r : !mo.tensor<[4], si32>
}

// CHECK-LABEL: mo.graph @transpose(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant dense<{{\[\[}}1, 3], [2, 4]]> : !mo.tensor<[2, 2], si32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @transpose() -> !mo.tensor<[2, 2], si32> {
  %a = mo.constant dense<[[1, 2], [3, 4]]> : !mo.tensor<[2, 2], si32>
  %r = mo.transpose %a perm = [1, 0] : !mo.tensor<[2, 2], si32>
  mo.output %r : !mo.tensor<[2, 2], si32>
}

// CHECK-LABEL: mo.graph @broadcast_to(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant 7 : !mo.tensor<[2, 2], si32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @broadcast_to() -> !mo.tensor<[2, 2], si32> {
  %a = mo.constant 7 : !mo.tensor<[], si32>
  %r = mo.broadcast_to %a : !mo.tensor<[], si32> to !mo.tensor<[2, 2], si32>
  mo.output %r : !mo.tensor<[2, 2], si32>
}

// CHECK-LABEL: mo.graph @concat(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant dense<{{\[\[}}1, 2], [3, 4], [1, 2], [3, 4]]> : !mo.tensor<[4, 2], si32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @concat() -> !mo.tensor<[4, 2], si32> {
  %a = mo.constant dense<[[1, 2], [3, 4]]> : !mo.tensor<[2, 2], si32>
  %r = mo.concat %a, %a axis = 0 : !mo.tensor<[2, 2], si32>
  mo.output %r : !mo.tensor<[4, 2], si32>
}

// CHECK-LABEL: mo.graph @slice(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant dense<{{\[\[}}4], [2]]> : !mo.tensor<[2, 1], si32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @slice() -> !mo.tensor<[2, 1], si32> {
  %a = mo.constant dense<[[1, 2], [3, 4]]> : !mo.tensor<[2, 2], si32>
  %r = mo.slice %a starts = [-1, 1] stops = [-9223372036854775808, 9223372036854775807] steps = [-1, 1] : !mo.tensor<[2, 2], si32>
  mo.output %r : !mo.tensor<[2, 1], si32>
}

// What does nothing goes away, with any shape.

// CHECK-LABEL: mo.graph @nothing(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[n, 4], f32>
// CHECK-NEXT: mo.output %[[X]] : !mo.tensor<[n, 4], f32>
mo.graph @nothing(%x: !mo.tensor<[n, 4], f32>) -> !mo.tensor<[n, 4], f32> {
  %0 = mo.cast %x : !mo.tensor<[n, 4], f32> to !mo.tensor<[n, 4], f32>
  %1 = mo.reshape %0 : !mo.tensor<[n, 4], f32> to !mo.tensor<[n, 4], f32>
  %2 = mo.rebind %1 : !mo.tensor<[n, 4], f32> to !mo.tensor<[n, 4], f32>
  %3 = mo.transpose %2 perm = [0, 1] : !mo.tensor<[n, 4], f32>
  %4 = mo.broadcast_to %3 : !mo.tensor<[n, 4], f32> to !mo.tensor<[n, 4], f32>
  %5 = mo.slice %4 starts = [0, -4] stops = [9223372036854775807, 4] steps = [1, 1] : !mo.tensor<[n, 4], f32>
  %6 = mo.concat %5 axis = 1 : !mo.tensor<[n, 4], f32>
  mo.output %6 : !mo.tensor<[n, 4], f32>
}

// A reversal keeps the type, and is not nothing.

// CHECK-LABEL: mo.graph @something(
// CHECK: mo.slice
// CHECK: mo.transpose
mo.graph @something(%x: !mo.tensor<[4, 4], f32>) -> !mo.tensor<[4, 4], f32> {
  %0 = mo.slice %x starts = [-1, 0] stops = [-9223372036854775808, 4] steps = [-1, 1] : !mo.tensor<[4, 4], f32>
  %1 = mo.transpose %0 perm = [1, 0] : !mo.tensor<[4, 4], f32>
  mo.output %1 : !mo.tensor<[4, 4], f32>
}

// A static shape is known, of whatever values.

// CHECK-LABEL: mo.graph @shape(
// CHECK: %[[S:[^ ]+]] = mo.constant dense<[2, 3]> : !mo.tensor<[2], si64>
// CHECK: %[[D:[^ ]+]] = mo.shape_of
// CHECK: mo.output %[[S]], %[[D]]
mo.graph @shape(%x: !mo.tensor<[2, 3], f32, gpu:0>, %y: !mo.tensor<[n, 3], f32>)
    -> (!mo.tensor<[2], si64>, !mo.tensor<[2], si64>) {
  %0 = mo.shape_of %x : !mo.tensor<[2, 3], f32, gpu:0>
  %1 = mo.shape_of %y : !mo.tensor<[n, 3], f32>
  mo.output %0, %1 : !mo.tensor<[2], si64>, !mo.tensor<[2], si64>
}

// What is an error when it runs is left to be one; what has a named extent is left to be computed.

// CHECK-LABEL: mo.graph @left(
// CHECK: mo.reshape
// CHECK: mo.broadcast_to
mo.graph @left() -> (!mo.tensor<[m], si32>, !mo.tensor<[n], si32>) {
  %a = mo.constant dense<[1, 2]> : !mo.tensor<[2], si32>
  %b = mo.constant 1 : !mo.tensor<[], si32>
  %0 = mo.reshape %a : !mo.tensor<[2], si32> to !mo.tensor<[m], si32>
  %1 = mo.broadcast_to %b : !mo.tensor<[], si32> to !mo.tensor<[n], si32>
  mo.output %0, %1 : !mo.tensor<[m], si32>, !mo.tensor<[n], si32>
}

// A large constant of equal elements takes no memory, also where a part of it is folded.

// CHECK-LABEL: mo.graph @large(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant 200 : !mo.tensor<[1, 2], ui8>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @large() -> !mo.tensor<[1, 2], ui8> {
  %c = mo.constant 200 : !mo.tensor<[1000000, 1000000], ui8>
  %0 = mo.slice %c starts = [0, 0] stops = [1, 2] steps = [1, 1] : !mo.tensor<[1000000, 1000000], ui8>
  mo.output %0 : !mo.tensor<[1, 2], ui8>
}
