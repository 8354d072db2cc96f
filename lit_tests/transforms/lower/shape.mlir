// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Each input is written where the ones before it end.
// CHECK-LABEL: mogg.kernel private @concat_f32(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x5xf32>, %[[Y:[a-z0-9]*]]: tensor<?x5xf32>, %[[Z:[a-z0-9]*]]: tensor<?x5xf32>,
// CHECK: %[[EMPTY:.*]] = tensor.empty
// CHECK: %[[ONE:.*]] = tensor.insert_slice %[[X]] into %[[EMPTY]][0, 0] [%[[N:.*]], 5] [1, 1]
// CHECK: %[[SECOND:.*]] = arith.addi %{{.*}}, %[[N]] : index
// CHECK: %[[TWO:.*]] = tensor.insert_slice %[[Y]] into %[[ONE]][%[[SECOND]], 0] [%[[M:.*]], 5] [1, 1]
// CHECK: %[[THIRD:.*]] = arith.addi %[[SECOND]], %[[M]] : index
// CHECK: tensor.insert_slice %[[Z]] into %[[TWO]][%[[THIRD]], 0]
// CHECK-LABEL: mogg.kernel private @concat_f32_1(
// CHECK: tensor.insert_slice %{{.*}} into %{{.*}}[0, 0] [%{{.*}}, 5] [1, 1] : tensor<?x5xf32> into tensor<?x10xf32>
// CHECK: tensor.insert_slice %{{.*}} into %{{.*}}[0, 5] [%{{.*}}, 5] [1, 1] : tensor<?x5xf32> into tensor<?x10xf32>
mo.graph @concat(%x: !mo.tensor<[n, 5], f32>, %y: !mo.tensor<[m, 5], f32>) -> (!mo.tensor<[n * 2 + m, 5], f32>, !mo.tensor<[n, 10], f32>) {
  %0 = mo.concat %x, %y, %x axis = 0 : !mo.tensor<[n, 5], f32>, !mo.tensor<[m, 5], f32>, !mo.tensor<[n, 5], f32>
  %1 = mo.concat %x, %x axis = -1 : !mo.tensor<[n, 5], f32>
  mo.output %0, %1 : !mo.tensor<[n * 2 + m, 5], f32>, !mo.tensor<[n, 10], f32>
}

// -----

// The index of the loop of the axis, as the dtype.
// CHECK-LABEL: mogg.kernel private @iota_si32(
// CHECK: %[[ROW:.*]] = linalg.index 0 : index
// CHECK: %[[WIDE:.*]] = arith.index_cast %[[ROW]] : index to i64
// CHECK-NEXT: arith.trunci %[[WIDE]] : i64 to i32
// CHECK-LABEL: mogg.kernel private @iota_f32(
// CHECK: %[[COLUMN:.*]] = linalg.index 1 : index
// CHECK-NEXT: %[[WIDE:.*]] = arith.index_cast %[[COLUMN]] : index to i64
// CHECK-NEXT: arith.sitofp %[[WIDE]] : i64 to f32
mo.graph @iota(%x: !mo.tensor<[n], f32>) -> (!mo.tensor<[n, 3], si32>, !mo.tensor<[n, 3], f32>) {
  %0 = mo.iota : !mo.tensor<[n, 3], si32>
  %1 = mo.iota axis = -1 : !mo.tensor<[n, 3], f32>
  mo.output %0, %1 : !mo.tensor<[n, 3], si32>, !mo.tensor<[n, 3], f32>
}

// -----

// Axis i of the result is axis perm[i] of the input: the map for reading is the inverse. The identity is no operation.
// CHECK: #[[READ:.*]] = affine_map<(d0, d1, d2) -> (d1, d2, d0)>
// CHECK: #[[ALL:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-LABEL: mogg.kernel private @transpose_f16(
// CHECK: linalg.generic {indexing_maps = [#[[READ]], #[[ALL]]], {{.*}} ins(%{{.*}} : tensor<?x3x4xf16>) outs(%{{.*}} : tensor<4x?x3xf16>)
// CHECK: ^bb0(%[[X:.*]]: f16, %{{.*}}: f16):
// CHECK-NEXT: linalg.yield %[[X]] : f16
mo.graph @transpose(%x: !mo.tensor<[n, 3, 4], f16>) -> !mo.tensor<[4, n, 3], f16> {
  %0 = mo.transpose %x perm = [2, 0, 1] : !mo.tensor<[n, 3, 4], f16>
  mo.output %0 : !mo.tensor<[4, n, 3], f16>
}

