// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// A scale for each position on an axis is read by its map.
// CHECK: #[[X:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK: #[[SCALE:.*]] = affine_map<(d0, d1, d2) -> (d1)>
// CHECK-LABEL: mogg.kernel private @quantize_si8(
// CHECK: linalg.generic {indexing_maps = [#[[X]], #[[SCALE]], #[[SCALE]], #[[X]]]
// CHECK: arith.divf
// CHECK: math.roundeven
// CHECK: arith.addf
// CHECK: arith.maximumf
// CHECK: arith.minimumf
// CHECK: arith.fptosi
mo.graph @channels(%x: !mo.tensor<[b, 3, n], f32>, %s: !mo.tensor<[3], f32>, %z: !mo.tensor<[3], si8>) -> !mo.tensor<[b, 3, n], si8> {
  %0 = mo.quantize %x, %s, %z : (!mo.tensor<[b, 3, n], f32>, !mo.tensor<[3], f32>, !mo.tensor<[3], si8>) -> !mo.tensor<[b, 3, n], si8>
  mo.output %0 : !mo.tensor<[b, 3, n], si8>
}

// -----

// Whole blocks become a dimension of their own.
// CHECK: #[[X:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK: #[[SCALE:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-LABEL: mogg.kernel private @dequantize_f32(
// CHECK: tensor.expand_shape %{{.*}} {{\[\[}}0], [1, 2]]
// CHECK: linalg.generic {indexing_maps = [#[[X]], #[[SCALE]], #[[X]]]
// CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0], [1, 2]]
mo.graph @blocks(%x: !mo.tensor<[n, 64], si4>, %s: !mo.tensor<[n, 4], f32>) -> !mo.tensor<[n, 64], f32> {
  %0 = mo.dequantize %x, %s block_size = 16 : (!mo.tensor<[n, 64], si4>, !mo.tensor<[n, 4], f32>) -> !mo.tensor<[n, 64], f32>
  mo.output %0 : !mo.tensor<[n, 64], f32>
}

// -----

// In a product of narrow integers zero points are taken off the sums.
// CHECK-LABEL: mogg.kernel private @matmul_integer_si32(
// CHECK: linalg.matmul ins(%{{.*}}, %{{.*}} : tensor<?x4xi8>, tensor<4x5xi8>) outs(%{{.*}} : tensor<?x5xi32>)
mo.graph @product(%x: !mo.tensor<[n, 4], ui8>, %y: !mo.tensor<[4, 5], si8>, %z: !mo.tensor<[5], si8>) -> !mo.tensor<[n, 5], si32> {
  %0 = mo.matmul_integer %x, %y rhs_zero %z : !mo.tensor<[5], si8> : !mo.tensor<[n, 4], ui8>, !mo.tensor<[4, 5], si8>
  mo.output %0 : !mo.tensor<[n, 5], si32>
}
