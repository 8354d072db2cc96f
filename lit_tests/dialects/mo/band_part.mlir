// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Diagonals and triangles.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %k: !mo.tensor<[], si64>) {
  // CHECK: mo.band_part %{{[^ ,)]+}} lower = 1 upper = -1 : !mo.tensor<[n, 3, m], f32>
  %r0 = mo.band_part %x lower = 1 upper = -1 : !mo.tensor<[n, 3, m], f32>
  // CHECK: mo.trilu %{{[^ ,)]+}} : !mo.tensor<[n, 3, m], f32>
  %r1 = mo.trilu %x : !mo.tensor<[n, 3, m], f32>
  // CHECK: mo.trilu %{{[^ ,)]+}}, %{{[^ ,)]+}} upper = false : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[], si64>
  %r2 = mo.trilu %x, %k upper = false : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[], si64>
  mo.output
}
