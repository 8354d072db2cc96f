// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Sums of products by Einstein's convention.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[b, n, 4], f32>, %y: !mo.tensor<[4, m], f32>, %q: !mo.tensor<[4, 4], f32>, %i: !mo.tensor<[4], si8>) {
  // CHECK: mo.contract %{{[^ ,)]+}}, %{{[^ ,)]+}} equation = "bij,jk->kbi" : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[4, m], f32>
  %r0 = mo.contract %x, %y equation = "bij,jk->kbi" : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[4, m], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[m, b, n], f32>
  %r1 = mo.negative %r0 : !mo.tensor<[m, b, n], f32>
  // CHECK: mo.contract %{{[^ ,)]+}} equation = "ii" : !mo.tensor<[4, 4], f32>
  %r2 = mo.contract %q equation = "ii" : !mo.tensor<[4, 4], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[], f32>
  %r3 = mo.negative %r2 : !mo.tensor<[], f32>
  // CHECK: mo.contract %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} equation = "...i,...j,ij->..." : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[b, n, 4], f32>, !mo.tensor<[4, 4], f32>
  %r4 = mo.contract %x, %x, %q equation = "...i,...j,ij->..." : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[b, n, 4], f32>, !mo.tensor<[4, 4], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, n], f32>
  %r5 = mo.negative %r4 : !mo.tensor<[b, n], f32>
  // CHECK: mo.contract %{{[^ ,)]+}}, %{{[^ ,)]+}} equation = "i,j" : !mo.tensor<[4], si8>
  %r6 = mo.contract %i, %i equation = "i,j" : !mo.tensor<[4], si8>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[4, 4], si8>
  %r7 = mo.negative %r6 : !mo.tensor<[4, 4], si8>
  mo.output
}
