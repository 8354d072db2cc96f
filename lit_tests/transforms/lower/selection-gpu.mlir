// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo{target=nvidia})' | FileCheck %s

// What is true is counted up to each place, by nests; then each place of the result is searched for there.
// CHECK-LABEL: mogg.kernel private @non_zero_si64(
// CHECK: scf.while
// CHECK: linalg.generic {{.*}}["parallel"]} outs(
// CHECK-COUNT-7: arith.addi {{.*}} : i64
// CHECK: scf.forall
// CHECK: scf.while
// CHECK: arith.shrsi
// CHECK: linalg.generic {{.*}}["parallel", "parallel"]} outs(
mo.graph @places(%x: !mo.tensor<[n, m], f32>) -> !mo.tensor<[2, k], si64> {
  %0 = mo.non_zero %x : !mo.tensor<[n, m], f32> to !mo.tensor<[2, k], si64>
  mo.output %0 : !mo.tensor<[2, k], si64>
}
