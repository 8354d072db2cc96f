// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo{target=other})' | FileCheck %s

// The rules for all targets; the CPU has its own.
// Rows are sorted in parallel, each by merging runs that double in length; other axes are moved to the end first.
// CHECK-LABEL: mogg.kernel private @sort_f32(
// CHECK: linalg.generic
// CHECK: scf.forall (%{{.*}}) in (%{{.*}}) shared_outs
// CHECK: scf.while
// CHECK: arith.cmpi slt
// CHECK: scf.for
// CHECK: scf.for
// CHECK: arith.cmpf olt
// CHECK: scf.forall.in_parallel
// CHECK: linalg.generic
mo.graph @columns(%x: !mo.tensor<[n, m], f32>) -> !mo.tensor<[n, m], f32> {
  %0 = mo.sort %x axis = 0 : !mo.tensor<[n, m], f32>
  mo.output %0 : !mo.tensor<[n, m], f32>
}

// -----

// A new name is bound to the operand, which is compared with what there is.
// CHECK-LABEL: mogg.program @few
// CHECK: %[[MADE:.*]]:2 = mogg.launch @top_k_si32
// CHECK: mogg.return %[[MADE]]#1
// CHECK-LABEL: mogg.kernel private @top_k_si32(
// CHECK: cf.assert %{{.*}}, "mo.top_k: expected k, which 'k' is bound to, to be 0 or more, found less"
// CHECK: cf.assert %{{.*}}, "mo.top_k: expected k to be at most the extent of axis -1, n; found more"
// CHECK: arith.cmpi sgt
mo.graph @few(%x: !mo.tensor<[n], si32>, %k: !mo.tensor<[], si64>) -> !mo.tensor<[k], si64> {
  %0, %1 = mo.top_k %x, %k : (!mo.tensor<[n], si32>, !mo.tensor<[], si64>) -> (!mo.tensor<[k], si32>, !mo.tensor<[k], si64>)
  mo.output %1 : !mo.tensor<[k], si64>
}

// -----

// The number that is found is the extent of the results.
// CHECK-LABEL: mogg.kernel private @unique_si32(
// CHECK: %[[FOUND:[^:]*]]:4 = scf.for
// CHECK: tensor.empty(%[[FOUND]]#0) : tensor<?xi64>
// CHECK: mogg.return
mo.graph @distinct(%x: !mo.tensor<[n], si32>) -> !mo.tensor<[u], si32> {
  %0:4 = mo.unique %x : (!mo.tensor<[n], si32>) -> (!mo.tensor<[u], si32>, !mo.tensor<[u], si64>, !mo.tensor<[n], si64>, !mo.tensor<[u], si64>)
  mo.output %0#0 : !mo.tensor<[u], si32>
}

// -----

// CHECK-LABEL: mogg.kernel private @non_max_suppression_si64(
// CHECK: scf.forall
// CHECK: %[[FOUND:[^:]*]]:2 = scf.for
// CHECK: tensor.empty(%[[FOUND]]#0) : tensor<?x3xi64>
mo.graph @boxes(%b: !mo.tensor<[b, n, 4], f32>, %s: !mo.tensor<[b, 80, n], f32>, %m: !mo.tensor<[], si64>) -> !mo.tensor<[k, 3], si64> {
  %0 = mo.non_max_suppression %b, %s max_output %m : !mo.tensor<[], si64> : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[b, 80, n], f32> to !mo.tensor<[k, 3], si64>
  mo.output %0 : !mo.tensor<[k, 3], si64>
}

// -----

// A few of many are selected: the first ones are sorted and turned round to a heap, whose root the others are compared with.
// CHECK-LABEL: mogg.kernel private @top_k_f32(
// CHECK: scf.while
// CHECK: scf.for %{{.*}} = %{{.*}} to %c1000
// CHECK: scf.if
// CHECK: scf.while
// CHECK-NOT: tensor<1000xi64>
mo.graph @few_of_many(%x: !mo.tensor<[1000], f32>) -> !mo.tensor<[5], f32> {
  %0, %1 = mo.top_k %x : (!mo.tensor<[1000], f32>) -> (!mo.tensor<[5], f32>, !mo.tensor<[5], si64>)
  mo.output %0 : !mo.tensor<[5], f32>
}
