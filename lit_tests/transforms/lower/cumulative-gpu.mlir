// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo{target=cuda})' | FileCheck %s

// Threads add up chunks of 16, what those add up to is scanned by windows, and threads go through their chunks again. Each
// stage of windows is a nest over all, two in a trip of the loop; narrow floats are kept in f32 until all is added.
// CHECK-LABEL: mogg.kernel private @cumsum_f16(
// CHECK: scf.forall
// CHECK: scf.for %
// CHECK: scf.while {{.*}} : (index, tensor<?x?xf32>, tensor<?x?xf32>)
// CHECK: linalg.generic {{.*}}["parallel", "parallel"]} outs(
// CHECK-COUNT-7: arith.addf
// CHECK: linalg.generic {{.*}}["parallel", "parallel"]} outs(
// CHECK-COUNT-7: arith.addf
// CHECK: scf.forall
// CHECK: scf.for %
// CHECK: arith.truncf
mo.graph @rows(%x: !mo.tensor<[n, m], f16>) -> !mo.tensor<[n, m], f16> {
  %0 = mo.cumsum %x axis = 0 exclusive : !mo.tensor<[n, m], f16>
  mo.output %0 : !mo.tensor<[n, m], f16>
}

// -----

// Short rows are a thread's each.
// CHECK-LABEL: mogg.kernel private @cumprod_f32(
// CHECK: scf.forall
mo.graph @short(%x: !mo.tensor<[n, 64], f32>) -> !mo.tensor<[n, 64], f32> {
  %0 = mo.cumprod %x axis = 1 : !mo.tensor<[n, 64], f32>
  mo.output %0 : !mo.tensor<[n, 64], f32>
}
