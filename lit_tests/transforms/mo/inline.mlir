// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --mo-inline | FileCheck %s
// RUN: mo-opt %s --mo-inline --symbol-dce | FileCheck %s --check-prefix=GONE
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo-inline{max-ops=2})' | FileCheck %s --check-prefix=SMALL
// RUN: mo-opt %s -o /dev/null --mo-inline --mlir-pass-statistics 2>&1 | FileCheck %s --check-prefix=STATISTICS

// STATISTICS: (S) 5 inlined

// The prefixes of calls within calls are joined; the caller's extents stand for the names of the called graph.

// CHECK-LABEL: mo.graph @model(
// CHECK-SAME: %[[X:[^:]+]]: !mo.tensor<[n * 2, 4], f32>
// CHECK-NEXT: %[[W:.+]] = mo.constant.external "a.inner.w" : !mo.tensor<[4], f32>
// CHECK-NEXT: %[[Y:.+]] = mo.mul %[[X]], %[[W]] : !mo.tensor<[n * 2, 4], f32>, !mo.tensor<[4], f32>
// CHECK-NEXT: %[[Z:.+]] = mo.exp %[[Y]] : !mo.tensor<[n * 2, 4], f32>
// CHECK-NEXT: %[[V:.+]] = mo.constant.external "inner.w" : !mo.tensor<[4], f32>
// CHECK-NEXT: mo.mul %[[Z]], %[[V]]
// CHECK-NOT: mo.call
// GONE-NOT: private
// GONE: mo.graph @model
// GONE-NOT: private
// SMALL-LABEL: mo.graph @model(
// SMALL-COUNT-2: mo.call @outer
mo.graph @model(%x: !mo.tensor<[n * 2, 4], f32>, %n: !mo.tensor<[n], f32>) -> !mo.tensor<[n * 2, 4], f32> {
  %0 = mo.call @outer(%x) prefix = "a." : (!mo.tensor<[n * 2, 4], f32>) -> !mo.tensor<[n * 2, 4], f32>
  %1 = mo.call @outer(%0) : (!mo.tensor<[n * 2, 4], f32>) -> !mo.tensor<[n * 2, 4], f32>
  mo.output %1 : !mo.tensor<[n * 2, 4], f32>
}
// SMALL-LABEL: mo.graph private @outer(
// SMALL-NOT: mo.call
// SMALL: }
mo.graph private @outer(%x: !mo.tensor<[b, 4], f32>) -> !mo.tensor<[b, 4], f32> {
  %0 = mo.call @layer(%x) prefix = "inner." : (!mo.tensor<[b, 4], f32>) -> !mo.tensor<[b, 4], f32>
  %1 = mo.exp %0 : !mo.tensor<[b, 4], f32>
  mo.output %1 : !mo.tensor<[b, 4], f32>
}
mo.graph private @layer(%x: !mo.tensor<[n, 4], f32>) -> !mo.tensor<[n, 4], f32> {
  %w = mo.constant.external "w" : !mo.tensor<[4], f32>
  %0 = mo.mul %x, %w : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>
  mo.output %0 : !mo.tensor<[n, 4], f32>
}

// A name that the called graph binds itself gets another name in each place, unless the call says how it is called.

// CHECK-LABEL: mo.graph @bound(
// CHECK-SAME: %[[X:[^:]+]]: !mo.tensor<[k], f32>
// CHECK-NEXT: %[[A:.+]] = mo.rebind %[[X]] : !mo.tensor<[k], f32> to !mo.tensor<[k_1], f32>
// CHECK-NEXT: %[[B:.+]] = mo.rebind %[[A]] : !mo.tensor<[k_1], f32> to !mo.tensor<[p], f32>
// CHECK-NEXT: %[[C:.+]] = mo.rebind %[[X]] : !mo.tensor<[k], f32> to !mo.tensor<[k_2], f32>
// CHECK-NEXT: %[[D:.+]] = mo.rebind %[[C]] : !mo.tensor<[k_2], f32> to !mo.tensor<[q], f32>
// CHECK-NEXT: mo.output %[[B]], %[[D]]
mo.graph @bound(%x: !mo.tensor<[k], f32>) -> (!mo.tensor<[p], f32>, !mo.tensor<[q], f32>) {
  %0 = mo.call @twice(%x) : (!mo.tensor<[k], f32>) -> !mo.tensor<[p], f32>
  %1 = mo.call @twice(%x) : (!mo.tensor<[k], f32>) -> !mo.tensor<[q], f32>
  mo.output %0, %1 : !mo.tensor<[p], f32>, !mo.tensor<[q], f32>
}
mo.graph private @twice(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[m], f32> {
  %0 = mo.rebind %x : !mo.tensor<[n], f32> to !mo.tensor<[k], f32>
  %1 = mo.rebind %0 : !mo.tensor<[k], f32> to !mo.tensor<[m], f32>
  mo.output %1 : !mo.tensor<[m], f32>
}
