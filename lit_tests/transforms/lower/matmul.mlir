// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Vectors have no rows or columns, and one sum for a result.
// CHECK: #[[K:.*]] = affine_map<(d0) -> (d0)>
// CHECK: #[[NONE:.*]] = affine_map<(d0) -> ()>
// CHECK-LABEL: mogg.kernel private @matmul_f32(
// CHECK-SAME: -> f32
// CHECK: linalg.generic {indexing_maps = [#[[K]], #[[K]], #[[NONE]]], iterator_types = ["reduction"]}
// CHECK: ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32, %[[SUM:.*]]: f32):
// CHECK-NEXT: %[[AB:.*]] = arith.mulf %[[A]], %[[B]] : f32
// CHECK-NEXT: %[[NEXT:.*]] = arith.addf %[[SUM]], %[[AB]] : f32
// CHECK-NEXT: linalg.yield %[[NEXT]] : f32
// CHECK: tensor.extract
mo.graph @dot(%x: !mo.tensor<[k], f32>, %y: !mo.tensor<[k], f32>) -> !mo.tensor<[], f32> {
  %0 = mo.matmul %x, %y : !mo.tensor<[k], f32>
  mo.output %0 : !mo.tensor<[], f32>
}

// -----

// A vector on the right is a column.
// CHECK: #[[ROWS:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK: #[[VECTOR:.*]] = affine_map<(d0, d1, d2) -> (d2)>
// CHECK: #[[RESULT:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-LABEL: mogg.kernel private @matmul_f32(
// CHECK: linalg.generic {indexing_maps = [#[[ROWS]], #[[VECTOR]], #[[RESULT]]], iterator_types = ["parallel", "parallel", "reduction"]}
mo.graph @column(%x: !mo.tensor<[b, m, k], f32>, %y: !mo.tensor<[k], f32>) -> !mo.tensor<[b, m], f32> {
  %0 = mo.matmul %x, %y : !mo.tensor<[b, m, k], f32>, !mo.tensor<[k], f32>
  mo.output %0 : !mo.tensor<[b, m], f32>
}

// -----

// A vector on the left is a row, and the sum stays the last loop.
// CHECK: #[[VECTOR:.*]] = affine_map<(d0, d1, d2) -> (d2)>
// CHECK: #[[MATRICES:.*]] = affine_map<(d0, d1, d2) -> (d0, d2, d1)>
// CHECK: #[[RESULT:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-LABEL: mogg.kernel private @matmul_f32(
// CHECK: linalg.generic {indexing_maps = [#[[VECTOR]], #[[MATRICES]], #[[RESULT]]], iterator_types = ["parallel", "parallel", "reduction"]}
mo.graph @row(%x: !mo.tensor<[k], f32>, %y: !mo.tensor<[b, k, 8], f32>) -> !mo.tensor<[b, 8], f32> {
  %0 = mo.matmul %x, %y : !mo.tensor<[k], f32>, !mo.tensor<[b, k, 8], f32>
  mo.output %0 : !mo.tensor<[b, 8], f32>
}

// -----

// Two dimensions and one batch on both sides have names in linalg.
// CHECK-LABEL: mogg.kernel private @matmul_f32(
// CHECK: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK: %[[ZEROS:.*]] = linalg.fill ins(%[[ZERO]] : f32)
// CHECK: linalg.matmul ins(%{{.*}}, %{{.*}} : tensor<?x8xf32>, tensor<8x16xf32>) outs(%[[ZEROS]] : tensor<?x16xf32>)
// CHECK-LABEL: mogg.kernel private @matmul_f32_1(
// CHECK: linalg.batch_matmul ins(%{{.*}}, %{{.*}} : tensor<?x?x8xf32>, tensor<?x8x16xf32>) outs(%{{.*}} : tensor<?x?x16xf32>)
mo.graph @named(%x: !mo.tensor<[n, 8], f32>, %y: !mo.tensor<[8, 16], f32>, %xs: !mo.tensor<[b, n, 8], f32>, %ys: !mo.tensor<[b, 8, 16], f32>) -> (!mo.tensor<[n, 16], f32>, !mo.tensor<[b, n, 16], f32>) {
  %0 = mo.matmul %x, %y : !mo.tensor<[n, 8], f32>, !mo.tensor<[8, 16], f32>
  %1 = mo.matmul %xs, %ys : !mo.tensor<[b, n, 8], f32>, !mo.tensor<[b, 8, 16], f32>
  mo.output %0, %1 : !mo.tensor<[n, 16], f32>, !mo.tensor<[b, n, 16], f32>
}

