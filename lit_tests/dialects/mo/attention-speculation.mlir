// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --loop-invariant-code-motion | FileCheck %s

// What may fail when it runs stays in its loop: numbers of heads and sizes that are not known.

// CHECK-LABEL: mo.graph @heads
// CHECK: mo.attention %arg0, %arg0, %arg0
// CHECK: mo.while
// CHECK-NOT: mo.attention %arg0, %arg0, %arg0
// CHECK: mo.attention %arg1, %arg0, %arg0
mo.graph @heads(%x: !mo.tensor<[b, 2, n, 8], f32>, %y: !mo.tensor<[b, h, n, 8], f32>, %c: !mo.tensor<[], i1>) -> !mo.tensor<[], i1> {
  %r = mo.while (%c : !mo.tensor<[], i1>) -> !mo.tensor<[], i1> {
  ^bb0(%a: !mo.tensor<[], i1>):
    mo.condition %a, %a : !mo.tensor<[], i1>
  } do {
  ^bb0(%a: !mo.tensor<[], i1>):
    %0 = mo.attention %x, %x, %x : !mo.tensor<[b, 2, n, 8], f32>
    %1 = mo.attention %y, %x, %x : !mo.tensor<[b, h, n, 8], f32>, !mo.tensor<[b, 2, n, 8], f32>, !mo.tensor<[b, 2, n, 8], f32>
    %2 = mo.reduce.add %0 : !mo.tensor<[b, 2, n, 8], f32>
    %3 = mo.reduce.add %1 : !mo.tensor<[b, h, n, 8], f32>
    %4 = mo.less %2, %3 : !mo.tensor<[], f32>
    mo.yield %4 : !mo.tensor<[], i1>
  }
  mo.output %r : !mo.tensor<[], i1>
}

// CHECK-LABEL: mo.graph @sizes
// CHECK: mo.rope %arg0
// CHECK: mo.while
// CHECK-NOT: mo.rope %arg0
// CHECK: mo.rope %arg1
mo.graph @sizes(%x: !mo.tensor<[n, 8], f32>, %y: !mo.tensor<[n, d], f32>, %xc: !mo.tensor<[4], f32>, %yc: !mo.tensor<[d floordiv 2], f32>, %c: !mo.tensor<[], i1>) -> !mo.tensor<[], i1> {
  %r = mo.while (%c : !mo.tensor<[], i1>) -> !mo.tensor<[], i1> {
  ^bb0(%a: !mo.tensor<[], i1>):
    mo.condition %a, %a : !mo.tensor<[], i1>
  } do {
  ^bb0(%a: !mo.tensor<[], i1>):
    %0 = mo.rope %x, %xc, %xc : !mo.tensor<[n, 8], f32>, !mo.tensor<[4], f32>, !mo.tensor<[4], f32>
    %1 = mo.rope %y, %yc, %yc : !mo.tensor<[n, d], f32>, !mo.tensor<[d floordiv 2], f32>, !mo.tensor<[d floordiv 2], f32>
    %2 = mo.reduce.add %0 : !mo.tensor<[n, 8], f32>
    %3 = mo.reduce.add %1 : !mo.tensor<[n, d], f32>
    %4 = mo.less %2, %3 : !mo.tensor<[], f32>
    mo.yield %4 : !mo.tensor<[], i1>
  }
  mo.output %r : !mo.tensor<[], i1>
}
