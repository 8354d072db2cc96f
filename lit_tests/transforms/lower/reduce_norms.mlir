// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// One loop nest for the sum, in f32 at least; what follows, element by element.

mo.graph @norms(%x: !mo.tensor<[n, 4], bf16>, %y: !mo.tensor<[n, 4], f32>)
    -> (!mo.tensor<[n], bf16>, !mo.tensor<[4], f32>) {
  // CHECK-LABEL: mogg.kernel private @reduce_l2_bf16(
  // CHECK: linalg.fill {{.*}} -> tensor<?xf32>
  // CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "reduction"]
  // CHECK: %[[E:.*]] = arith.extf %{{.*}} : bf16 to f32
  // CHECK-NEXT: %[[Q:.*]] = arith.mulf %[[E]], %[[E]] : f32
  // CHECK-NEXT: arith.addf %{{.*}}, %[[Q]] : f32
  // CHECK: math.sqrt %{{.*}} : f32
  // CHECK-NEXT: arith.truncf %{{.*}} : f32 to bf16
  %0 = mo.reduce.l2 %x axes = [1] : !mo.tensor<[n, 4], bf16>
  // CHECK-LABEL: mogg.kernel private @reduce_log_sum_exp_f32(
  // CHECK: arith.maximumf
  // CHECK: arith.select
  // CHECK: math.exp
  // CHECK: arith.addf
  // CHECK: math.log
  %1 = mo.reduce.log_sum_exp %y axes = [0] : !mo.tensor<[n, 4], f32>
  mo.output %0, %1 : !mo.tensor<[n], bf16>, !mo.tensor<[4], f32>
}
