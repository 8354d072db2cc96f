// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// The default axis, the first, is not printed.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%s: !mo.tensor<[2], si64>) {
  // CHECK: mo.iota : !mo.tensor<[n, 4], si32>
  %r0 = mo.iota : !mo.tensor<[n, 4], si32>
  // CHECK: mo.iota axis = -1 : !mo.tensor<[n, 4], bf16, gpu:1>
  %r1 = mo.iota axis = -1 : !mo.tensor<[n, 4], bf16, gpu:1>
  // CHECK: mo.iota shape %{{[^ ,)]+}} : !mo.tensor<[2], si64> axis = 1 : !mo.tensor<[p, q], si32>
  %r2 = mo.iota shape %s : !mo.tensor<[2], si64> axis = 1 : !mo.tensor<[p, q], si32>
  mo.output
}
