// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Comparisons: the result is bool.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4], f32>, %y: !mo.tensor<[n, 4], f32>) {
  // CHECK: mo.equal %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r0 = mo.equal %x, %y : !mo.tensor<[n, 4], f32>
  // CHECK: mo.not_equal %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r1 = mo.not_equal %x, %y : !mo.tensor<[n, 4], f32>
  // CHECK: mo.less %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r2 = mo.less %x, %y : !mo.tensor<[n, 4], f32>
  // CHECK: mo.less_equal %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r3 = mo.less_equal %x, %y : !mo.tensor<[n, 4], f32>
  // CHECK: mo.greater %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r4 = mo.greater %x, %y : !mo.tensor<[n, 4], f32>
  // CHECK: mo.greater_equal %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], f32>
  %r5 = mo.greater_equal %x, %y : !mo.tensor<[n, 4], f32>
  // CHECK: mo.and %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[n, 4], i1>
  %r6 = mo.and %r0, %r1 : !mo.tensor<[n, 4], i1>
  mo.output
}
