// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Reductions of bools.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, 4], i1>) {
  // CHECK: mo.reduce.any %{{[^ ,)]+}} : !mo.tensor<[n, 3, 4], i1>
  %r0 = mo.reduce.any %x : !mo.tensor<[n, 3, 4], i1>
  // CHECK: mo.reduce.all %{{[^ ,)]+}} axes = [1] keepdims : !mo.tensor<[n, 3, 4], i1>
  %r1 = mo.reduce.all %x axes = [1] keepdims : !mo.tensor<[n, 3, 4], i1>
  // CHECK: mo.not %{{[^ ,)]+}} : !mo.tensor<[n, 1, 4], i1>
  %r2 = mo.not %r1 : !mo.tensor<[n, 1, 4], i1>
  mo.output
}
