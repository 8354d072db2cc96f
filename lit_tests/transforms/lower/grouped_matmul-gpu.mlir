// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo{target=cuda})' | FileCheck %s

// One thread finds where groups are, so that the host need not know. Then one nest sums up over groups, too, and keeps
// the sum of rows that are in another one.
// CHECK: #[[LHS:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d3)>
// CHECK: #[[RHS:.*]] = affine_map<(d0, d1, d2, d3) -> (d2, d1, d3)>
// CHECK: #[[GROUP:.*]] = affine_map<(d0, d1, d2, d3) -> (d2)>
// CHECK: #[[RESULT:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1)>
// CHECK-LABEL: mogg.kernel private @grouped_matmul_f16(
// CHECK: %[[BOUNDS:.*]]:3 = scf.for {{.*}} -> (index, tensor<?xi64>, tensor<?xi64>)
// CHECK: tensor.extract %{{.*}}[%{{.*}}] : tensor<?xi32>
// CHECK: arith.maxsi
// CHECK: arith.minsi
// CHECK: tensor.insert
// CHECK: tensor.insert
// CHECK: linalg.generic {indexing_maps = [#[[LHS]], #[[RHS]], #[[GROUP]], #[[GROUP]], #[[RESULT]]], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
// CHECK-SAME: %[[BOUNDS]]#1, %[[BOUNDS]]#2
// CHECK: ^bb0(%[[A:.*]]: f16, %[[B:.*]]: f16, %[[START:.*]]: i64, %[[STOP:.*]]: i64, %[[C:.*]]: f32)
// CHECK: %[[SUM:.*]] = arith.addf %[[C]], %{{.*}} : f32
// CHECK: arith.cmpi sge, %{{.*}}, %[[START]]
// CHECK: arith.cmpi slt, %{{.*}}, %[[STOP]]
// CHECK: %[[INSIDE:.*]] = arith.andi
// CHECK: arith.select %[[INSIDE]], %[[SUM]], %[[C]] : f32
// CHECK: arith.truncf
mo.graph @f(%x: !mo.tensor<[m, 4], f16>, %w: !mo.tensor<[g, 6, 4], f16>, %s: !mo.tensor<[g], si32>) -> !mo.tensor<[m, 6], f16> {
  %0 = mo.grouped_matmul %x, %w, %s transpose_rhs : !mo.tensor<[m, 4], f16>, !mo.tensor<[g, 6, 4], f16>, !mo.tensor<[g], si32>
  mo.output %0 : !mo.tensor<[m, 6], f16>
}

// Of one group, all rows are multiplied; those behind it are zeros.
// CHECK-LABEL: mogg.kernel private @grouped_matmul_f32(
// CHECK-NOT: scf.for
// CHECK: linalg.matmul
// CHECK: arith.cmpi slt
// CHECK: arith.select {{.*}} : f32
mo.graph @one(%x: !mo.tensor<[m, 4], f32>, %w: !mo.tensor<[1, 4, 6], f32>, %s: !mo.tensor<[1], si32>) -> !mo.tensor<[m, 6], f32> {
  %0 = mo.grouped_matmul %x, %w, %s : !mo.tensor<[m, 4], f32>, !mo.tensor<[1, 4, 6], f32>, !mo.tensor<[1], si32>
  mo.output %0 : !mo.tensor<[m, 6], f32>
}
