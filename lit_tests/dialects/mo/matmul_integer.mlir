// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Zero points: none, one, one for each row or column.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[b, n, 4], ui8>, %y: !mo.tensor<[4, m], si8>, %p: !mo.tensor<[], ui8>, %q: !mo.tensor<[m], si8>) {
  // CHECK: mo.matmul_integer %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[b, n, 4], ui8>, !mo.tensor<[4, m], si8>
  %0 = mo.matmul_integer %x, %y : !mo.tensor<[b, n, 4], ui8>, !mo.tensor<[4, m], si8>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, n, m], si32>
  %1 = mo.negative %0 : !mo.tensor<[b, n, m], si32>
  // CHECK: mo.matmul_integer %{{[^ ,)]+}}, %{{[^ ,)]+}} lhs_zero %{{[^ ,)]+}} : !mo.tensor<[], ui8> rhs_zero %{{[^ ,)]+}} : !mo.tensor<[m], si8> : !mo.tensor<[b, n, 4], ui8>, !mo.tensor<[4, m], si8>
  %2 = mo.matmul_integer %x, %y lhs_zero %p : !mo.tensor<[], ui8> rhs_zero %q : !mo.tensor<[m], si8> : !mo.tensor<[b, n, 4], ui8>, !mo.tensor<[4, m], si8>
  // CHECK: mo.matmul_integer %{{[^ ,)]+}}, %{{[^ ,)]+}} rhs_zero %{{[^ ,)]+}} : !mo.tensor<[m], si8> : !mo.tensor<[b, n, 4], ui8>, !mo.tensor<[4, m], si8>
  %3 = mo.matmul_integer %x, %y rhs_zero %q : !mo.tensor<[m], si8> : !mo.tensor<[b, n, 4], ui8>, !mo.tensor<[4, m], si8>
  mo.output
}
