// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Blocks become channels, and back.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 8, h, 6], f32>) {
  // CHECK: mo.space_to_depth %{{[^ ,)]+}} block_size = 2 : !mo.tensor<[n, 8, h, 6], f32>
  %r0 = mo.space_to_depth %x block_size = 2 : !mo.tensor<[n, 8, h, 6], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[n, 32, h floordiv 2, 3], f32>
  %r1 = mo.negative %r0 : !mo.tensor<[n, 32, h floordiv 2, 3], f32>
  // CHECK: mo.depth_to_space %{{[^ ,)]+}} block_size = 2 : !mo.tensor<[n, 8, h, 6], f32>
  %r2 = mo.depth_to_space %x block_size = 2 : !mo.tensor<[n, 8, h, 6], f32>
  // CHECK: mo.depth_to_space %{{[^ ,)]+}} block_size = 2 mode = crd : !mo.tensor<[n, 8, h, 6], f32>
  %r3 = mo.depth_to_space %x block_size = 2 mode = crd : !mo.tensor<[n, 8, h, 6], f32>
  mo.output
}
