// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Updates replace what is there, or are combined with it.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %i: !mo.tensor<[p, 3, q], si32>, %u: !mo.tensor<[p, 3, q], f32>, %t: !mo.tensor<[r, 1], si64>, %v: !mo.tensor<[r, 3, m], f32>) {
  // CHECK: mo.scatter %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p, 3, q], si32>, !mo.tensor<[p, 3, q], f32>
  %r0 = mo.scatter %x, %i, %u : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p, 3, q], si32>, !mo.tensor<[p, 3, q], f32>
  // CHECK: mo.scatter %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} axis = -1 reduction = add : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p, 3, q], si32>, !mo.tensor<[p, 3, q], f32>
  %r1 = mo.scatter %x, %i, %u axis = -1 reduction = add : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[p, 3, q], si32>, !mo.tensor<[p, 3, q], f32>
  // CHECK: mo.scatter_nd %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[r, 1], si64>, !mo.tensor<[r, 3, m], f32>
  %r2 = mo.scatter_nd %x, %t, %v : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[r, 1], si64>, !mo.tensor<[r, 3, m], f32>
  // CHECK: mo.scatter_nd %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} reduction = max : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[r, 1], si64>, !mo.tensor<[r, 3, m], f32>
  %r3 = mo.scatter_nd %x, %t, %v reduction = max : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[r, 1], si64>, !mo.tensor<[r, 3, m], f32>
  mo.output
}
