// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// One extent.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // CHECK: mo.dim %{{[^ ,)]+}} axis = -1 : !mo.tensor<[n, 3, m], f32>
  %r0 = mo.dim %x axis = -1 : !mo.tensor<[n, 3, m], f32>
  mo.output
}
