// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// A product of matrices, whatever the order of dimensions, is one nest that reads both operands where they are.
// CHECK: #[[LEFT:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d1, d4)>
// CHECK: #[[RIGHT:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d3, d1, d4)>
// CHECK: #[[RESULT:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3)>
// CHECK-LABEL: mogg.kernel private @contract_f32(
// CHECK: linalg.generic {indexing_maps = [#[[LEFT]], #[[RIGHT]], #[[RESULT]]], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
// CHECK-NOT: linalg.generic
mo.graph @scores(%q: !mo.tensor<[b, q, h, 64], f32>, %k: !mo.tensor<[b, k, h, 64], f32>) -> !mo.tensor<[b, h, q, k], f32> {
  %0 = mo.contract %q, %k equation = "bqhd,bkhd->bhqk" : !mo.tensor<[b, q, h, 64], f32>, !mo.tensor<[b, k, h, 64], f32>
  mo.output %0 : !mo.tensor<[b, h, q, k], f32>
}

// -----

// A batch that comes last in the result is moved there afterwards.
// CHECK-LABEL: mogg.kernel private @contract_f32(
// CHECK: %[[PRODUCT:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<?x4x5xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[PRODUCT]] : tensor<?x4x5xf32>) outs(%{{.*}} : tensor<4x5x?xf32>)
mo.graph @batch_last(%x: !mo.tensor<[b, 4, 3], f32>, %y: !mo.tensor<[b, 3, 5], f32>) -> !mo.tensor<[4, 5, b], f32> {
  %0 = mo.contract %x, %y equation = "bij,bjk->ikb" : !mo.tensor<[b, 4, 3], f32>, !mo.tensor<[b, 3, 5], f32>
  mo.output %0 : !mo.tensor<[4, 5, b], f32>
}

// -----

// Letters that are summed over together are one loop; without a reduction there is no sum.
// CHECK-LABEL: mogg.kernel private @contract_f32(
// CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0], [1, 2]]
// CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0], [1, 2]]
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]}
// CHECK-LABEL: mogg.kernel private @contract_f32_1(
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]}
// CHECK-NEXT: ^bb0
// CHECK-NEXT: arith.mulf
// CHECK-NEXT: linalg.yield
mo.graph @sums(%x: !mo.tensor<[2, 3, 4], f32>, %y: !mo.tensor<[5, 3, 4], f32>, %u: !mo.tensor<[m], f32>, %v: !mo.tensor<[n], f32>) -> (!mo.tensor<[2, 5], f32>, !mo.tensor<[m, n], f32>) {
  %0 = mo.contract %x, %y equation = "ijk,ljk->il" : !mo.tensor<[2, 3, 4], f32>, !mo.tensor<[5, 3, 4], f32>
  %1 = mo.contract %u, %v equation = "i,j" : !mo.tensor<[m], f32>, !mo.tensor<[n], f32>
  mo.output %0, %1 : !mo.tensor<[2, 5], f32>, !mo.tensor<[m, n], f32>
}

// -----

// Of three operands the cheapest pair goes first, in the type of the sum; the result is rounded once.
// CHECK-LABEL: mogg.kernel private @contract_f16(
// CHECK-SAME: %[[A:[^:]*]]: tensor<8x1000xf16>, %[[B:[^:]*]]: tensor<1000x1000xf16>, %[[C:[^:]*]]: tensor<1000x2xf16>
// CHECK: %[[BC:.*]] = linalg.generic {{.*}} ins(%[[B]], %[[C]] : {{.*}}) outs(%{{.*}} : tensor<1000x2xf32>)
// CHECK: %[[ABC:.*]] = linalg.generic {{.*}} ins(%[[A]], %[[BC]] : {{.*}}) outs(%{{.*}} : tensor<8x2xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[ABC]] : tensor<8x2xf32>) outs(%{{.*}} : tensor<8x2xf16>)
mo.graph @chain(%a: !mo.tensor<[8, 1000], f16>, %b: !mo.tensor<[1000, 1000], f16>, %c: !mo.tensor<[1000, 2], f16>) -> !mo.tensor<[8, 2], f16> {
  %0 = mo.contract %a, %b, %c equation = "ij,jk,kl->il" : !mo.tensor<[8, 1000], f16>, !mo.tensor<[1000, 1000], f16>, !mo.tensor<[1000, 2], f16>
  mo.output %0 : !mo.tensor<[8, 2], f16>
}
