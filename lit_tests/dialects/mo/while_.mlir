// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Values of different types are carried; values from outside are used.

// CHECK-LABEL: mo.graph @count
mo.graph @count(%limit: !mo.tensor<[], si32>, %x: !mo.tensor<[n, 16], f32>) -> !mo.tensor<[n, 16], f32> {
  %zero = mo.constant 0 : !mo.tensor<[], si32>
  %one = mo.constant 1 : !mo.tensor<[], si32>
  // CHECK: %[[W:[^ :]+]]:2 = mo.while(%{{[^ ]+}}, %{{[^ ]+}} : !mo.tensor<[], si32>, !mo.tensor<[n, 16], f32>) -> !mo.tensor<[], si32>, !mo.tensor<[n, 16], f32> {
  %i, %y = mo.while(%zero, %x : !mo.tensor<[], si32>, !mo.tensor<[n, 16], f32>) -> !mo.tensor<[], si32>, !mo.tensor<[n, 16], f32> {
  // CHECK-NEXT: ^bb0(%[[K:[^ ]+]]: !mo.tensor<[], si32>, %[[V:[^ ]+]]: !mo.tensor<[n, 16], f32>):
  ^bb0(%k: !mo.tensor<[], si32>, %v: !mo.tensor<[n, 16], f32>):
    // CHECK-NEXT: %[[MORE:[^ ]+]] = mo.less %[[K]], %{{[^ ]+}} : !mo.tensor<[], si32>
    %more = mo.less %k, %limit : !mo.tensor<[], si32>
    // CHECK-NEXT: mo.condition %[[MORE]], %[[K]], %[[V]] : !mo.tensor<[], si32>, !mo.tensor<[n, 16], f32>
    mo.condition %more, %k, %v : !mo.tensor<[], si32>, !mo.tensor<[n, 16], f32>
  // CHECK-NEXT: } do {
  } do {
  ^bb0(%k: !mo.tensor<[], si32>, %v: !mo.tensor<[n, 16], f32>):
    %next = mo.add %k, %one : !mo.tensor<[], si32>
    %w = mo.mul %v, %x : !mo.tensor<[n, 16], f32>
    // CHECK: mo.yield %{{[^ ]+}}, %{{[^ ]+}} : !mo.tensor<[], si32>, !mo.tensor<[n, 16], f32>
    mo.yield %next, %w : !mo.tensor<[], si32>, !mo.tensor<[n, 16], f32>
  }
  // CHECK: mo.output %[[W]]#1
  mo.output %y : !mo.tensor<[n, 16], f32>
}

// CHECK-LABEL: mo.graph @attributes
mo.graph @attributes(%x: !mo.tensor<[], i1>) {
  %0 = mo.while(%x : !mo.tensor<[], i1>) -> !mo.tensor<[], i1> {
  ^bb0(%k: !mo.tensor<[], i1>):
    mo.condition %k, %k : !mo.tensor<[], i1>
  } do {
  ^bb0(%k: !mo.tensor<[], i1>):
    mo.yield %k : !mo.tensor<[], i1>
  // CHECK: } attributes {test.note}
  } attributes {test.note}
  mo.output
}
