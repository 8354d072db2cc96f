// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Slices, elements, and what tuples of indices name.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %i: !mo.tensor<[p, 2], si32>, %j: !mo.tensor<[n, 5, q], ui8>, %t: !mo.tensor<[n, q, 1], si64>) {
  // CHECK: mo.gather %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p, 2], si32>
  %r0 = mo.gather %x, %i : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p, 2], si32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[p, 2, 3, m], f32>
  %r1 = mo.negative %r0 : !mo.tensor<[p, 2, 3, m], f32>
  // CHECK: mo.gather %{{[^ ,)]+}}, %{{[^ ,)]+}} axis = 1 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p, 2], si32>
  %r2 = mo.gather %x, %i axis = 1 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p, 2], si32>
  // CHECK: mo.gather_elements %{{[^ ,)]+}}, %{{[^ ,)]+}} axis = 1 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[n, 5, q], ui8>
  %r3 = mo.gather_elements %x, %j axis = 1 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[n, 5, q], ui8>
  // CHECK: mo.gather_nd %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p, 2], si32>
  %r4 = mo.gather_nd %x, %i : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p, 2], si32>
  // CHECK: mo.gather_nd %{{[^ ,)]+}}, %{{[^ ,)]+}} batch_dims = 1 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[n, q, 1], si64>
  %r5 = mo.gather_nd %x, %t batch_dims = 1 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[n, q, 1], si64>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[n, q, m], f32>
  %r6 = mo.negative %r5 : !mo.tensor<[n, q, m], f32>
  mo.output
}
