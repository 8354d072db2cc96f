// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[m, 4], bf16>, %w: !mo.tensor<[g, 4, n], bf16>, %t: !mo.tensor<[g, n, 4], bf16>, %s: !mo.tensor<[g], ui8>) {
  // CHECK: mo.grouped_matmul %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[m, 4], bf16>, !mo.tensor<[g, 4, n], bf16>, !mo.tensor<[g], ui8>
  %0 = mo.grouped_matmul %x, %w, %s : !mo.tensor<[m, 4], bf16>, !mo.tensor<[g, 4, n], bf16>, !mo.tensor<[g], ui8>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[m, n], bf16>
  %1 = mo.negative %0 : !mo.tensor<[m, n], bf16>
  // CHECK: mo.grouped_matmul %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} transpose_rhs : !mo.tensor<[m, 4], bf16>, !mo.tensor<[g, n, 4], bf16>, !mo.tensor<[g], ui8>
  %2 = mo.grouped_matmul %x, %t, %s transpose_rhs : !mo.tensor<[m, 4], bf16>, !mo.tensor<[g, n, 4], bf16>, !mo.tensor<[g], ui8>
  // CHECK: mo.add %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[m, n], bf16>
  %3 = mo.add %2, %1 : !mo.tensor<[m, n], bf16>
  mo.output
}
