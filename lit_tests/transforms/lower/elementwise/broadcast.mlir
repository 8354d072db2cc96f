// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// A broadcast condition is read through its map; what is selected is not widened.
// CHECK: #[[ROWS:.*]] = affine_map<(d0, d1) -> (d0, 0)>
// CHECK: #[[ALL:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: mogg.kernel private @select_f16(
// CHECK-SAME: %[[ONE:[a-z0-9]*]]: f16, %{{[a-z0-9]*}}: tensor<?x4xf16>) ->
// CHECK: linalg.generic {indexing_maps = [#[[ROWS]], #[[ALL]], #[[ALL]]], iterator_types = ["parallel", "parallel"]}
// CHECK: ^bb0(%[[C:.*]]: i1, %[[X:.*]]: f16, %{{.*}}: f16):
// CHECK-NEXT: %[[R:.*]] = arith.select %[[C]], %[[X]], %[[ONE]] : f16
// CHECK-NEXT: linalg.yield %[[R]] : f16
mo.graph @main(%c: !mo.tensor<[n, 1], i1>, %x: !mo.tensor<[n, 4], f16>, %y: !mo.tensor<[], f16>) -> !mo.tensor<[n, 4], f16> {
  %0 = mo.select %c, %x, %y : !mo.tensor<[n, 1], i1>, !mo.tensor<[n, 4], f16>, !mo.tensor<[], f16>
  mo.output %0 : !mo.tensor<[n, 4], f16>
}

// -----

// New dimensions come first; those of 1 are read at 0. A scalar is filled in, without a kernel.
// CHECK: #[[READ:.*]] = affine_map<(d0, d1, d2, d3) -> (d1, 0, d3)>
// CHECK: #[[ALL:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
// CHECK-LABEL: mogg.program @main(
// CHECK-SAME: %{{.*}}: tensor<?x1x4xf32>, %[[S:.*]]: tensor<f32>)
// CHECK: %[[NUMBER:.*]] = tensor.extract %[[S]][]
// CHECK: mogg.launch @broadcast_to_f32(
// CHECK: linalg.fill ins(%[[NUMBER]] : f32) outs(%{{.*}} : tensor<?x4xf32>)
// CHECK-LABEL: mogg.kernel private @broadcast_to_f32(
// CHECK: linalg.generic {indexing_maps = [#[[READ]], #[[ALL]]],
// CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
// CHECK-NEXT: linalg.yield %[[X]] : f32
mo.graph @main(%x: !mo.tensor<[n, 1, 4], f32>, %s: !mo.tensor<[], f32>) -> (!mo.tensor<[2, n, 3, 4], f32>, !mo.tensor<[n, 4], f32>) {
  %0 = mo.broadcast_to %x : !mo.tensor<[n, 1, 4], f32> to !mo.tensor<[2, n, 3, 4], f32>
  %1 = mo.broadcast_to %s : !mo.tensor<[], f32> to !mo.tensor<[n, 4], f32>
  mo.output %0, %1 : !mo.tensor<[2, n, 3, 4], f32>, !mo.tensor<[n, 4], f32>
}
