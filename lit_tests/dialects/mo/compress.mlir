// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// The extent of the axis is bound when it runs.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %c: !mo.tensor<[c], i1>) {
  // CHECK: mo.compress %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[c], i1> to !mo.tensor<[k], f32>
  %r0 = mo.compress %x, %c : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[c], i1> to !mo.tensor<[k], f32>
  // CHECK: mo.compress %{{[^ ,)]+}}, %{{[^ ,)]+}} axis = 1 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[c], i1> to !mo.tensor<[n, k, m], f32>
  %r1 = mo.compress %x, %c axis = 1 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[c], i1> to !mo.tensor<[n, k, m], f32>
  mo.output
}
