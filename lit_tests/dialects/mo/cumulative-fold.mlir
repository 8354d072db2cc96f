// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --canonicalize | FileCheck %s

// Of one element it is that element, unless that is left out.

// CHECK-LABEL: mo.graph @alone(
// CHECK-SAME: %[[X:[^ ]+]]:
// CHECK-NEXT: %[[R:.*]] = mo.cumprod %[[X]] axis = -1 exclusive
// CHECK-NEXT: mo.output %[[X]], %[[R]]
mo.graph @alone(%x: !mo.tensor<[n, 1], f32>) -> (!mo.tensor<[n, 1], f32>, !mo.tensor<[n, 1], f32>) {
  %0 = mo.cumsum %x axis = 1 reverse : !mo.tensor<[n, 1], f32>
  %1 = mo.cumprod %x axis = -1 exclusive : !mo.tensor<[n, 1], f32>
  mo.output %0, %1 : !mo.tensor<[n, 1], f32>, !mo.tensor<[n, 1], f32>
}

// CHECK-LABEL: mo.graph @constants(
// CHECK-NEXT: %[[S:.*]] = mo.constant dense<[1, 3, 6]> : !mo.tensor<[3], si32>
// CHECK-NEXT: %[[P:.*]] = mo.constant dense<[6, 3, 1]> : !mo.tensor<[3], si32>
// CHECK-NEXT: mo.output %[[S]], %[[P]]
mo.graph @constants() -> (!mo.tensor<[3], si32>, !mo.tensor<[3], si32>) {
  %0 = mo.constant dense<[1, 2, 3]> : !mo.tensor<[3], si32>
  %1 = mo.cumsum %0 axis = 0 : !mo.tensor<[3], si32>
  %2 = mo.cumprod %0 axis = 0 exclusive reverse : !mo.tensor<[3], si32>
  mo.output %1, %2 : !mo.tensor<[3], si32>, !mo.tensor<[3], si32>
}
