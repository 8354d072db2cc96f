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

// A carried tensor grows: its name is bound anew at each entry of a region, and by the result.

// CHECK-LABEL: mo.graph @grow
mo.graph @grow(%row: !mo.tensor<[1, 4], f32>, %more: !mo.tensor<[], i1>) -> !mo.tensor<[k, 4], f32> {
  %none = mo.constant dense<> : !mo.tensor<[0, 4], f32>
  // CHECK: mo.while(%{{[^ ]+}} : !mo.tensor<[0, 4], f32>) -> !mo.tensor<[k, 4], f32> {
  %all = mo.while(%none : !mo.tensor<[0, 4], f32>) -> !mo.tensor<[k, 4], f32> {
  // CHECK-NEXT: ^bb0(%{{[^ ]+}}: !mo.tensor<[k, 4], f32>):
  ^bb0(%have: !mo.tensor<[k, 4], f32>):
    mo.condition %more, %have : !mo.tensor<[k, 4], f32>
  } do {
  ^bb0(%have: !mo.tensor<[k, 4], f32>):
    %grown = mo.concat %have, %row axis = 0 : !mo.tensor<[k, 4], f32>, !mo.tensor<[1, 4], f32>
    // CHECK: mo.yield %{{[^ ]+}} : !mo.tensor<[k + 1, 4], f32>
    mo.yield %grown : !mo.tensor<[k + 1, 4], f32>
  }
  mo.output %all : !mo.tensor<[k, 4], f32>
}

// What is dead is not carried, which may leave nothing.

// CHECK-LABEL: mo.graph @nothing
mo.graph @nothing(%b: !mo.buffer<[], i1>, %x: !mo.tensor<[], i1>, %c: !mo.chain) {
  // CHECK: mo.while {
  // CHECK-NEXT: %[[P:.*]]:2 = mo.buffer.load
  // CHECK-NEXT: mo.condition %[[P]]#0
  // CHECK-NEXT: } do {
  mo.while {
    %p, %d = mo.buffer.load %b, %c : !mo.buffer<[], i1>
    mo.condition %p
  } do {
    %d = mo.buffer.store %x, %b, %c : !mo.tensor<[], i1>, !mo.buffer<[], i1>
    mo.yield
  }
  mo.output
}
