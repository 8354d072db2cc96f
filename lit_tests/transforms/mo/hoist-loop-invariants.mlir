// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What no trip changes is computed before the loop, unless it may fail or needs a name of the loop.
// RUN: mo-opt %s --mo-hoist-loop-invariants --split-input-file | FileCheck %s
// RUN: mo-opt %s --mo-hoist-loop-invariants --split-input-file --mlir-disable-threading --mlir-pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: (S) 3 hoisted

// CHECK-LABEL: mo.graph @loop(
// CHECK-NEXT: %[[E:[^ ]+]] = mo.exp
// CHECK-NEXT: %[[B:[^ ]+]] = mo.broadcast_to %{{[^ ]+}} : !mo.tensor<[], f32> to !mo.tensor<[n], f32>
// CHECK-NEXT: mo.add %[[E]], %[[B]]
// CHECK-NEXT: mo.while
// CHECK: } do {
// CHECK: mo.reshape %{{[^ ]+}} : !mo.tensor<[n], f32> to !mo.tensor<[k, 2], f32>
// CHECK: mo.broadcast_to %{{[^ ]+}} : !mo.tensor<[], f32> to !mo.tensor<[k], f32>
// CHECK: mo.rebind
// CHECK: mo.reshape %{{[^ ]+}} : !mo.tensor<[n], f32> to !mo.tensor<[m], f32>
mo.graph @loop(%x: !mo.tensor<[n], f32>, %m: !mo.tensor<[m], f32>, %s: !mo.tensor<[], f32>) -> !mo.tensor<[n], f32> {
  %i, %r = mo.while(%s, %x : !mo.tensor<[], f32>, !mo.tensor<[n], f32>) -> !mo.tensor<[], f32>, !mo.tensor<[n], f32> {
  ^bb0(%i: !mo.tensor<[], f32>, %v: !mo.tensor<[n], f32>):
    %c = mo.less %i, %s : !mo.tensor<[], f32>
    mo.condition %c, %i, %v : !mo.tensor<[], f32>, !mo.tensor<[n], f32>
  } do {
  ^bb0(%i: !mo.tensor<[], f32>, %v: !mo.tensor<[n], f32>):
    %e = mo.exp %x : !mo.tensor<[n], f32>
    %b = mo.broadcast_to %s : !mo.tensor<[], f32> to !mo.tensor<[n], f32>
    %k = mo.reshape %x : !mo.tensor<[n], f32> to !mo.tensor<[k, 2], f32>
    %0 = mo.broadcast_to %s : !mo.tensor<[], f32> to !mo.tensor<[k], f32>
    %1 = mo.reduce.add %0 : !mo.tensor<[k], f32>
    %2 = mo.rebind %x : !mo.tensor<[n], f32> to !mo.tensor<[4], f32>
    %3 = mo.reduce.add %2 : !mo.tensor<[4], f32>
    %4 = mo.reshape %x : !mo.tensor<[n], f32> to !mo.tensor<[m], f32>
    %5 = mo.reduce.add %4 : !mo.tensor<[m], f32>
    %6 = mo.add %1, %3 : !mo.tensor<[], f32>
    %7 = mo.add %6, %5 : !mo.tensor<[], f32>
    %8 = mo.add %e, %b : !mo.tensor<[n], f32>
    %9 = mo.add %8, %v : !mo.tensor<[n], f32>
    mo.yield %7, %9 : !mo.tensor<[], f32>, !mo.tensor<[n], f32>
  }
  mo.output %r : !mo.tensor<[n], f32>
}
