// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Stacks of matrices broadcast; vectors are rows and columns.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[b, n, 4], f32>, %y: !mo.tensor<[4, m], f32>, %v: !mo.tensor<[4], f32>, %q: !mo.tensor<[4, 4], f32>) {
  // CHECK: mo.matmul %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[4, m], f32>
  %r0 = mo.matmul %x, %y : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[4, m], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, n, m], f32>
  %r1 = mo.negative %r0 : !mo.tensor<[b, n, m], f32>
  // CHECK: mo.matmul %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[4], f32>
  %r2 = mo.matmul %x, %v : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[4], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, n], f32>
  %r3 = mo.negative %r2 : !mo.tensor<[b, n], f32>
  // CHECK: mo.matmul %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[4], f32>
  %r4 = mo.matmul %v, %v : !mo.tensor<[4], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[], f32>
  %r5 = mo.negative %r4 : !mo.tensor<[], f32>
  // CHECK: mo.matmul %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[4, 4], f32>
  %r6 = mo.matmul %q, %q : !mo.tensor<[4, 4], f32>
  // CHECK: mo.matmul %{{[^ ,)]+}}, %{{[^ ,)]+}} transpose_rhs : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[4, 4], f32>
  %r7 = mo.matmul %x, %q transpose_rhs : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[4, 4], f32>
  // CHECK: mo.matmul %{{[^ ,)]+}}, %{{[^ ,)]+}} transpose_lhs transpose_rhs : !mo.tensor<[4, m], f32>, !mo.tensor<[4, 4], f32>
  %r8 = mo.matmul %y, %q transpose_lhs transpose_rhs : !mo.tensor<[4, m], f32>, !mo.tensor<[4, 4], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[m, 4], f32>
  %r9 = mo.negative %r8 : !mo.tensor<[m, 4], f32>
  mo.output
}
