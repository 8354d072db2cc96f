// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo.graph(mo-expand-composites))' --mlir-pass-statistics 2>&1 | FileCheck %s
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo.graph(mo-expand-composites{ops=mo.gelu,mo.silu}))' | FileCheck %s --check-prefix=SOME

// CHECK-DAG: (S) 3 expanded

// A softmax of 16-bit floats is computed in f32, and rounded once.

// CHECK-LABEL: mo.graph @softmax(
// CHECK-SAME: %[[X:[^:]+]]: !mo.tensor<[n, 4], f16>
// CHECK-NEXT: %[[W:.+]] = mo.cast %[[X]] : !mo.tensor<[n, 4], f16> to !mo.tensor<[n, 4], f32>
// CHECK-NEXT: %[[M:.+]] = mo.reduce.max %[[W]] axes = [1] keepdims : !mo.tensor<[n, 4], f32>
// CHECK-NEXT: %[[S:.+]] = mo.sub %[[W]], %[[M]]
// CHECK-NEXT: %[[E:.+]] = mo.exp %[[S]]
// CHECK-NEXT: %[[T:.+]] = mo.reduce.add %[[E]] axes = [1] keepdims
// CHECK-NEXT: %[[D:.+]] = mo.div %[[E]], %[[T]]
// CHECK-NEXT: %[[R:.+]] = mo.cast %[[D]] : !mo.tensor<[n, 4], f32> to !mo.tensor<[n, 4], f16>
// CHECK-NEXT: mo.output %[[R]]
// SOME-LABEL: mo.graph @softmax(
// SOME: mo.softmax
mo.graph @softmax(%x: !mo.tensor<[n, 4], f16>) -> !mo.tensor<[n, 4], f16> {
  %0 = mo.softmax %x axis = 1 : !mo.tensor<[n, 4], f16>
  mo.output %0 : !mo.tensor<[n, 4], f16>
}

// Regions are looked into. What has no expansion stays.

// CHECK-LABEL: mo.graph @region(
// CHECK: mo.if
// CHECK-NEXT: mo.negative
// CHECK-NOT: mo.silu
// CHECK: mo.div
// CHECK: else
// CHECK-NEXT: mo.tanh
// SOME-LABEL: mo.graph @region(
// SOME-NOT: mo.silu
// SOME-NOT: mo.gelu
mo.graph @region(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.if %c -> !mo.tensor<[n], f32> {
    %n = mo.negative %x : !mo.tensor<[n], f32>
    %1 = mo.silu %n : !mo.tensor<[n], f32>
    mo.yield %1 : !mo.tensor<[n], f32>
  } else {
    %2 = mo.tanh %x : !mo.tensor<[n], f32>
    mo.yield %2 : !mo.tensor<[n], f32>
  }
  %3 = mo.gelu %0 : !mo.tensor<[n], f32>
  mo.output %3 : !mo.tensor<[n], f32>
}
