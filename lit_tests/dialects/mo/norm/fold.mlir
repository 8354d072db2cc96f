// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: mo.graph @constants(
// CHECK-NEXT: %[[A:.*]] = mo.constant dense<[-1.000000e+00, 1.000000e+00]> : !mo.tensor<[2], f32>
// CHECK-NEXT: %[[B:.*]] = mo.constant dense<[6.000000e-01, 8.000000e-01]> : !mo.tensor<[2], f32>
// CHECK-NEXT: mo.output %[[A]], %[[B]]
mo.graph @constants() -> (!mo.tensor<[2], f32>, !mo.tensor<[2], f32>) {
  %0 = mo.constant dense<[3.0, 4.0]> : !mo.tensor<[2], f32>
  %1 = mo.layer_norm %0 epsilon = 0.0 : !mo.tensor<[2], f32>
  %2 = mo.lp_norm %0 : !mo.tensor<[2], f32>
  mo.output %1, %2 : !mo.tensor<[2], f32>, !mo.tensor<[2], f32>
}
