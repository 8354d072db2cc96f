// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is computed twice is computed once, in regions of one operation too.
// RUN: mo-opt %s --mo-cse --split-input-file | FileCheck %s

// CHECK-LABEL: mo.graph @block(
// CHECK: %[[E:[^ ]+]] = mo.exp
// CHECK-NOT: mo.exp
// CHECK: mo.add %[[E]], %[[E]]
mo.graph @block(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.exp %x : !mo.tensor<[n], f32>
  %1 = mo.exp %x : !mo.tensor<[n], f32>
  %2 = mo.add %0, %1 : !mo.tensor<[n], f32>
  mo.output %2 : !mo.tensor<[n], f32>
}

// -----

// Both branches compute exp and its sine, and so does what follows; other attributes are another operation.
// CHECK-LABEL: mo.graph @branches(
// CHECK-NEXT: %[[E:[^ ]+]] = mo.exp
// CHECK-NEXT: %[[S:[^ ]+]] = mo.sin %[[E]]
// CHECK-NEXT: %[[R:[^ ]+]] = mo.if
// CHECK-NEXT: mo.reduce.add %[[S]] axes = [0]
// CHECK: } else {
// CHECK-NEXT: mo.reduce.add %[[S]] axes = [1]
// CHECK: mo.output %[[R]], %[[E]]
mo.graph @branches(%x: !mo.tensor<[2, 2], f32>, %c: !mo.tensor<[], i1>) -> (!mo.tensor<[2], f32>, !mo.tensor<[2, 2], f32>) {
  %r = mo.if %c -> !mo.tensor<[2], f32> {
    %0 = mo.exp %x : !mo.tensor<[2, 2], f32>
    %1 = mo.sin %0 : !mo.tensor<[2, 2], f32>
    %2 = mo.reduce.add %1 axes = [0] : !mo.tensor<[2, 2], f32>
    mo.yield %2 : !mo.tensor<[2], f32>
  } else {
    %0 = mo.exp %x : !mo.tensor<[2, 2], f32>
    %1 = mo.sin %0 : !mo.tensor<[2, 2], f32>
    %2 = mo.reduce.add %1 axes = [1] : !mo.tensor<[2, 2], f32>
    mo.yield %2 : !mo.tensor<[2], f32>
  }
  %e = mo.exp %x : !mo.tensor<[2, 2], f32>
  mo.output %r, %e : !mo.tensor<[2], f32>, !mo.tensor<[2, 2], f32>
}

// -----

// From branches within branches.
// CHECK-LABEL: mo.graph @nested(
// CHECK-NEXT: mo.exp
// CHECK-NOT: mo.exp
mo.graph @nested(%x: !mo.tensor<[2], f32>, %c: !mo.tensor<[], i1>) -> !mo.tensor<[2], f32> {
  %r = mo.if %c -> !mo.tensor<[2], f32> {
    %s = mo.if %c -> !mo.tensor<[2], f32> {
      %0 = mo.exp %x : !mo.tensor<[2], f32>
      mo.yield %0 : !mo.tensor<[2], f32>
    } else {
      %0 = mo.exp %x : !mo.tensor<[2], f32>
      %1 = mo.sin %0 : !mo.tensor<[2], f32>
      mo.yield %1 : !mo.tensor<[2], f32>
    }
    mo.yield %s : !mo.tensor<[2], f32>
  } else {
    %0 = mo.exp %x : !mo.tensor<[2], f32>
    mo.yield %0 : !mo.tensor<[2], f32>
  }
  mo.output %r : !mo.tensor<[2], f32>
}

// -----

// An assertion that could fail where the program does not stays in its place, and so does what brings a name in, what
// has an effect, and what one branch alone computes.
// CHECK-LABEL: mo.graph @stays(
// CHECK-NOT: mo.rebind
// CHECK-NOT: mo.reshape
// CHECK-NOT: mo.print
// CHECK-NOT: mo.exp
// CHECK: mo.if
// CHECK-COUNT-2: mo.rebind
mo.graph @stays(%x: !mo.tensor<[n], f32>, %c: !mo.tensor<[], i1>) -> !mo.tensor<[4], f32> {
  %chain = mo.chain.create
  %r = mo.if %c -> !mo.tensor<[4], f32> {
    %p = mo.print %x, %chain : !mo.tensor<[n], f32>
    %0 = mo.rebind %x : !mo.tensor<[n], f32> to !mo.tensor<[4], f32>
    %k = mo.reshape %x : !mo.tensor<[n], f32> to !mo.tensor<[k, 2], f32>
    %1 = mo.exp %0 : !mo.tensor<[4], f32>
    mo.yield %1 : !mo.tensor<[4], f32>
  } else {
    %p = mo.print %x, %chain : !mo.tensor<[n], f32>
    %0 = mo.rebind %x : !mo.tensor<[n], f32> to !mo.tensor<[4], f32>
    %k = mo.reshape %x : !mo.tensor<[n], f32> to !mo.tensor<[k, 2], f32>
    mo.yield %0 : !mo.tensor<[4], f32>
  }
  mo.output %r : !mo.tensor<[4], f32>
}

// -----

// The condition is computed before the body, in every trip.
// CHECK-LABEL: mo.graph @loop(
// CHECK: %[[E:[^ ]+]] = mo.reduce.max %{{[^ ]+}}
// CHECK-NEXT: mo.while
// CHECK-NOT: mo.reduce.max
mo.graph @loop(%x: !mo.tensor<[2], f32>, %s: !mo.tensor<[], f32>) -> !mo.tensor<[], f32> {
  %r = mo.while(%s : !mo.tensor<[], f32>) -> !mo.tensor<[], f32> {
  ^bb0(%i: !mo.tensor<[], f32>):
    %m = mo.reduce.max %x : !mo.tensor<[2], f32>
    %c = mo.less %i, %m : !mo.tensor<[], f32>
    mo.condition %c, %i : !mo.tensor<[], f32>
  } do {
  ^bb0(%i: !mo.tensor<[], f32>):
    %m = mo.reduce.max %x : !mo.tensor<[2], f32>
    %n = mo.add %i, %m : !mo.tensor<[], f32>
    mo.yield %n : !mo.tensor<[], f32>
  }
  mo.output %r : !mo.tensor<[], f32>
}
