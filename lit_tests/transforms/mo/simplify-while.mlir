// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo.graph(mo-simplify-while))' --split-input-file | FileCheck %s
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo.graph(mo-simplify-while{unroll=3}))' --split-input-file | FileCheck %s --check-prefix=UNROLL

// A loop that is not entered is its condition, evaluated once.

// CHECK-LABEL: mo.graph @never(
// CHECK-SAME: %[[X:[^:]+]]: !mo.tensor<[n], f32>
// CHECK-NOT: mo.while
// CHECK: mo.output %[[X]]
mo.graph @never(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %i = mo.constant 5 : !mo.tensor<[], si64>
  %end = mo.constant 5 : !mo.tensor<[], si64>
  %one = mo.constant 1 : !mo.tensor<[], si64>
  %0:2 = mo.while (%i, %x : !mo.tensor<[], si64>, !mo.tensor<[n], f32>) -> !mo.tensor<[], si64>, !mo.tensor<[n], f32> {
  ^bb0(%k: !mo.tensor<[], si64>, %v: !mo.tensor<[n], f32>):
    %more = mo.less %k, %end : !mo.tensor<[], si64>
    mo.condition %more, %k, %v : !mo.tensor<[], si64>, !mo.tensor<[n], f32>
  } do {
  ^bb0(%k: !mo.tensor<[], si64>, %v: !mo.tensor<[n], f32>):
    %next = mo.add %k, %one : !mo.tensor<[], si64>
    %w = mo.exp %v : !mo.tensor<[n], f32>
    mo.yield %next, %w : !mo.tensor<[], si64>, !mo.tensor<[n], f32>
  }
  mo.output %0#1 : !mo.tensor<[n], f32>
}

// -----

// A counter that goes from 1 to 7 by doubling: three trips, which are few enough for `unroll=3` only.

// CHECK-LABEL: mo.graph @thrice(
// CHECK: mo.while
// UNROLL-LABEL: mo.graph @thrice(
// UNROLL-NOT: mo.while
// UNROLL-COUNT-3: mo.exp {{.+}} : !mo.tensor<[n], f32>
// UNROLL: mo.output
mo.graph @thrice(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %i = mo.constant 1 : !mo.tensor<[], si64>
  %end = mo.constant 7 : !mo.tensor<[], si64>
  %0:2 = mo.while (%i, %x : !mo.tensor<[], si64>, !mo.tensor<[n], f32>) -> !mo.tensor<[], si64>, !mo.tensor<[n], f32> {
  ^bb0(%k: !mo.tensor<[], si64>, %v: !mo.tensor<[n], f32>):
    %more = mo.less %k, %end : !mo.tensor<[], si64>
    mo.condition %more, %k, %v : !mo.tensor<[], si64>, !mo.tensor<[n], f32>
  } do {
  ^bb0(%k: !mo.tensor<[], si64>, %v: !mo.tensor<[n], f32>):
    %next = mo.add %k, %k : !mo.tensor<[], si64>
    %w = mo.exp %v : !mo.tensor<[n], f32>
    mo.yield %next, %w : !mo.tensor<[], si64>, !mo.tensor<[n], f32>
  }
  mo.output %0#1 : !mo.tensor<[n], f32>
}

// -----

// A flag that the body lowers: one trip.

// CHECK-LABEL: mo.graph @once(
// CHECK-SAME: %[[X:[^:]+]]: !mo.tensor<[n], f32>
// CHECK-NOT: mo.while
// CHECK: %[[E:.+]] = mo.exp %[[X]]
// CHECK: mo.output %[[E]]
mo.graph @once(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %yes = mo.constant true : !mo.tensor<[], i1>
  %no = mo.constant false : !mo.tensor<[], i1>
  %0:2 = mo.while (%yes, %x : !mo.tensor<[], i1>, !mo.tensor<[n], f32>) -> !mo.tensor<[], i1>, !mo.tensor<[n], f32> {
  ^bb0(%flag: !mo.tensor<[], i1>, %v: !mo.tensor<[n], f32>):
    mo.condition %flag, %flag, %v : !mo.tensor<[], i1>, !mo.tensor<[n], f32>
  } do {
  ^bb0(%flag: !mo.tensor<[], i1>, %v: !mo.tensor<[n], f32>):
    %w = mo.exp %v : !mo.tensor<[n], f32>
    mo.yield %no, %w : !mo.tensor<[], i1>, !mo.tensor<[n], f32>
  }
  mo.output %0#1 : !mo.tensor<[n], f32>
}

// -----

// Of the carried values one is left as it is, one is not needed, two are equal, and one is handed on from outside.

