// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Only what the types leave open is compared; a name that is new is bound by its first place.
// CHECK-LABEL: mogg.program @rebind(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x?xf32>)
// CHECK: %[[N:.*]] = tensor.dim %[[X]],
// CHECK: %[[M:.*]] = tensor.dim %[[X]],
// CHECK: %[[FOUR:.*]] = arith.constant 4 : index
// CHECK-NEXT: %[[SAME:.*]] = arith.cmpi eq, %[[M]], %[[FOUR]] : index
// CHECK-NEXT: cf.assert %[[SAME]], "mo.rebind: expected dimension 1 of the input to be 4, found another m"
// CHECK-NEXT: %[[CAST:.*]] = tensor.cast %[[X]] : tensor<?x?xf32> to tensor<?x4xf32>
// CHECK-NEXT: %[[SQUARE:.*]] = arith.cmpi eq, %[[M]], %[[N]] : index
// CHECK-NEXT: cf.assert %[[SQUARE]], "mo.rebind: expected dimension 1 of the input to be k, found another m"
// CHECK-NEXT: mogg.return %[[CAST]], %[[X]]
mo.graph @rebind(%x: !mo.tensor<[n, m], f32>) -> (!mo.tensor<[n, 4], f32>, !mo.tensor<[k, k], f32>) {
  %0 = mo.rebind %x : !mo.tensor<[n, m], f32> to !mo.tensor<[n, 4], f32>
  %1 = mo.rebind %x : !mo.tensor<[n, m], f32> to !mo.tensor<[k, k], f32>
  mo.output %0, %1 : !mo.tensor<[n, 4], f32>, !mo.tensor<[k, k], f32>
}

// -----

// A view: what must be is joined, then split, and dimensions that stay are left alone. A scalar is put in memory.
// CHECK-LABEL: mogg.program @reshape(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x4x3xf32>, %[[S:[a-z0-9]*]]: tensor<f32>)
// CHECK: %[[FLAT:.*]] = tensor.collapse_shape %[[X]] {{\[\[}}0, 1, 2]] : tensor<?x4x3xf32> into tensor<?xf32>
// CHECK: tensor.expand_shape %[[FLAT]] {{\[\[}}0, 1]] output_shape [%{{.*}}, 6] : tensor<?xf32> into tensor<?x6xf32>
// CHECK: %[[FRONT:.*]] = tensor.collapse_shape %[[X]] {{\[\[}}0, 1], [2]] : tensor<?x4x3xf32> into tensor<?x3xf32>
// CHECK: tensor.expand_shape %[[FRONT]] {{\[\[}}0, 1], [2]] output_shape [4, %{{.*}}, 3] : tensor<?x3xf32> into tensor<4x?x3xf32>
// CHECK: linalg.fill {{.*}} -> tensor<1xf32>
// CHECK-NOT: cf.assert
// CHECK-NOT: mogg.launch
// CHECK: mogg.return
mo.graph @reshape(%x: !mo.tensor<[n, 4, 3], f32>, %s: !mo.tensor<[], f32>) -> (!mo.tensor<[n * 2, 6], f32>, !mo.tensor<[4, n, 3], f32>, !mo.tensor<[1], f32>) {
  %0 = mo.reshape %x : !mo.tensor<[n, 4, 3], f32> to !mo.tensor<[n * 2, 6], f32>
  %1 = mo.reshape %x : !mo.tensor<[n, 4, 3], f32> to !mo.tensor<[4, n, 3], f32>
  %2 = mo.reshape %s : !mo.tensor<[], f32> to !mo.tensor<[1], f32>
  mo.output %0, %1, %2 : !mo.tensor<[n * 2, 6], f32>, !mo.tensor<[4, n, 3], f32>, !mo.tensor<[1], f32>
}

// -----

// A new name gets what the other dimensions leave, if it comes out even.
// CHECK-LABEL: mogg.program @bind(
// CHECK: %[[TOTAL:.*]] = arith.muli
// CHECK: arith.divsi %[[TOTAL]],
// CHECK: %[[BACK:.*]] = arith.muli %[[M:.*]], %{{.*}} : index
// CHECK-NEXT: %[[EVEN:.*]] = arith.cmpi eq, %[[BACK]], %[[TOTAL]] : index
// CHECK-NEXT: cf.assert %[[EVEN]], "mo.reshape: expected a multiple of 8 elements to give 'm' an extent, found n * 12"
// CHECK: tensor.expand_shape %{{.*}} output_shape [%[[M]], 8] : tensor<?xf32> into tensor<?x8xf32>
mo.graph @bind(%x: !mo.tensor<[n, 4, 3], f32>) -> !mo.tensor<[m, 8], f32> {
  %0 = mo.reshape %x : !mo.tensor<[n, 4, 3], f32> to !mo.tensor<[m, 8], f32>
  mo.output %0 : !mo.tensor<[m, 8], f32>
}

// -----

// Counts that the types leave open are compared; several open dimensions in one group take a shape.
// CHECK-LABEL: mogg.program @count(
// CHECK: cf.assert %{{.*}}, "mo.reshape: expected m * n + n * 2 elements for [m + 2, n], found the m * n of [n, m]"
// CHECK: %[[SHAPE:.*]] = tensor.from_elements %{{.*}}, %{{.*}} : tensor<2xindex>
// CHECK: tensor.reshape %{{.*}}(%[[SHAPE]]) : (tensor<?x?xf32>, tensor<2xindex>) -> tensor<?x?xf32>
mo.graph @count(%x: !mo.tensor<[n, m], f32>) -> !mo.tensor<[m + 2, n], f32> {
  %0 = mo.reshape %x : !mo.tensor<[n, m], f32> to !mo.tensor<[m + 2, n], f32>
  mo.output %0 : !mo.tensor<[m + 2, n], f32>
}

// -----

// Names come from the extents of the input, expressions from names.
// CHECK-LABEL: mogg.program @shape_of(
// CHECK: %[[DIM:.*]] = tensor.dim
// CHECK: %[[N:.*]] = arith.index_cast %[[DIM]] : index to i64
// CHECK: %[[DOUBLE:.*]] = arith.muli %[[DIM]],
// CHECK: %[[EXTENT:.*]] = arith.addi %[[DOUBLE]],
// CHECK: %[[SECOND:.*]] = arith.index_cast %[[EXTENT]] : index to i64
// CHECK: %[[C:.*]] = arith.constant 3 : index
// CHECK: %[[THREE:.*]] = arith.index_cast %[[C]] : index to i64
// CHECK: tensor.from_elements %[[N]], %[[SECOND]], %[[THREE]] : tensor<3xi64>
// CHECK: tensor.empty() : tensor<0xi64>
mo.graph @shape_of(%x: !mo.tensor<[n, n * 2 + 1, 3], f32>, %s: !mo.tensor<[], f32>) -> (!mo.tensor<[3], si64>, !mo.tensor<[0], si64>) {
  %0 = mo.shape_of %x : !mo.tensor<[n, n * 2 + 1, 3], f32>
  %1 = mo.shape_of %s : !mo.tensor<[], f32>
  mo.output %0, %1 : !mo.tensor<[3], si64>, !mo.tensor<[0], si64>
}
