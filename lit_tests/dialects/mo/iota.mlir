// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// The default axis, the first, is not printed.

// CHECK-LABEL: mo.graph @test
mo.graph @test() {
  // CHECK: mo.iota : !mo.tensor<[n, 4], si32>
  %r0 = mo.iota : !mo.tensor<[n, 4], si32>
  // CHECK: mo.iota axis = -1 : !mo.tensor<[n, 4], bf16, gpu:1>
  %r1 = mo.iota axis = -1 : !mo.tensor<[n, 4], bf16, gpu:1>
  mo.output
}
