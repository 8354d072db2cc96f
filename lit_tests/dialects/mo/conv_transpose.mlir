// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Absent numbers are ones, or no padding; named extents give expressions.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[b, 4, h, 5], f32>, %w: !mo.tensor<[4, 3, 3, 2], f32>, %bias: !mo.tensor<[6], f32>, %l: !mo.tensor<[b, h, 4], si8>, %v: !mo.tensor<[3, m, 4], si8>) {
  // CHECK: mo.conv_transpose %{{[^ ,)]+}}, %{{[^ ,)]+}} groups = 2 : !mo.tensor<[b, 4, h, 5], f32>, !mo.tensor<[4, 3, 3, 2], f32>
  %r0 = mo.conv_transpose %x, %w groups = 2 : !mo.tensor<[b, 4, h, 5], f32>, !mo.tensor<[4, 3, 3, 2], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 6, h + 2, 6], f32>
  %r1 = mo.negative %r0 : !mo.tensor<[b, 6, h + 2, 6], f32>
  // CHECK: mo.conv_transpose %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} strides = [2, 1] dilations = [1, 3] low = [1, 0] high = [1, 0] output_padding = [1, 0] groups = 2 : !mo.tensor<[b, 4, h, 5], f32>, !mo.tensor<[4, 3, 3, 2], f32>, !mo.tensor<[6], f32>
  %r2 = mo.conv_transpose %x, %w, %bias strides = [2, 1] dilations = [1, 3] low = [1, 0] high = [1, 0] output_padding = [1, 0] groups = 2 : !mo.tensor<[b, 4, h, 5], f32>, !mo.tensor<[4, 3, 3, 2], f32>, !mo.tensor<[6], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 6, h * 2, 8], f32>
  %r3 = mo.negative %r2 : !mo.tensor<[b, 6, h * 2, 8], f32>
  // CHECK: mo.conv_transpose %{{[^ ,)]+}}, %{{[^ ,)]+}} low = [1] high = [1] channels_last : !mo.tensor<[b, h, 4], si8>, !mo.tensor<[3, m, 4], si8>
  %r4 = mo.conv_transpose %l, %v low = [1] high = [1] channels_last : !mo.tensor<[b, h, 4], si8>, !mo.tensor<[3, m, 4], si8>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, h, m], si8>
  %r5 = mo.negative %r4 : !mo.tensor<[b, h, m], si8>
  mo.output
}
