// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Without padding each sum is divided by one number.
// CHECK: #[[UNDER:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2 * 2 + d3)>
// CHECK-LABEL: mogg.kernel private @avg_pool_f32(
// CHECK-NOT: tensor.insert_slice
// CHECK: linalg.generic {indexing_maps = [#[[UNDER]], {{.*}}iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
// CHECK: arith.addf
// CHECK: arith.constant 3.000000e+00 : f32
// CHECK: arith.divf
mo.graph @mean(%x: !mo.tensor<[b, 4, 9], f32>) -> !mo.tensor<[b, 4, 4], f32> {
  %0 = mo.avg_pool %x kernel = [3] strides = [2] : !mo.tensor<[b, 4, 9], f32>
  mo.output %0 : !mo.tensor<[b, 4, 4], f32>
}

// -----

// In padding a window's place tells how many elements it has.
// CHECK-LABEL: mogg.kernel private @avg_pool_f32(
// CHECK: tensor.insert_slice
// CHECK: linalg.generic
// CHECK: arith.addf
// CHECK: linalg.generic
// CHECK: linalg.index 2
// CHECK: arith.minsi
// CHECK: arith.divf
mo.graph @padded(%x: !mo.tensor<[b, 4, 9], f32>) -> !mo.tensor<[b, 4, 5], f32> {
  %0 = mo.avg_pool %x kernel = [3] strides = [2] low = [1] high = [1] : !mo.tensor<[b, 4, 9], f32>
  mo.output %0 : !mo.tensor<[b, 4, 5], f32>
}

// -----

// Indices that nobody uses are not computed.
// CHECK-LABEL: mogg.kernel private @max_pool_f32(
// CHECK: linalg.generic
// CHECK-NOT: linalg.index
// CHECK: arith.maximumf
// CHECK-NOT: linalg.index
// CHECK-LABEL: mogg.kernel private @max_pool_si8(
// CHECK: linalg.generic
// CHECK: linalg.index
// CHECK: arith.cmpi sgt
// CHECK: arith.select
// CHECK: linalg.yield %{{.*}}, %{{.*}} : i8, i64
mo.graph @largest(%x: !mo.tensor<[b, 4, 9], f32>, %y: !mo.tensor<[b, 4, 9], si8>) -> (!mo.tensor<[b, 4, 7], f32>, !mo.tensor<[b, 4, 7], si64>) {
  %0:2 = mo.max_pool %x kernel = [3] : !mo.tensor<[b, 4, 9], f32>
  %1:2 = mo.max_pool %y kernel = [3] : !mo.tensor<[b, 4, 9], si8>
  mo.output %0#0, %1#1 : !mo.tensor<[b, 4, 7], f32>, !mo.tensor<[b, 4, 7], si64>
}

// -----

// Powers are summed and the root is taken; over all spatial axes that is a reduction.
// CHECK-LABEL: mogg.kernel private @lp_pool_f32(
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
// CHECK: arith.mulf
// CHECK-NEXT: arith.addf
// CHECK: math.sqrt
// CHECK-LABEL: mogg.kernel private @global_avg_pool_f16(
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "reduction"]}
// CHECK: arith.extf
// CHECK: arith.addf
// CHECK: arith.divf
// CHECK: arith.truncf
mo.graph @others(%x: !mo.tensor<[b, 4, 9], f32>, %y: !mo.tensor<[b, 4, n], f16>) -> (!mo.tensor<[b, 4, 7], f32>, !mo.tensor<[b, 4, 1], f16>) {
  %0 = mo.lp_pool %x kernel = [3] : !mo.tensor<[b, 4, 9], f32>
  %1 = mo.global_avg_pool %y : !mo.tensor<[b, 4, n], f16>
  mo.output %0, %1 : !mo.tensor<[b, 4, 7], f32>, !mo.tensor<[b, 4, 1], f16>
}

// -----

// Elements go back one after the other, each to a place that is checked.
// CHECK-LABEL: mogg.kernel private @max_unpool_f32(
// CHECK: linalg.fill
// CHECK: scf.for
// CHECK: cf.assert %{{.*}}, "mo.max_unpool: expected indices of elements of the result"
// CHECK: tensor.insert
mo.graph @back(%x: !mo.tensor<[1, 1, n], f32>, %i: !mo.tensor<[1, 1, n], si64>) -> !mo.tensor<[1, 1, 8], f32> {
  %0 = mo.max_unpool %x, %i : !mo.tensor<[1, 1, n], f32>, !mo.tensor<[1, 1, n], si64> to !mo.tensor<[1, 1, 8], f32>
  mo.output %0 : !mo.tensor<[1, 1, 8], f32>
}
