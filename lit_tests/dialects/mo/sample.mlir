// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// What lies between elements.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[b, 4, h, 5], f32>, %g: !mo.tensor<[b, u, v, 2], f32>, %r: !mo.tensor<[n, 4], f32>, %i: !mo.tensor<[n], si64>, %w: !mo.tensor<[6, 2, 3, 3], f32>, %o: !mo.tensor<[b, 36, h, 5], f32>, %m: !mo.tensor<[b, 18, h, 5], f32>, %c: !mo.tensor<[6], f32>) {
  // CHECK: mo.grid_sample %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[b, 4, h, 5], f32>, !mo.tensor<[b, u, v, 2], f32>
  %r0 = mo.grid_sample %x, %g : !mo.tensor<[b, 4, h, 5], f32>, !mo.tensor<[b, u, v, 2], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 4, u, v], f32>
  %r1 = mo.negative %r0 : !mo.tensor<[b, 4, u, v], f32>
  // CHECK: mo.grid_sample %{{[^ ,)]+}}, %{{[^ ,)]+}} mode = cubic padding = reflection align_corners : !mo.tensor<[b, 4, h, 5], f32>, !mo.tensor<[b, u, v, 2], f32>
  %r2 = mo.grid_sample %x, %g mode = cubic padding = reflection align_corners : !mo.tensor<[b, 4, h, 5], f32>, !mo.tensor<[b, u, v, 2], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 4, u, v], f32>
  %r3 = mo.negative %r2 : !mo.tensor<[b, 4, u, v], f32>
  // CHECK: mo.roi_align %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} {coordinates = "output_half_pixel", mode = "max", output_height = 2 : i64, output_width = 3 : i64, sampling_ratio = 2 : i64, spatial_scale = 5.000000e-01 : f64} : (!mo.tensor<[b, 4, h, 5], f32>, !mo.tensor<[n, 4], f32>, !mo.tensor<[n], si64>) -> !mo.tensor<[n, 4, 2, 3], f32>
  %r4 = mo.roi_align %x, %r, %i {coordinates = "output_half_pixel", mode = "max", output_height = 2 : i64, output_width = 3 : i64, sampling_ratio = 2 : i64, spatial_scale = 5.000000e-01 : f64} : (!mo.tensor<[b, 4, h, 5], f32>, !mo.tensor<[n, 4], f32>, !mo.tensor<[n], si64>) -> !mo.tensor<[n, 4, 2, 3], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[n, 4, 2, 3], f32>
  %r5 = mo.negative %r4 : !mo.tensor<[n, 4, 2, 3], f32>
  // CHECK: mo.deform_conv %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} bias %{{[^ ,)]+}} mask %{{[^ ,)]+}} low = [1, 1] high = [1, 1] groups = 2 offset_groups = 2 : !mo.tensor<[b, 4, h, 5], f32>, !mo.tensor<[6, 2, 3, 3], f32>, !mo.tensor<[b, 36, h, 5], f32> bias !mo.tensor<[6], f32> mask !mo.tensor<[b, 18, h, 5], f32>
  %r6 = mo.deform_conv %x, %w, %o bias %c mask %m low = [1, 1] high = [1, 1] groups = 2 offset_groups = 2 : !mo.tensor<[b, 4, h, 5], f32>, !mo.tensor<[6, 2, 3, 3], f32>, !mo.tensor<[b, 36, h, 5], f32> bias !mo.tensor<[6], f32> mask !mo.tensor<[b, 18, h, 5], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 6, h, 5], f32>
  %r7 = mo.negative %r6 : !mo.tensor<[b, 6, h, 5], f32>
  mo.output
}
