// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Constants fold beyond the limit of canonicalisation, to a limit of their own; those of equal elements in any size.
// RUN: mo-opt %s --mo-fold-constants | FileCheck %s
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo.graph(mo-fold-constants{max-elements=2}))' | FileCheck %s --check-prefix=TWO
// RUN: not mo-opt %s --pass-pipeline='builtin.module(mo.graph(mo-fold-constants{max-elements=-1}))' 2>&1 | FileCheck %s --check-prefix=WRONG

// WRONG: error: 'mo.graph' op expected max-elements of 0 or more, found -1

// CHECK-LABEL: mo.graph @uniform(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant 2.23606801 : !mo.tensor<[1000, 100000], f32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @uniform() -> !mo.tensor<[1000, 100000], f32> {
  %a = mo.constant 2.0 : !mo.tensor<[100000, 1], f32>
  %b = mo.constant 3.0 : !mo.tensor<[1, 1000], f32>
  %0 = mo.add %a, %b : !mo.tensor<[100000, 1], f32>, !mo.tensor<[1, 1000], f32>
  %1 = mo.transpose %0 perm = [1, 0] : !mo.tensor<[100000, 1000], f32>
  %2 = mo.sqrt %1 : !mo.tensor<[1000, 100000], f32>
  mo.output %2 : !mo.tensor<[1000, 100000], f32>
}

// 90,000 elements are more than canonicalize takes.
// CHECK-LABEL: mo.graph @large(
// CHECK-NOT: mo.iota
// CHECK: mo.constant 300 : !mo.tensor<[1], si32>
// CHECK-NOT: mo.slice
// CHECK: mo.output
mo.graph @large() -> !mo.tensor<[1], si32> {
  %a = mo.constant 1 : !mo.tensor<[300, 300], si32>
  %0 = mo.cumsum %a axis = 0 : !mo.tensor<[300, 300], si32>
  %1 = mo.slice %0 starts = [299, 0] stops = [300, 1] steps = [1, 1] : !mo.tensor<[300, 300], si32>
  %2 = mo.reshape %1 : !mo.tensor<[1, 1], si32> to !mo.tensor<[1], si32>
  mo.output %2 : !mo.tensor<[1], si32>
}

// CHECK-LABEL: mo.graph @limit(
// CHECK-NEXT: mo.constant dense<[2, 4]>
// CHECK-NEXT: mo.constant dense<[2, 4, 6]>
// TWO-LABEL: mo.graph @limit(
// TWO: mo.constant dense<[2, 4]>
// TWO: %[[R:[^ ]+]] = mo.add
// TWO: mo.output %{{[^ ]+}}, %[[R]]
mo.graph @limit() -> (!mo.tensor<[2], si32>, !mo.tensor<[3], si32>) {
  %a = mo.constant dense<[1, 2]> : !mo.tensor<[2], si32>
  %0 = mo.add %a, %a : !mo.tensor<[2], si32>
  %b = mo.constant dense<[1, 2, 3]> : !mo.tensor<[3], si32>
  %1 = mo.add %b, %b : !mo.tensor<[3], si32>
  mo.output %0, %1 : !mo.tensor<[2], si32>, !mo.tensor<[3], si32>
}

// What fails when it runs, what has a named extent, and what has no element.
// CHECK-LABEL: mo.graph @left(
// CHECK: mo.broadcast_to
// CHECK: mo.constant dense<> : !mo.tensor<[0], f32>
// CHECK: mo.gather
mo.graph @left(%n: !mo.tensor<[n], f32>) -> (!mo.tensor<[n], f32>, !mo.tensor<[0], f32>, !mo.tensor<[1], f32>) {
  %a = mo.constant 1.0 : !mo.tensor<[1], f32>
  %0 = mo.broadcast_to %a : !mo.tensor<[1], f32> to !mo.tensor<[n], f32>
  %none = mo.constant dense<> : !mo.tensor<[0], f32>
  %1 = mo.add %a, %none : !mo.tensor<[1], f32>, !mo.tensor<[0], f32>
  %seven = mo.constant 7 : !mo.tensor<[1], si64>
  %2 = mo.gather %a, %seven axis = 0 : !mo.tensor<[1], f32>, !mo.tensor<[1], si64>
  mo.output %0, %1, %2 : !mo.tensor<[n], f32>, !mo.tensor<[0], f32>, !mo.tensor<[1], f32>
}
