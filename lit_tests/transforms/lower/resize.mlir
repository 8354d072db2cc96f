// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// One table for the axis that changes; then each element is read from where it says.
// CHECK: #[[TABLE:.*]] = affine_map<(d0, d1, d2) -> (d1)>
// CHECK-LABEL: mogg.kernel private @resize_si8(
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<7xindex>)
// CHECK: math.ceil
// CHECK: arith.minsi
// CHECK: arith.maxsi
// CHECK: linalg.generic {indexing_maps = [#[[TABLE]], #{{.*}}], iterator_types = ["parallel", "parallel", "parallel"]} ins(%{{.*}} : tensor<7xindex>)
// CHECK: tensor.extract
// CHECK-NOT: linalg.generic
mo.graph @nearest(%x: !mo.tensor<[b, 4, 3], si8>) -> !mo.tensor<[b, 7, 3], si8> {
  %0 = mo.resize %x : !mo.tensor<[b, 4, 3], si8> to !mo.tensor<[b, 7, 3], si8>
  mo.output %0 : !mo.tensor<[b, 7, 3], si8>
}

// -----

// Elements that are repeated need no table.
// CHECK: #[[REPEATED:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d2)>
// CHECK-LABEL: mogg.kernel private @resize_si8(
// CHECK: linalg.generic {indexing_maps = [#[[REPEATED]], #{{.*}}], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
// CHECK-NOT: tensor.extract
mo.graph @repeated(%x: !mo.tensor<[h, w], si8>) -> !mo.tensor<[h * 2, w * 3], si8> {
  %0 = mo.resize %x coordinates = asymmetric nearest = floor : !mo.tensor<[h, w], si8> to !mo.tensor<[h * 2, w * 3], si8>
  mo.output %0 : !mo.tensor<[h * 2, w * 3], si8>
}

// -----

// Weights too, and sums. A scale of 1 that is known keeps an axis as it is; half the extent is wider when antialiased.
// CHECK: #[[TABLE:.*]] = affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK-LABEL: mogg.kernel private @resize_f16(
// CHECK: tensor.empty() : tensor<3x4xf64>
// CHECK: tensor.empty() : tensor<3x4xindex>
// CHECK: linalg.generic {indexing_maps = [#[[TABLE]], #[[TABLE]], #{{.*}}], iterator_types = ["parallel", "parallel", "reduction"]}
// CHECK: tensor.extract
// CHECK: arith.extf
// CHECK: arith.mulf
// CHECK: arith.addf
// CHECK: arith.truncf %{{.*}} : f32 to f16
mo.graph @linear(%x: !mo.tensor<[5, 6], f16>) -> !mo.tensor<[5, 3], f16> {
  %s = mo.constant dense<[1.0, 0.5]> : !mo.tensor<[2], f32>
  %0 = mo.resize %x scales %s mode = linear antialias : !mo.tensor<[5, 6], f16> scales !mo.tensor<[2], f32> to !mo.tensor<[5, 3], f16>
  mo.output %0 : !mo.tensor<[5, 3], f16>
}

// -----

// A new name is bound to what the scale makes of the extent.
// CHECK-LABEL: mogg.kernel private @resize_f32(
// CHECK: tensor.extract
// CHECK: math.floor
// CHECK: arith.fptosi
// CHECK: cf.assert %{{.*}}, "mo.resize: expected extent 0 by its scale
mo.graph @named(%x: !mo.tensor<[n], f32>, %s: !mo.tensor<[1], f32>) -> !mo.tensor<[m], f32> {
  %0 = mo.resize %x scales %s : !mo.tensor<[n], f32> scales !mo.tensor<[1], f32> to !mo.tensor<[m], f32>
  mo.output %0 : !mo.tensor<[m], f32>
}
