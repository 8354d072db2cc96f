// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --canonicalize | FileCheck %s

!t = !mo.tensor<[n], f32>

// Twice is once.

// CHECK-LABEL: mo.graph @twice(
// CHECK-SAME: %[[X:[^ ]+]]: {{.*}}, %[[L:[^ ]+]]: {{.*}}, %[[H:[^ ]+]]: {{.*}})
// CHECK-NEXT: %[[R:.*]] = mo.relu %[[X]]
// CHECK-NEXT: %[[R6:.*]] = mo.relu6 %[[X]]
// CHECK-NEXT: %[[C:.*]] = mo.clamp %[[X]], %[[L]], %[[H]]
// CHECK-NEXT: mo.output %[[R]], %[[R6]], %[[C]]
mo.graph @twice(%x: !t, %l: !t, %h: !t) -> (!t, !t, !t) {
  %0 = mo.relu %x : !t
  %1 = mo.relu %0 : !t
  %2 = mo.relu6 %x : !t
  %3 = mo.relu6 %2 : !t
  %4 = mo.clamp %x, %l, %h : !t
  %5 = mo.clamp %4, %l, %h : !t
  mo.output %1, %3, %5 : !t, !t, !t
}

// Not between other bounds.

// CHECK-LABEL: mo.graph @other_bounds(
// CHECK-COUNT-2: mo.clamp
// CHECK: mo.output
mo.graph @other_bounds(%x: !t, %l: !t, %h: !t) -> !t {
  %0 = mo.clamp %x, %l, %h : !t
  %1 = mo.clamp %0, %h, %l : !t
  mo.output %1 : !t
}

// CHECK-LABEL: mo.graph @constants(
// CHECK-NEXT: %[[R:.*]] = mo.constant dense<[-2.000000e-02, 3.000000e+00]> : !mo.tensor<[2], f64>
// CHECK-NEXT: %[[C:.*]] = mo.constant dense<[1, 5]> : !mo.tensor<[2], si32>
// CHECK-NEXT: mo.output %[[R]], %[[C]]
mo.graph @constants() -> (!mo.tensor<[2], f64>, !mo.tensor<[2], si32>) {
  %0 = mo.constant dense<[-2.0, 3.0]> : !mo.tensor<[2], f64>
  %1 = mo.leaky_relu %0 : !mo.tensor<[2], f64>
  %2 = mo.constant dense<[-2, 7]> : !mo.tensor<[2], si32>
  %3 = mo.constant 1 : !mo.tensor<[], si32>
  %4 = mo.constant 5 : !mo.tensor<[], si32>
  %5 = mo.clamp %2, %3, %4 : !mo.tensor<[2], si32>, !mo.tensor<[], si32>, !mo.tensor<[], si32>
  mo.output %1, %5 : !mo.tensor<[2], f64>, !mo.tensor<[2], si32>
}
