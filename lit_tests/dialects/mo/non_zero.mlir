// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// The number of columns is bound when it runs.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // CHECK: mo.non_zero %{{[^ ,)]+}} : !mo.tensor<[n, 3, m], f32> to !mo.tensor<[3, k], si64>
  %r0 = mo.non_zero %x : !mo.tensor<[n, 3, m], f32> to !mo.tensor<[3, k], si64>
  mo.output
}
