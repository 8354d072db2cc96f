// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Constants, and weights unless told otherwise, at the start of the graph, each once.
// RUN: mo-opt %s --mo-hoist-constants | FileCheck %s
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo.graph(mo-hoist-constants{weights=false}))' | FileCheck %s --check-prefix=NO-WEIGHTS

// CHECK-LABEL: mo.graph @f(
// CHECK-NEXT: %[[ONE:[^ ]+]] = mo.constant 1.0{{.*}} : !mo.tensor<[], f32>
// CHECK-NEXT: %[[W:[^ ]+]] = mo.constant.external "w"
// CHECK-NEXT: %[[TWO:[^ ]+]] = mo.constant 2.0{{.*}} : !mo.tensor<[], f32>
// CHECK-NEXT: %[[ONES:[^ ]+]] = mo.constant 1.0{{.*}} : !mo.tensor<[1], f32>
// CHECK-NEXT: mo.exp
// CHECK-NEXT: mo.if
// CHECK-NEXT: mo.add %{{[^ ]+}}, %[[ONE]]
// CHECK-NEXT: mo.mul %{{[^ ]+}}, %[[W]]
// CHECK: mo.add %{{[^ ]+}}, %[[ONE]]
// CHECK-NEXT: mo.mul %{{[^ ]+}}, %[[TWO]]
// CHECK-NEXT: mo.mul %{{[^ ]+}}, %[[ONES]]
// NO-WEIGHTS: mo.if
// NO-WEIGHTS: mo.constant.external
mo.graph @f(%x: !mo.tensor<[4], f32>, %c: !mo.tensor<[], i1>) -> !mo.tensor<[4], f32> {
  %e = mo.exp %x : !mo.tensor<[4], f32>
  %r = mo.if %c -> !mo.tensor<[4], f32> {
    %one = mo.constant 1.0 : !mo.tensor<[], f32>
    %0 = mo.add %e, %one : !mo.tensor<[4], f32>, !mo.tensor<[], f32>
    %w = mo.constant.external "w" : !mo.tensor<[4], f32>
    %1 = mo.mul %0, %w : !mo.tensor<[4], f32>
    mo.yield %1 : !mo.tensor<[4], f32>
  } else {
    %one = mo.constant 1.0 : !mo.tensor<[], f32>
    %0 = mo.add %e, %one : !mo.tensor<[4], f32>, !mo.tensor<[], f32>
    %two = mo.constant 2.0 : !mo.tensor<[], f32>
    %1 = mo.mul %0, %two : !mo.tensor<[4], f32>, !mo.tensor<[], f32>
    %ones = mo.constant 1.0 : !mo.tensor<[1], f32>
    %2 = mo.mul %1, %ones : !mo.tensor<[4], f32>, !mo.tensor<[1], f32>
    mo.yield %2 : !mo.tensor<[4], f32>
  }
  mo.output %r : !mo.tensor<[4], f32>
}
