// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Values of other types than the one that they arrive at stay where they are: no pass of upstream's puts one in the other's place.
// RUN: mo-opt %s --canonicalize --cse --sccp --loop-invariant-code-motion --control-flow-sink --split-input-file | FileCheck %s
// RUN: mo-opt %s --inline --remove-dead-values --canonicalize --split-input-file | FileCheck %s

// Both regions give the same value, under another type.
// CHECK-LABEL: mo.graph @if
// CHECK: %[[R:.*]] = mo.if %{{.*}} -> !mo.tensor<[n], f32> {
// CHECK: mo.output %[[R]] : !mo.tensor<[n], f32>
mo.graph @if(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[4], f32>, %y: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.if %c -> !mo.tensor<[n], f32> {
    mo.yield %x : !mo.tensor<[4], f32>
  } else {
    mo.yield %x : !mo.tensor<[4], f32>
  }
  mo.output %0 : !mo.tensor<[n], f32>
}

// -----

// What is carried is always the initial value.
// CHECK-LABEL: mo.graph @while
// CHECK: %[[R:.*]] = mo.while(%{{.*}} : !mo.tensor<[4], f32>) -> !mo.tensor<[n], f32> {
// CHECK: ^bb0(%[[A:.*]]: !mo.tensor<[n], f32>):
// CHECK: mo.condition %{{.*}}, %[[A]] : !mo.tensor<[n], f32>
// CHECK: mo.output %[[R]] : !mo.tensor<[n], f32>
mo.graph @while(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[4], f32>, %y: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.while(%x : !mo.tensor<[4], f32>) -> !mo.tensor<[n], f32> {
  ^bb0(%a: !mo.tensor<[n], f32>):
    mo.condition %c, %a : !mo.tensor<[n], f32>
  } do {
  ^bb0(%a: !mo.tensor<[n], f32>):
    mo.yield %a : !mo.tensor<[n], f32>
  }
  mo.output %0 : !mo.tensor<[n], f32>
}

// -----

// The same values are carried twice, under two types.
// CHECK-LABEL: mo.graph @twice
// CHECK: %[[R:.*]]:2 = mo.while
// CHECK: mo.output %[[R]]#0, %[[R]]#1
mo.graph @twice(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[n], f32>, %y: !mo.tensor<[m], f32>)
    -> (!mo.tensor<[n], f32>, !mo.tensor<[m], f32>) {
  %0:2 = mo.while(%x, %x : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>, !mo.tensor<[m], f32> {
  ^bb0(%a: !mo.tensor<[n], f32>, %b: !mo.tensor<[m], f32>):
    mo.condition %c, %a, %b : !mo.tensor<[n], f32>, !mo.tensor<[m], f32>
  } do {
  ^bb0(%a: !mo.tensor<[n], f32>, %b: !mo.tensor<[m], f32>):
    mo.yield %x, %x : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
  }
  mo.output %0#0, %0#1 : !mo.tensor<[n], f32>, !mo.tensor<[m], f32>
}

// -----

// A constant arrives, but the result has no static shape to be a constant of.
// CHECK-LABEL: mo.graph @constant
// CHECK: %[[R:.*]] = mo.if
// CHECK: mo.output %[[R]] : !mo.tensor<[a], f32>
mo.graph @constant(%c: !mo.tensor<[], i1>) -> !mo.tensor<[a], f32> {
  %0 = mo.if %c -> !mo.tensor<[a], f32> {
    %1 = mo.constant 1.0 : !mo.tensor<[4], f32>
    mo.yield %1 : !mo.tensor<[4], f32>
  } else {
    %1 = mo.constant 1.0 : !mo.tensor<[4], f32>
    mo.yield %1 : !mo.tensor<[4], f32>
  }
  mo.output %0 : !mo.tensor<[a], f32>
}
