// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// A loop over groups, each a product of rows that are sliced and written where they go; then zeros.
// CHECK-LABEL: mogg.kernel private @grouped_matmul_f16(
// CHECK: %[[LOOP:.*]]:2 = scf.for %[[G:.*]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[START:.*]] = %{{.*}}, %[[MADE:.*]] = %{{.*}}) -> (index, tensor<?x6xf16>)
// CHECK: %[[SIZE:.*]] = tensor.extract %{{.*}}[%[[G]]] : tensor<?xi32>
// CHECK: arith.maxsi
// CHECK: %[[ROOM:.*]] = arith.minsi
// CHECK: %[[END:.*]] = arith.addi %[[START]], %[[ROOM]]
// CHECK: %[[ROWS:.*]] = arith.subi %[[END]], %[[START]]
// CHECK: %[[LHS:.*]] = tensor.extract_slice %{{.*}}[%[[START]], 0] [%[[ROWS]], 4] [1, 1] : tensor<?x4xf16> to tensor<?x4xf16>
// CHECK: %[[RHS:.*]] = tensor.extract_slice %{{.*}}[%[[G]], 0, 0] [1, 4, 6] [1, 1, 1] : tensor<?x4x6xf16> to tensor<4x6xf16>
// CHECK: linalg.matmul ins(%[[LHS]], %[[RHS]] : tensor<?x4xf16>, tensor<4x6xf16>) outs(%{{.*}} : tensor<?x6xf32>)
// CHECK: %[[DONE:.*]] = tensor.insert_slice %{{.*}} into %[[MADE]][%[[START]], 0] [%[[ROWS]], 6] [1, 1]
// CHECK: scf.yield %[[END]], %[[DONE]]
// CHECK: %[[LEFT:.*]] = arith.subi %{{.*}}, %[[LOOP]]#0
// CHECK: tensor.insert_slice %{{.*}} into %[[LOOP]]#1[%[[LOOP]]#0, 0] [%[[LEFT]], 6] [1, 1]
mo.graph @f(%x: !mo.tensor<[m, 4], f16>, %w: !mo.tensor<[g, 4, 6], f16>, %s: !mo.tensor<[g], si32>) -> !mo.tensor<[m, 6], f16> {
  %0 = mo.grouped_matmul %x, %w, %s : !mo.tensor<[m, 4], f16>, !mo.tensor<[g, 4, 6], f16>, !mo.tensor<[g], si32>
  mo.output %0 : !mo.tensor<[m, 6], f16>
}
