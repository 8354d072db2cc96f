// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// One product gives the windows of all elements; each result then gathers from the windows that reach it: of three taps
// at most two can, two apart.
// CHECK-DAG: #[[X:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d5, d4)>
// CHECK-DAG: #[[W:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d1, d5, d2, d3)>
// CHECK-LABEL: mogg.kernel private @conv_transpose_f32(
// CHECK: linalg.generic {indexing_maps = [#[[X]], #[[W]], #{{.*}}], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction"]}
// CHECK: tensor.empty() : tensor<2xf32>
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
// CHECK: arith.remui
// CHECK: arith.divui
// CHECK: arith.minsi
// CHECK: arith.maxsi
// CHECK: tensor.extract
// CHECK: arith.select
// CHECK: arith.addf
mo.graph @strided(%x: !mo.tensor<[b, 4, 5], f32>, %w: !mo.tensor<[4, 6, 3], f32>) -> !mo.tensor<[b, 6, 11], f32> {
  %0 = mo.conv_transpose %x, %w strides = [2] : !mo.tensor<[b, 4, 5], f32>, !mo.tensor<[4, 6, 3], f32>
  mo.output %0 : !mo.tensor<[b, 6, 11], f32>
}
