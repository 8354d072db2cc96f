// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --mo-inline --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

// Calls in regions, of graphs with regions; a location says where the operation and its call stand.

// CHECK-LABEL: mo.graph @model(
// CHECK-SAME: %[[C:[^:]+]]: !mo.tensor<[], i1> loc({{.+}}), %[[X:[^:]+]]: !mo.tensor<[a], f32>
// CHECK: mo.if %[[C]] -> !mo.tensor<[a], f32> {
// CHECK-NEXT: %[[R:.+]] = mo.if %[[C]] -> !mo.tensor<[a], f32> {
// CHECK-NEXT: %[[E:.+]] = mo.exp %[[X]] : !mo.tensor<[a], f32> loc(callsite("exp" at "call"))
// CHECK-NEXT: mo.yield %[[E]]
// CHECK: mo.yield %[[R]]
mo.graph @model(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[a], f32>) -> !mo.tensor<[a], f32> {
  %0 = mo.if %c -> !mo.tensor<[a], f32> {
    %1 = mo.call @maybe(%c, %x) : (!mo.tensor<[], i1>, !mo.tensor<[a], f32>) -> !mo.tensor<[a], f32> loc("call")
    mo.yield %1 : !mo.tensor<[a], f32>
  } else {
    mo.yield %x : !mo.tensor<[a], f32>
  }
  mo.output %0 : !mo.tensor<[a], f32>
}
mo.graph private @maybe(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.if %c -> !mo.tensor<[n], f32> {
    %1 = mo.exp %x : !mo.tensor<[n], f32> loc("exp")
    mo.yield %1 : !mo.tensor<[n], f32>
  } else {
    mo.yield %x : !mo.tensor<[n], f32>
  }
  mo.output %0 : !mo.tensor<[n], f32>
}
