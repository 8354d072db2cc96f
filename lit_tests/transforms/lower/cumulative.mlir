// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo{target=other})' | FileCheck %s

// A loop along the axis in each of the vectors, accumulated in f32; another axis than the last comes last for a while.

mo.graph @f(%x: !mo.tensor<[n, m], bf16>) -> (!mo.tensor<[n, m], bf16>, !mo.tensor<[n, m], bf16>) {
  // CHECK-LABEL: mogg.kernel private @cumsum_bf16(
  // CHECK: scf.forall
  // CHECK: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK: scf.for {{.*}} iter_args(%[[SUM:.*]] = %[[ZERO]],
  // CHECK: %[[E:.*]] = arith.extf %{{.*}} : bf16 to f32
  // CHECK: %[[NEXT:.*]] = arith.addf %[[SUM]], %[[E]] : f32
  // CHECK: %[[R:.*]] = arith.truncf %[[NEXT]] : f32 to bf16
  // CHECK: tensor.insert %[[R]]
  // CHECK: scf.yield %[[NEXT]]
  %0 = mo.cumsum %x axis = 1 : !mo.tensor<[n, m], bf16>
  // CHECK-LABEL: mogg.kernel private @cumprod_bf16(
  // CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel"]
  // CHECK: scf.forall
  // CHECK: arith.constant 1.000000e+00 : f32
  // CHECK: arith.mulf
  // CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel"]
  %1 = mo.cumprod %x axis = 0 exclusive : !mo.tensor<[n, m], bf16>
  mo.output %0, %1 : !mo.tensor<[n, m], bf16>, !mo.tensor<[n, m], bf16>
}
