// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Axes in reverse, and rolled.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>) {
  // CHECK: mo.flip %{{[^ ,)]+}} axes = [0, -1] : !mo.tensor<[n, 3, m], f32>
  %r0 = mo.flip %x axes = [0, -1] : !mo.tensor<[n, 3, m], f32>
  // CHECK: mo.roll %{{[^ ,)]+}} shifts = [5, -1] axes = [1, -1] : !mo.tensor<[n, 3, m], f32>
  %r1 = mo.roll %x shifts = [5, -1] axes = [1, -1] : !mo.tensor<[n, 3, m], f32>
  mo.output
}
