// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Dimensions are kept in a normal form; the host is not printed.

// CHECK-LABEL: mo.graph @test
// CHECK-SAME: !mo.tensor<[], f32>
// CHECK-SAME: !mo.tensor<[4, n, n * 2 + 1], f32, gpu:0>
// CHECK-SAME: !mo.tensor<[n * 3, m * n, max(0, n - 1)], bf16>
// CHECK-SAME: !mo.tensor<[n floordiv 2, n ceildiv 2, n mod 2, min(m, n)], f8E5M2>
// CHECK-SAME: !mo.chain
// CHECK-SAME: #mo.device<gpu:3>
mo.graph @test(
  %0: !mo.tensor<[], f32, cpu>,
  %1: !mo.tensor<[4, n, 1 + (n * 2)], f32, gpu:0>,
  %2: !mo.tensor<[n * 2 + n, n * m, max(0, n - 1)], bf16>,
  %3: !mo.tensor<[n floordiv 2, n ceildiv 2, n mod 2, min(n, m)], f8E5M2>,
  %4: !mo.chain {test.device = #mo.device<gpu:3>}
) {
  // Equal normal forms are one type.
  // CHECK: mo.negative %{{[^ ]+}} : !mo.tensor<[n * 3, m * n, max(0, n - 1)], bf16>
  %5 = mo.negative %2 : !mo.tensor<[3 * n, m * n, max(n - 1, 0)], bf16>
  mo.output
}