// -----

// Batches broadcast by their maps: nothing is copied.
// CHECK: #[[LEFT:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, 0, d2, d4)>
// CHECK: #[[RIGHT:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d1, d4, d3)>
// CHECK: #[[RESULT:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3)>
// CHECK-LABEL: mogg.kernel private @matmul_f32(
// CHECK: linalg.generic {indexing_maps = [#[[LEFT]], #[[RIGHT]], #[[RESULT]]], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
// CHECK-NOT: linalg.generic
mo.graph @broadcast(%x: !mo.tensor<[h, 1, m, k], f32>, %y: !mo.tensor<[b, k, 8], f32>) -> !mo.tensor<[h, b, m, 8], f32> {
  %0 = mo.matmul %x, %y : !mo.tensor<[h, 1, m, k], f32>, !mo.tensor<[b, k, 8], f32>
  mo.output %0 : !mo.tensor<[h, b, m, 8], f32>
}

// -----

// 16-bit floats accumulate in f32 and are rounded once, at the end; integers stay what they are.
// CHECK-LABEL: mogg.kernel private @matmul_f16(
// CHECK: %[[SUM:.*]] = linalg.matmul ins(%{{.*}}, %{{.*}} : tensor<?x8xf16>, tensor<8x16xf16>) outs(%{{.*}} : tensor<?x16xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[SUM]] : tensor<?x16xf32>) outs(%{{.*}} : tensor<?x16xf16>)
// CHECK: arith.truncf %{{.*}} : f32 to f16
// CHECK-LABEL: mogg.kernel private @matmul_si32(
// CHECK: linalg.matmul ins(%{{.*}}, %{{.*}} : tensor<?x8xi32>, tensor<8x16xi32>) outs(%{{.*}} : tensor<?x16xi32>)
mo.graph @dtypes(%x: !mo.tensor<[n, 8], f16>, %y: !mo.tensor<[8, 16], f16>, %i: !mo.tensor<[n, 8], si32>, %j: !mo.tensor<[8, 16], si32>) -> (!mo.tensor<[n, 16], f16>, !mo.tensor<[n, 16], si32>) {
  %0 = mo.matmul %x, %y : !mo.tensor<[n, 8], f16>, !mo.tensor<[8, 16], f16>
  %1 = mo.matmul %i, %j : !mo.tensor<[n, 8], si32>, !mo.tensor<[8, 16], si32>
  mo.output %0, %1 : !mo.tensor<[n, 16], f16>, !mo.tensor<[n, 16], si32>
}

// -----

// Transposed matrices are read where they are.
// CHECK: #[[LEFT:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d3, d1)>
// CHECK: #[[RIGHT:.*]] = affine_map<(d0, d1, d2, d3) -> (d2, d3)>
// CHECK: #[[RESULT:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
// CHECK-LABEL: mogg.kernel private @matmul_f32(
// CHECK: linalg.generic {indexing_maps = [#[[LEFT]], #[[RIGHT]], #[[RESULT]]], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
// CHECK-NOT: linalg.generic
mo.graph @transposed(%x: !mo.tensor<[b, k, m], f32>, %y: !mo.tensor<[8, k], f32>) -> !mo.tensor<[b, m, 8], f32> {
  %0 = mo.matmul %x, %y transpose_lhs transpose_rhs : !mo.tensor<[b, k, m], f32>, !mo.tensor<[8, k], f32>
  mo.output %0 : !mo.tensor<[b, m, 8], f32>
}
