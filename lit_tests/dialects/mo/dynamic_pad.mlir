// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Paddings that are known when it runs.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %p: !mo.tensor<[3], si64>, %v: !mo.tensor<[], f32>) {
  // CHECK: mo.dynamic.pad %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : (!mo.tensor<[n, 3, m], f32>, !mo.tensor<[3], si64>, !mo.tensor<[3], si64>) -> !mo.tensor<[a, 5, b], f32>
  %r0 = mo.dynamic.pad %x, %p, %p : (!mo.tensor<[n, 3, m], f32>, !mo.tensor<[3], si64>, !mo.tensor<[3], si64>) -> !mo.tensor<[a, 5, b], f32>
  // CHECK: mo.dynamic.pad %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : (!mo.tensor<[n, 3, m], f32>, !mo.tensor<[3], si64>, !mo.tensor<[3], si64>, !mo.tensor<[], f32>) -> !mo.tensor<[a, b, c], f32>
  %r1 = mo.dynamic.pad %x, %p, %p, %v : (!mo.tensor<[n, 3, m], f32>, !mo.tensor<[3], si64>, !mo.tensor<[3], si64>, !mo.tensor<[], f32>) -> !mo.tensor<[a, b, c], f32>
  // CHECK: mo.dynamic.pad %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} mode = edge : (!mo.tensor<[n, 3, m], f32>, !mo.tensor<[3], si64>, !mo.tensor<[3], si64>) -> !mo.tensor<[a, b, c], f32>
  %r2 = mo.dynamic.pad %x, %p, %p mode = edge : (!mo.tensor<[n, 3, m], f32>, !mo.tensor<[3], si64>, !mo.tensor<[3], si64>) -> !mo.tensor<[a, b, c], f32>
  mo.output
}
