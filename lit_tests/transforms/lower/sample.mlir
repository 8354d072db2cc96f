// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// What is around each point is found once: a coordinate is read, and indices are clamped whatever it is. A nest over the
// result reads the elements there.
// CHECK-LABEL: mogg.kernel private @grid_sample_f32(
// CHECK: cf.assert %{{.*}}, "mo.grid_sample: expected axis 2 to have elements, found none"
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel"]}
// CHECK: tensor.extract
// CHECK: math.floor
// CHECK: arith.minsi
// CHECK: arith.maxsi
// CHECK: linalg.yield %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : i64, f32, i64, f32
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel"]}
// CHECK-COUNT-2: tensor.extract
// CHECK-NOT: tensor.extract
// CHECK: linalg.yield
mo.graph @between(%x: !mo.tensor<[b, 2, d], f32>, %g: !mo.tensor<[b, 3, 1], f32>) -> !mo.tensor<[b, 2, 3], f32> {
  %0 = mo.grid_sample %x, %g : !mo.tensor<[b, 2, d], f32>, !mo.tensor<[b, 3, 1], f32>
  mo.output %0 : !mo.tensor<[b, 2, 3], f32>
}

// -----

// The indices of images are checked before anything is read; samples are the innermost loops.
// CHECK-LABEL: mogg.kernel private @roi_align_f32(
// CHECK: cf.assert %{{.*}}, "mo.roi_align: expected batch_indices from 0 to below 2"
// CHECK: tensor.empty() : tensor<2x2xf32>
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
// CHECK-COUNT-4: tensor.extract
mo.graph @regions(%x: !mo.tensor<[2, 3, 8, 8], f32>, %r: !mo.tensor<[n, 4], f32>, %i: !mo.tensor<[n], si64>) -> !mo.tensor<[n, 3, 2, 2], f32> {
  %0 = mo.roi_align %x, %r, %i {output_height = 2 : i64, output_width = 2 : i64, sampling_ratio = 2 : i64} : (!mo.tensor<[2, 3, 8, 8], f32>, !mo.tensor<[n, 4], f32>, !mo.tensor<[n], si64>) -> !mo.tensor<[n, 3, 2, 2], f32>
  mo.output %0 : !mo.tensor<[n, 3, 2, 2], f32>
}

// -----

// What lies under the moved windows, then a product of matrices.
// CHECK-LABEL: mogg.kernel private @deform_conv_f32(
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
// CHECK: tensor.extract
// CHECK: linalg.generic {{.*}}iterator_types = [{{.*}}"reduction"]}
// CHECK: arith.mulf
// CHECK-NEXT: arith.addf
mo.graph @moved(%x: !mo.tensor<[b, 2, 6], f32>, %w: !mo.tensor<[4, 2, 3], f32>, %o: !mo.tensor<[b, 3, 4], f32>) -> !mo.tensor<[b, 4, 4], f32> {
  %0 = mo.deform_conv %x, %w, %o : !mo.tensor<[b, 2, 6], f32>, !mo.tensor<[4, 2, 3], f32>, !mo.tensor<[b, 3, 4], f32>
  mo.output %0 : !mo.tensor<[b, 4, 4], f32>
}
