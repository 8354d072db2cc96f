// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// New names are bound by a shape or by scales.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[b, 3, 4, w], f32>, %s: !mo.tensor<[4], f32>, %h: !mo.tensor<[4], si64>, %r: !mo.tensor<[8], f32>, %t: !mo.tensor<[2], si8>) {
  // CHECK: mo.resize %{{[^ ,)]+}} : !mo.tensor<[b, 3, 4, w], f32> to !mo.tensor<[b, 3, 8, w * 2], f32>
  %r0 = mo.resize %x : !mo.tensor<[b, 3, 4, w], f32> to !mo.tensor<[b, 3, 8, w * 2], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 3, 8, w * 2], f32>
  %r1 = mo.negative %r0 : !mo.tensor<[b, 3, 8, w * 2], f32>
  // CHECK: mo.resize %{{[^ ,)]+}} scales %{{[^ ,)]+}} mode = linear antialias : !mo.tensor<[b, 3, 4, w], f32> scales !mo.tensor<[4], f32> to !mo.tensor<[b, 3, u, v], f32>
  %r2 = mo.resize %x scales %s mode = linear antialias : !mo.tensor<[b, 3, 4, w], f32> scales !mo.tensor<[4], f32> to !mo.tensor<[b, 3, u, v], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 3, u, v], f32>
  %r3 = mo.negative %r2 : !mo.tensor<[b, 3, u, v], f32>
  // CHECK: mo.resize %{{[^ ,)]+}} shape %{{[^ ,)]+}} scales %{{[^ ,)]+}} mode = cubic coordinates = align_corners cubic_coeff = -5.000000e-01 exclude_outside : !mo.tensor<[b, 3, 4, w], f32> shape !mo.tensor<[4], si64> scales !mo.tensor<[4], f32> to !mo.tensor<[b, 3, p, q], f32>
  %r4 = mo.resize %x shape %h scales %s mode = cubic coordinates = align_corners cubic_coeff = -5.000000e-01 exclude_outside : !mo.tensor<[b, 3, 4, w], f32> shape !mo.tensor<[4], si64> scales !mo.tensor<[4], f32> to !mo.tensor<[b, 3, p, q], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 3, p, q], f32>
  %r5 = mo.negative %r4 : !mo.tensor<[b, 3, p, q], f32>
  // CHECK: mo.resize %{{[^ ,)]+}} roi %{{[^ ,)]+}} coordinates = tf_crop_and_resize nearest = ceil extrapolation_value = 1.000000e+00 : !mo.tensor<[b, 3, 4, w], f32> roi !mo.tensor<[8], f32> to !mo.tensor<[b, 3, 2, 2], f32>
  %r6 = mo.resize %x roi %r coordinates = tf_crop_and_resize nearest = ceil extrapolation_value = 1.000000e+00 : !mo.tensor<[b, 3, 4, w], f32> roi !mo.tensor<[8], f32> to !mo.tensor<[b, 3, 2, 2], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 3, 2, 2], f32>
  %r7 = mo.negative %r6 : !mo.tensor<[b, 3, 2, 2], f32>
  // CHECK: mo.resize %{{[^ ,)]+}} : !mo.tensor<[2], si8> to !mo.tensor<[5], si8>
  %r8 = mo.resize %t : !mo.tensor<[2], si8> to !mo.tensor<[5], si8>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[5], si8>
  %r9 = mo.negative %r8 : !mo.tensor<[5], si8>
  mo.output
}
