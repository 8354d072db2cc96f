// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Extents on the axis are added.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4], f32>, %y: !mo.tensor<[m, 4], f32>) {
  // CHECK: mo.concat %{{[^ ,)]+}} axis = 0 : !mo.tensor<[n, 4], f32>
  %r0 = mo.concat %x axis = 0 : !mo.tensor<[n, 4], f32>
  // CHECK: mo.concat %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} axis = 0 : !mo.tensor<[n, 4], f32>, !mo.tensor<[m, 4], f32>, !mo.tensor<[n, 4], f32>
  %r1 = mo.concat %x, %y, %x axis = 0 : !mo.tensor<[n, 4], f32>, !mo.tensor<[m, 4], f32>, !mo.tensor<[n, 4], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[m + n * 2, 4], f32>
  %r2 = mo.negative %r1 : !mo.tensor<[m + n * 2, 4], f32>
  // CHECK: mo.concat %{{[^ ,)]+}}, %{{[^ ,)]+}} axis = -1 : !mo.tensor<[n, 4], f32>
  %r3 = mo.concat %x, %x axis = -1 : !mo.tensor<[n, 4], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[n, 8], f32>
  %r4 = mo.negative %r3 : !mo.tensor<[n, 8], f32>
  mo.output
}
