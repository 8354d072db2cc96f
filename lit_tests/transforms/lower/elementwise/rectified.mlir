// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// A choice by sign, and bounds.
!f = !mo.tensor<[n], f32>
!h = !mo.tensor<[n], f16>
!i = !mo.tensor<[n], si32>

mo.graph @rectified(%x: !f, %y: !h, %z: !i) -> (!f, !h, !i) {
  // CHECK-LABEL: mogg.kernel private @leaky_relu_f32(
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-NEXT: %[[A:.*]] = arith.cmpf olt, %[[X]], %[[ZERO]] : f32
  // CHECK-NEXT: %[[ALPHA:.*]] = arith.constant 2.000000e-01 : f32
  // CHECK-NEXT: %[[B:.*]] = arith.mulf %[[X]], %[[ALPHA]] : f32
  // CHECK-NEXT: %[[R:.*]] = arith.select %[[A]], %[[B]], %[[X]] : f32
  // CHECK-NEXT: linalg.yield %[[R]] : f32
  %0 = mo.leaky_relu %x alpha = 0.2 : !f
  // Narrow floats in f32.
  // CHECK-LABEL: mogg.kernel private @hard_swish_f16(
  // CHECK: arith.extf %{{.*}} : f16 to f32
  // CHECK: arith.maximumf %{{.*}} : f32
  // CHECK: arith.minimumf %{{.*}} : f32
  // CHECK: arith.truncf %{{.*}} : f32 to f16
  %1 = mo.hard_swish %y : !h
  // CHECK-LABEL: mogg.kernel private @clamp_si32(
  // CHECK: ^bb0(%[[X:.*]]: i32, %{{.*}}: i32):
  // CHECK-NEXT: %[[A:.*]] = arith.maxsi %[[X]], %[[X]] : i32
  // CHECK-NEXT: %[[R:.*]] = arith.minsi %[[A]], %[[X]] : i32
  // CHECK-NEXT: linalg.yield %[[R]] : i32
  %2 = mo.clamp %z, %z, %z : !i
  mo.output %0, %1, %2 : !f, !h, !i
}
