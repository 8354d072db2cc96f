// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Ranges that are known when it runs.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %p: !mo.tensor<[3], si64>) {
  // CHECK: mo.dynamic.slice %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : (!mo.tensor<[n, 3, m], f32>, !mo.tensor<[3], si64>, !mo.tensor<[3], si64>, !mo.tensor<[3], si64>) -> !mo.tensor<[a, 2, c], f32>
  %r0 = mo.dynamic.slice %x, %p, %p, %p : (!mo.tensor<[n, 3, m], f32>, !mo.tensor<[3], si64>, !mo.tensor<[3], si64>, !mo.tensor<[3], si64>) -> !mo.tensor<[a, 2, c], f32>
  mo.output
}
