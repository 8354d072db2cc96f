// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// A convolution with windows of two elements, as many of the three taps two apart as can reach a result, has the even
// and the odd results as results of its own; the transpose puts them between each other. The filter for that is one nest,
// with what rows and columns of it add to the place of a tap, and where there is none.
// CHECK-LABEL: mogg.kernel private @conv_transpose_f32(
// CHECK-COUNT-4: bufferization.alloc_tensor() copy({{.*}}) : tensor<{{12|8}}xi32>
// CHECK: linalg.generic {{.*}} outs({{.*}} : tensor<12x8xf32>)
// CHECK: tensor.extract {{.*}} : tensor<72xf32>
// CHECK: tensor.insert_slice {{.*}} : tensor<?x4x5xf32> into tensor<?x4x7xf32>
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
// CHECK-SAME: outs({{.*}} : tensor<?x1x12x6xf32>)
// CHECK: linalg.generic {{.*}} outs({{.*}} : tensor<?x6x6x2xf32>)
// CHECK: tensor.extract_slice {{.*}} : tensor<?x6x12xf32> to tensor<?x6x11xf32>
mo.graph @strided(%x: !mo.tensor<[b, 4, 5], f32>, %w: !mo.tensor<[4, 6, 3], f32>) -> !mo.tensor<[b, 6, 11], f32> {
  %0 = mo.conv_transpose %x, %w strides = [2] : !mo.tensor<[b, 4, 5], f32>, !mo.tensor<[4, 6, 3], f32>
  mo.output %0 : !mo.tensor<[b, 6, 11], f32>
}

// Where extents are not known, one product gives the windows of all elements; each result then gathers from the windows
// that reach it: of three taps at most two can, two apart.
// CHECK-LABEL: mogg.kernel private @conv_transpose_f32_1(
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction"]}
// CHECK: tensor.empty() : tensor<2xf32>
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
// CHECK: arith.remui
// CHECK: arith.divui
// CHECK: arith.minsi
// CHECK: arith.maxsi
// CHECK: tensor.extract
// CHECK: arith.select
// CHECK: arith.addf
mo.graph @unknown(%x: !mo.tensor<[b, 4, n], f32>, %w: !mo.tensor<[4, 6, 3], f32>) -> !mo.tensor<[b, 6, n * 2 + 1], f32> {
  %0 = mo.conv_transpose %x, %w strides = [2] : !mo.tensor<[b, 4, n], f32>, !mo.tensor<[4, 6, 3], f32>
  mo.output %0 : !mo.tensor<[b, 6, n * 2 + 1], f32>
}
