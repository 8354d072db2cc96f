// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Absent numbers are ones, or no padding; named extents give expressions, rounded up with ceil_mode.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[b, 4, h, 9], f32>, %y: !mo.tensor<[b, h, 4], si8>, %f: !mo.tensor<[b, h, 4], f32>, %i: !mo.tensor<[b, 4, 2, 2], si64>, %v: !mo.tensor<[b, 4, 2, 2], f32>, %s: !mo.tensor<[4], si64>) {
  // CHECK: mo.avg_pool %{{[^ ,)]+}} kernel = [3, 2] : !mo.tensor<[b, 4, h, 9], f32>
  %r0 = mo.avg_pool %x kernel = [3, 2] : !mo.tensor<[b, 4, h, 9], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 4, h - 2, 8], f32>
  %r1 = mo.negative %r0 : !mo.tensor<[b, 4, h - 2, 8], f32>
  // CHECK: mo.avg_pool %{{[^ ,)]+}} kernel = [3, 2] strides = [2, 2] low = [1, 0] high = [1, 0] ceil_mode count_include_pad : !mo.tensor<[b, 4, h, 9], f32>
  %r2 = mo.avg_pool %x kernel = [3, 2] strides = [2, 2] low = [1, 0] high = [1, 0] ceil_mode count_include_pad : !mo.tensor<[b, 4, h, 9], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 4, (h + 1) ceildiv 2, 5], f32>
  %r3 = mo.negative %r2 : !mo.tensor<[b, 4, (h + 1) ceildiv 2, 5], f32>
  // CHECK: mo.lp_pool %{{[^ ,)]+}} kernel = [3] dilations = [2] p = 3 channels_last : !mo.tensor<[b, h, 4], f32>
  %r4 = mo.lp_pool %f kernel = [3] dilations = [2] p = 3 channels_last : !mo.tensor<[b, h, 4], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, h - 4, 4], f32>
  %r5 = mo.negative %r4 : !mo.tensor<[b, h - 4, 4], f32>
  // CHECK: mo.max_pool %{{[^ ,)]+}} kernel = [3] strides = [3] channels_last : !mo.tensor<[b, h, 4], si8>
  %r6:2 = mo.max_pool %y kernel = [3] strides = [3] channels_last : !mo.tensor<[b, h, 4], si8>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, h floordiv 3, 4], si8>
  %r7 = mo.negative %r6#0 : !mo.tensor<[b, h floordiv 3, 4], si8>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, h floordiv 3, 4], si64>
  %r8 = mo.negative %r6#1 : !mo.tensor<[b, h floordiv 3, 4], si64>
  // CHECK: mo.global_avg_pool %{{[^ ,)]+}} : !mo.tensor<[b, 4, h, 9], f32>
  %r9 = mo.global_avg_pool %x : !mo.tensor<[b, 4, h, 9], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 4, 1, 1], f32>
  %r10 = mo.negative %r9 : !mo.tensor<[b, 4, 1, 1], f32>
  // CHECK: mo.global_max_pool %{{[^ ,)]+}} channels_last : !mo.tensor<[b, h, 4], si8>
  %r11 = mo.global_max_pool %y channels_last : !mo.tensor<[b, h, 4], si8>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 1, 4], si8>
  %r12 = mo.negative %r11 : !mo.tensor<[b, 1, 4], si8>
  // CHECK: mo.global_lp_pool %{{[^ ,)]+}} p = 1 : !mo.tensor<[b, 4, h, 9], f32>
  %r13 = mo.global_lp_pool %x p = 1 : !mo.tensor<[b, 4, h, 9], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 4, 1, 1], f32>
  %r14 = mo.negative %r13 : !mo.tensor<[b, 4, 1, 1], f32>
  // CHECK: mo.max_unpool %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[b, 4, 2, 2], f32>, !mo.tensor<[b, 4, 2, 2], si64> to !mo.tensor<[b, 4, 4, 4], f32>
  %r15 = mo.max_unpool %v, %i : !mo.tensor<[b, 4, 2, 2], f32>, !mo.tensor<[b, 4, 2, 2], si64> to !mo.tensor<[b, 4, 4, 4], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 4, 4, 4], f32>
  %r16 = mo.negative %r15 : !mo.tensor<[b, 4, 4, 4], f32>
  // CHECK: mo.max_unpool %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[b, 4, 2, 2], f32>, !mo.tensor<[b, 4, 2, 2], si64>, !mo.tensor<[4], si64> to !mo.tensor<[b, 4, m, k], f32>
  %r17 = mo.max_unpool %v, %i, %s : !mo.tensor<[b, 4, 2, 2], f32>, !mo.tensor<[b, 4, 2, 2], si64>, !mo.tensor<[4], si64> to !mo.tensor<[b, 4, m, k], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 4, m, k], f32>
  %r18 = mo.negative %r17 : !mo.tensor<[b, 4, m, k], f32>
  mo.output
}
