// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo,mogg-to-linalg)' | FileCheck %s

// The whole way: a graph becomes one function on tensors, its kernels in their places, weights after inputs.
// CHECK: #[[ALL:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK: #[[COLUMNS:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-LABEL: func.func @model(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x8xf32>, %[[W:[a-z0-9]*]]: tensor<8x16xf32> {mogg.weight}, %[[B:[a-z0-9]*]]: tensor<16xf32> {mogg.weight}) -> tensor<?x16xf32>
// CHECK-SAME: mogg.signature =
// CHECK: linalg.fill
// CHECK: %[[PRODUCT:.*]] = linalg.matmul ins(%[[X]], %[[W]] : tensor<?x8xf32>, tensor<8x16xf32>)
// CHECK: %[[R:.*]] = linalg.generic {indexing_maps = [#[[ALL]], #[[COLUMNS]], #[[ALL]]], iterator_types = ["parallel", "parallel"]} ins(%[[PRODUCT]], %[[B]] :
// CHECK: %[[SUM:.*]] = arith.addf
// CHECK: arith.maximumf %[[SUM]],
// CHECK: return %[[R]] : tensor<?x16xf32>
// CHECK-NOT: mo.
// CHECK-NOT: mogg.
mo.graph @model(%x: !mo.tensor<[n, 8], f32> {mo.name = "x"}) -> !mo.tensor<[n, 16], f32> {
  %w = mo.constant.external "w" : !mo.tensor<[8, 16], f32>
  %b = mo.constant.external "b" : !mo.tensor<[16], f32>
  %0 = mo.matmul %x, %w : !mo.tensor<[n, 8], f32>, !mo.tensor<[8, 16], f32>
  %1 = mo.add %0, %b : !mo.tensor<[n, 16], f32>, !mo.tensor<[16], f32>
  %2 = mo.relu %1 : !mo.tensor<[n, 16], f32>
  mo.output %2 : !mo.tensor<[n, 16], f32>
}