// CHECK-LABEL: mo.graph @carried(
// CHECK-SAME: %[[END:[^:]+]]: !mo.tensor<[], si64>, %[[X:[^:]+]]: !mo.tensor<[n], f32>, %[[Y:[^:]+]]: !mo.tensor<[n], f32>)
// CHECK: %[[R:.+]]:2 = mo.while(%{{.+}}, %[[X]] : !mo.tensor<[], si64>, !mo.tensor<[n], f32>)
// CHECK: ^bb0(%[[K:.+]]: !mo.tensor<[], si64>, %[[V:.+]]: !mo.tensor<[n], f32>):
// CHECK: mo.condition %{{.+}}, %[[K]], %[[V]]
// CHECK: ^bb0(%[[K:.+]]: !mo.tensor<[], si64>, %[[V:.+]]: !mo.tensor<[n], f32>):
// CHECK: %[[A:.+]] = mo.add %[[V]], %[[Y]]
// CHECK: %[[S:.+]] = mo.sin %[[V]]
// CHECK: %[[B:.+]] = mo.mul %[[A]], %[[S]]
// CHECK: %[[C:.+]] = mo.sub %[[B]], %[[Y]]
// CHECK: mo.yield %{{.+}}, %[[C]] : !mo.tensor<[], si64>, !mo.tensor<[n], f32>
// CHECK: mo.output %[[R]]#1, %[[R]]#1, %[[Y]], %[[Y]]
mo.graph @carried(%end: !mo.tensor<[], si64>, %x: !mo.tensor<[n], f32>, %y: !mo.tensor<[n], f32>)
    -> (!mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>) {
  %i = mo.constant 0 : !mo.tensor<[], si64>
  %one = mo.constant 1 : !mo.tensor<[], si64>
  %0:6 = mo.while (%i, %x, %x, %y, %x, %x : !mo.tensor<[], si64>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>)
      -> !mo.tensor<[], si64>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32> {
  ^bb0(%k: !mo.tensor<[], si64>, %same0: !mo.tensor<[n], f32>, %same1: !mo.tensor<[n], f32>, %kept: !mo.tensor<[n], f32>, %unused: !mo.tensor<[n], f32>, %outer: !mo.tensor<[n], f32>):
    %more = mo.less %k, %end : !mo.tensor<[], si64>
    mo.condition %more, %k, %same0, %same1, %kept, %unused, %y : !mo.tensor<[], si64>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
  } do {
  ^bb0(%k: !mo.tensor<[], si64>, %same0: !mo.tensor<[n], f32>, %same1: !mo.tensor<[n], f32>, %kept: !mo.tensor<[n], f32>, %unused: !mo.tensor<[n], f32>, %outer: !mo.tensor<[n], f32>):
    %next = mo.add %k, %one : !mo.tensor<[], si64>
    %a = mo.add %same0, %kept : !mo.tensor<[n], f32>
    %s = mo.sin %same1 : !mo.tensor<[n], f32>
    %b = mo.mul %a, %s : !mo.tensor<[n], f32>
    %c = mo.sub %b, %outer : !mo.tensor<[n], f32>
    %d = mo.cos %unused : !mo.tensor<[n], f32>
    mo.yield %next, %c, %c, %kept, %d, %a : !mo.tensor<[], si64>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
  }
  mo.output %0#1, %0#2, %0#3, %0#5 : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
}

// -----

// A tensor that grows: its extent has another name in each trip. What the condition computes from outside is hoisted.

// CHECK-LABEL: mo.graph @grows(
// CHECK: mo.sub
// CHECK-NEXT: mo.while
// UNROLL-LABEL: mo.graph @grows(
// UNROLL-SAME: %[[X:[^:]+]]: !mo.tensor<[n], f32>
// UNROLL: %[[A:.+]] = mo.concat %[[X]], %[[X]] axis = 0 : !mo.tensor<[n], f32>
// UNROLL: %[[B:.+]] = mo.concat %[[A]], %[[X]] axis = 0 : !mo.tensor<[n * 2], f32>, !mo.tensor<[n], f32>
// UNROLL: %[[C:.+]] = mo.rebind %[[B]] : !mo.tensor<[n * 3], f32> to !mo.tensor<[m], f32>
// UNROLL: mo.output %[[C]]
mo.graph @grows(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[m], f32> {
  %i = mo.constant 0 : !mo.tensor<[], si64>
  %one = mo.constant 1 : !mo.tensor<[], si64>
  %three = mo.constant 3 : !mo.tensor<[], si64>
  %0:2 = mo.while (%i, %x : !mo.tensor<[], si64>, !mo.tensor<[n], f32>) -> !mo.tensor<[], si64>, !mo.tensor<[m], f32> {
  ^bb0(%k: !mo.tensor<[], si64>, %v: !mo.tensor<[m], f32>):
    %end = mo.sub %three, %one : !mo.tensor<[], si64>
    %more = mo.less %k, %end : !mo.tensor<[], si64>
    mo.condition %more, %k, %v : !mo.tensor<[], si64>, !mo.tensor<[m], f32>
  } do {
  ^bb0(%k: !mo.tensor<[], si64>, %v: !mo.tensor<[m], f32>):
    %next = mo.add %k, %one : !mo.tensor<[], si64>
    %w = mo.concat %v, %x axis = 0 : !mo.tensor<[m], f32>, !mo.tensor<[n], f32>
    mo.yield %next, %w : !mo.tensor<[], si64>, !mo.tensor<[m + n], f32>
  }
  mo.output %0#1 : !mo.tensor<[m], f32>
}