// -----

// A slice that walks forward is a view. Where it starts is known, or clamped to the extent at run time.
// CHECK-LABEL: mogg.program @forward(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x5xf32>, %[[Y:[a-z0-9]*]]: tensor<6x5xf32>)
// CHECK: %[[N:.*]] = tensor.dim %[[X]],
// CHECK: tensor.extract_slice %[[X]][0, 1] [%{{.*}}, 2] [3, 1] : tensor<?x5xf32> to tensor<?x2xf32>
// CHECK: %[[MINUS_THREE:.*]] = arith.constant -3 : index
// CHECK: %[[FROM_END:.*]] = arith.addi %[[N]], %[[MINUS_THREE]] : index
// CHECK: %[[START:.*]] = arith.maxsi %[[FROM_END]], %{{.*}} : index
// CHECK: tensor.extract_slice %[[X]][%[[START]], 0] [%{{.*}}, 5] [1, 1] : tensor<?x5xf32> to tensor<?x5xf32>
// CHECK: tensor.extract_slice %[[Y]][2, 1] [2, 2] [2, 2] : tensor<6x5xf32> to tensor<2x2xf32>
// CHECK-NOT: mogg.launch
// CHECK: mogg.return
mo.graph @forward(%x: !mo.tensor<[n, 5], f32>, %y: !mo.tensor<[6, 5], f32>) -> (!mo.tensor<[max(0, n - 2) ceildiv 3, 2], f32>, !mo.tensor<[min(3, n), 5], f32>, !mo.tensor<[2, 2], f32>) {
  %0 = mo.slice %x starts = [0, 1] stops = [-2, 3] steps = [3, 1] : !mo.tensor<[n, 5], f32>
  %1 = mo.slice %x starts = [-3, 0] stops = [9223372036854775807, 9] steps = [1, 1] : !mo.tensor<[n, 5], f32>
  %2 = mo.slice %y starts = [-4, 1] stops = [-1, 4] steps = [2, 2] : !mo.tensor<[6, 5], f32>
  mo.output %0, %1, %2 : !mo.tensor<[max(0, n - 2) ceildiv 3, 2], f32>, !mo.tensor<[min(3, n), 5], f32>, !mo.tensor<[2, 2], f32>
}

// -----

// One that walks backwards is gathered, from the last element on. An empty one reads nothing.
// CHECK-LABEL: mogg.program @backward(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x5xf32>)
// CHECK: linalg.generic
// CHECK: %[[I:.*]] = linalg.index 1 : index
// CHECK: %[[STEP:.*]] = arith.constant -2 : index
// CHECK-NEXT: %[[OFFSET:.*]] = arith.muli %[[I]], %[[STEP]] : index
// CHECK-NEXT: %[[LAST:.*]] = arith.constant 4 : index
// CHECK-NEXT: %[[AT:.*]] = arith.addi %[[OFFSET]], %[[LAST]] : index
// CHECK-NEXT: tensor.extract %[[X]][%{{.*}}, %[[AT]]] : tensor<?x5xf32>
// CHECK: tensor.empty() : tensor<0x0xf32>
// CHECK-NOT: tensor.extract_slice
// CHECK: mogg.return
mo.graph @backward(%x: !mo.tensor<[n, 5], f32>) -> (!mo.tensor<[n, 3], f32>, !mo.tensor<[0, 0], f32>) {
  %0 = mo.slice %x starts = [0, -1] stops = [9223372036854775807, -9223372036854775808] steps = [1, -2] : !mo.tensor<[n, 5], f32>
  %1 = mo.slice %x starts = [0, 4] stops = [0, 2] steps = [1, 1] : !mo.tensor<[n, 5], f32>
  mo.output %0, %1 : !mo.tensor<[n, 3], f32>, !mo.tensor<[0, 0], f32>
}
