// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Extents grow, or shrink.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %v: !mo.tensor<[], f32>) {
  // CHECK: mo.pad %{{[^ ,)]+}} low = [1, 0, -1] high = [0, 2, 0] : !mo.tensor<[n, 3, m], f32>
  %r0 = mo.pad %x low = [1, 0, -1] high = [0, 2, 0] : !mo.tensor<[n, 3, m], f32>
  // CHECK: mo.pad %{{[^ ,)]+}}, %{{[^ ,)]+}} low = [1, 0, 0] high = [0, 2, 0] : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[], f32>
  %r1 = mo.pad %x, %v low = [1, 0, 0] high = [0, 2, 0] mode = constant : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[n + 1, 5, m - 1], f32>
  %r2 = mo.negative %r0 : !mo.tensor<[n + 1, 5, m - 1], f32>
  // CHECK: mo.pad %{{[^ ,)]+}} low = [1, 0, 0] high = [0, 2, 0] mode = reflect : !mo.tensor<[n, 3, m], f32>
  %r3 = mo.pad %x low = [1, 0, 0] high = [0, 2, 0] mode = reflect : !mo.tensor<[n, 3, m], f32>
  mo.output
}
