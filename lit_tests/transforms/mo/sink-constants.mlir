// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Regions get constants of their own, and weights when told so.
// RUN: mo-opt %s --mo-sink-constants | FileCheck %s
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo.graph(mo-sink-constants{weights=true}))' | FileCheck %s --check-prefix=WEIGHTS

// CHECK-LABEL: mo.graph @f(
// CHECK-NEXT: %[[TWO:[^ ]+]] = mo.constant 2.0
// CHECK-NEXT: %[[W:[^ ]+]] = mo.constant.external "w"
// CHECK-NEXT: mo.if
// CHECK-DAG: %[[A:[^ ]+]] = mo.constant 1.0
// CHECK-DAG: %[[B:[^ ]+]] = mo.constant 2.0
// CHECK: mo.add %{{[^ ]+}}, %[[A]]
// CHECK-NEXT: mo.add %{{[^ ]+}}, %[[B]]
// CHECK: } else {
// CHECK-NEXT: %[[C:[^ ]+]] = mo.constant 1.0
// CHECK-NEXT: mo.add %{{[^ ]+}}, %[[C]]
// CHECK-NEXT: mo.mul %{{[^ ]+}}, %[[W]]
// CHECK: mo.mul %{{[^ ]+}}, %[[TWO]]
// WEIGHTS: mo.if
// WEIGHTS: else
// WEIGHTS: mo.constant.external
mo.graph @f(%x: !mo.tensor<[4], f32>, %c: !mo.tensor<[], i1>) -> !mo.tensor<[4], f32> {
  %one = mo.constant 1.0 : !mo.tensor<[], f32>
  %two = mo.constant 2.0 : !mo.tensor<[], f32>
  %w = mo.constant.external "w" : !mo.tensor<[4], f32>
  %r = mo.if %c -> !mo.tensor<[4], f32> {
    %0 = mo.add %x, %one : !mo.tensor<[4], f32>, !mo.tensor<[], f32>
    %1 = mo.add %0, %two : !mo.tensor<[4], f32>, !mo.tensor<[], f32>
    mo.yield %1 : !mo.tensor<[4], f32>
  } else {
    %0 = mo.add %x, %one : !mo.tensor<[4], f32>, !mo.tensor<[], f32>
    %1 = mo.mul %0, %w : !mo.tensor<[4], f32>
    mo.yield %1 : !mo.tensor<[4], f32>
  }
  %2 = mo.mul %r, %two : !mo.tensor<[4], f32>, !mo.tensor<[], f32>
  mo.output %2 : !mo.tensor<[4], f32>
}
