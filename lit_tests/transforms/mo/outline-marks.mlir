// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo-outline{scopes=block.*})' --split-input-file --verify-diagnostics | FileCheck %s

// Operations that carry the attribute are a group, one for each of its values in a block; groups that are alike share
// a graph. The others stay where they are, as far as they need not wait for the group.

// CHECK-LABEL: mo.graph @attribute(
// CHECK-SAME: %[[X:[^:]+]]: !mo.tensor<[n], f32>
// CHECK-NEXT: %[[E:.+]] = mo.exp %[[X]]
// CHECK-NEXT: %[[A:.+]]:2 = mo.call @first(%[[X]]) : (!mo.tensor<[n], f32>) -> (!mo.tensor<[n], f32>, !mo.tensor<[n], f32>)
// CHECK-NEXT: %[[B:.+]]:2 = mo.call @first(%[[E]])
// CHECK-NEXT: mo.output %[[A]]#0, %[[A]]#1, %[[B]]#1
mo.graph @attribute(%x: !mo.tensor<[n], f32>) -> (!mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>) {
  %0 = mo.sin %x {mo.outline = "first"} : !mo.tensor<[n], f32>
  %1 = mo.exp %x : !mo.tensor<[n], f32>
  %2 = mo.cos %0 {mo.outline = "first"} : !mo.tensor<[n], f32>
  %3 = mo.sin %1 {mo.outline = "second"} : !mo.tensor<[n], f32>
  %4 = mo.cos %3 {mo.outline = "second"} : !mo.tensor<[n], f32>
  mo.output %0, %2, %4 : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
}
// CHECK: mo.graph private @first(%[[X:.+]]: !mo.tensor<[n], f32>)
// CHECK-NEXT: %[[S:.+]] = mo.sin %[[X]]
// CHECK-NEXT: %[[C:.+]] = mo.cos %[[S]]
// CHECK-NEXT: mo.output %[[S]], %[[C]]
// CHECK-NOT: private

// -----

// Locations have names: of what they stand in, from outside.

// CHECK-LABEL: mo.graph @scope(
// CHECK: mo.if
// CHECK-NEXT: mo.call @block_0(%{{.+}})
// CHECK: mo.graph private @block_0(
// CHECK: mo.constant.external "block.0.w"
mo.graph @scope(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.if %c -> !mo.tensor<[n], f32> {
    %w = mo.constant.external "block.0.w" : !mo.tensor<[1], f32>
    %1 = mo.mul %x, %w : !mo.tensor<[n], f32>, !mo.tensor<[1], f32> loc("model"("block.0"))
    %2 = mo.exp %1 : !mo.tensor<[n], f32> loc(callsite("f" at "block.0"("x.py":1:2)))
    mo.yield %2 : !mo.tensor<[n], f32>
  } else {
    mo.yield %x : !mo.tensor<[n], f32>
  }
  mo.output %0 : !mo.tensor<[n], f32>
}

// -----

// The names of dimensions that are used inside are known there: an argument more, where it takes one. Names that are
// bound inside are new for the caller.

// CHECK-LABEL: mo.graph @names(
// CHECK-SAME: %[[N:[^:]+]]: !mo.tensor<[n], f32>, %[[X:[^:]+]]: !mo.tensor<[n * 2], f32>
// CHECK-NEXT: %{{.+}} = mo.call @group(%[[X]], %[[N]]) : (!mo.tensor<[n * 2], f32>, !mo.tensor<[n], f32>) -> !mo.tensor<[k], f32>
// CHECK-LABEL: mo.graph private @group(
// CHECK-NEXT: mo.reshape %{{.+}} to !mo.tensor<[2, n], f32>
// CHECK-NEXT: mo.reshape
// CHECK-NEXT: mo.rebind
mo.graph @names(%n: !mo.tensor<[n], f32>, %x: !mo.tensor<[n * 2], f32>) -> !mo.tensor<[k], f32> {
  %0 = mo.reshape %x {mo.outline = "group"} : !mo.tensor<[n * 2], f32> to !mo.tensor<[2, n], f32>
  %1 = mo.reshape %0 {mo.outline = "group"} : !mo.tensor<[2, n], f32> to !mo.tensor<[n * 2], f32>
  %2 = mo.rebind %1 {mo.outline = "group"} : !mo.tensor<[n * 2], f32> to !mo.tensor<[k], f32>
  mo.output %2 : !mo.tensor<[k], f32>
}

// -----

// What needs a part of the group, and gives another part what it needs, cannot stand before or after it.

// CHECK-LABEL: mo.graph @between(
// CHECK-NOT: mo.call
mo.graph @between(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  // expected-warning @+1 {{cannot outline 2 operations: 'mo.cos', which is outside, uses what one of them gives before the last of them}}
  %0 = mo.sin %x {mo.outline = "group"} : !mo.tensor<[n], f32>
  %1 = mo.cos %0 : !mo.tensor<[n], f32>
  %2 = mo.sin %1 {mo.outline = "group"} : !mo.tensor<[n], f32>
  mo.output %2 : !mo.tensor<[n], f32>
}

// -----

// The same of the name of a dimension.

// CHECK-LABEL: mo.graph @between_names(
// CHECK-NOT: mo.call
mo.graph @between_names(%x: !mo.tensor<[n], f32>, %c: !mo.tensor<[], f32>) -> (!mo.tensor<[k], f32>, !mo.tensor<[k], f32>) {
  // expected-warning @+1 {{cannot outline 2 operations: 'mo.broadcast_to', which is outside, has the dimension k that one of them binds}}
  %0 = mo.rebind %x {mo.outline = "group"} : !mo.tensor<[n], f32> to !mo.tensor<[k], f32>
  %1 = mo.broadcast_to %c : !mo.tensor<[], f32> to !mo.tensor<[k], f32>
  %2 = mo.sin %0 {mo.outline = "group"} : !mo.tensor<[k], f32>
  mo.output %1, %2 : !mo.tensor<[k], f32>, !mo.tensor<[k], f32>
}
