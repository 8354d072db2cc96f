// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An operation that brings a name in is kept by upstream's passes: that types need the name is no use that they see.
// RUN: mo-opt %s --canonicalize --cse --loop-invariant-code-motion --split-input-file | FileCheck %s

// Nothing uses the reshaped tensor, but what is repeated k times needs k. What brings no name in goes.
// CHECK-LABEL: mo.graph @binder
// CHECK-NEXT: mo.reshape %{{.*}} to !mo.tensor<[k, 2], f32>
// CHECK-NEXT: %[[R:.*]] = mo.broadcast_to %{{.*}} to !mo.tensor<[k], f32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @binder(%x: !mo.tensor<[n], f32>, %c: !mo.tensor<[], f32>) -> !mo.tensor<[k], f32> {
  %0 = mo.reshape %x : !mo.tensor<[n], f32> to !mo.tensor<[k, 2], f32>
  %1 = mo.broadcast_to %c : !mo.tensor<[], f32> to !mo.tensor<[n], f32>
  %2 = mo.broadcast_to %c : !mo.tensor<[], f32> to !mo.tensor<[k], f32>
  mo.output %2 : !mo.tensor<[k], f32>
}

// -----

// A name in an expression of an operand is there already.
// CHECK-LABEL: mo.graph @expression
// CHECK-NEXT: %[[R:.*]] = mo.exp
// CHECK-NEXT: mo.output %[[R]]
mo.graph @expression(%x: !mo.tensor<[n * 2], f32>) -> !mo.tensor<[n * 2], f32> {
  %0 = mo.reshape %x : !mo.tensor<[n * 2], f32> to !mo.tensor<[n, 2], f32>
  %1 = mo.exp %x : !mo.tensor<[n * 2], f32>
  mo.output %1 : !mo.tensor<[n * 2], f32>
}

// -----

// The name is bound in each trip: neither leaves the loop.
// CHECK-LABEL: mo.graph @loop
// CHECK-NOT: mo.reshape
// CHECK: } do {
// CHECK: mo.reshape
// CHECK: mo.broadcast_to
mo.graph @loop(%x: !mo.tensor<[n], f32>, %c: !mo.tensor<[], f32>, %p: !mo.tensor<[], i1>) -> !mo.tensor<[], f32> {
  %r = mo.while(%c : !mo.tensor<[], f32>) -> !mo.tensor<[], f32> {
  ^bb0(%i: !mo.tensor<[], f32>):
    mo.condition %p, %i : !mo.tensor<[], f32>
  } do {
  ^bb0(%i: !mo.tensor<[], f32>):
    %0 = mo.reshape %x : !mo.tensor<[n], f32> to !mo.tensor<[k, 2], f32>
    %1 = mo.broadcast_to %c : !mo.tensor<[], f32> to !mo.tensor<[k], f32>
    %2 = mo.reduce.add %1 : !mo.tensor<[k], f32>
    %3 = mo.add %i, %2 : !mo.tensor<[], f32>
    mo.yield %3 : !mo.tensor<[], f32>
  }
  mo.output %r : !mo.tensor<[], f32>
}
