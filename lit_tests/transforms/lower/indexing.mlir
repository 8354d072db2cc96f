// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo{target=other})' | FileCheck %s

// One pass checks the indices; the next one reads at them, a negative one from the end.
// CHECK-LABEL: mogg.kernel private @gather_f32(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x4xf32>, %[[I:[a-z0-9]*]]: tensor<?xi32>,
// CHECK: %[[N:.*]] = tensor.dim %[[X]]
// CHECK: linalg.generic {{.*}} iterator_types = ["reduction"]
// CHECK: cf.assert %{{.*}}, "mo.gather: expected indices in [-n, n) on axis 0, found one outside"
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]
// CHECK: %[[P:.*]] = linalg.index 0
// CHECK: %[[INDEX:.*]] = tensor.extract %[[I]][%[[P]]]
// CHECK: %[[WRAPPED:.*]] = arith.addi %{{.*}}, %[[N]] : index
// CHECK: %[[AT:.*]] = arith.select %{{.*}}, %[[WRAPPED]]
// CHECK: tensor.extract %[[X]][%[[AT]], %{{.*}}]
mo.graph @gather(%x: !mo.tensor<[n, 4], f32>, %i: !mo.tensor<[p], si32>) -> !mo.tensor<[p, 4], f32> {
  %0 = mo.gather %x, %i : !mo.tensor<[n, 4], f32>, !mo.tensor<[p], si32>
  mo.output %0 : !mo.tensor<[p, 4], f32>
}

// -----

// Updates are applied one after the other, on what is there.
// CHECK-LABEL: mogg.kernel private @scatter_f32(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?xf32>, %[[I:[a-z0-9]*]]: tensor<?xi64>, %[[U:[a-z0-9]*]]: tensor<?xf32>, %[[OUT:[a-z0-9]*]]: tensor<?xf32>)
// CHECK: cf.assert %{{.*}}, "mo.scatter: expected indices in
// CHECK: %[[R:.*]] = scf.for %[[P:.*]] = {{.*}} iter_args(%[[T:.*]] = %[[X]]) -> (tensor<?xf32>)
// CHECK: tensor.extract %[[I]][%[[P]]]
// CHECK: %[[UPDATE:.*]] = tensor.extract %[[U]][%[[P]]]
// CHECK: %[[OLD:.*]] = tensor.extract %[[T]][%[[AT:.*]]]
// CHECK: %[[SUM:.*]] = arith.addf %[[OLD]], %[[UPDATE]]
// CHECK: %[[NEW:.*]] = tensor.insert %[[SUM]] into %[[T]][%[[AT]]]
// CHECK: scf.yield %[[NEW]]
// CHECK: %[[PUT:.*]] = bufferization.materialize_in_destination %[[R]] in %[[OUT]]
// CHECK: mogg.return %[[PUT]]
mo.graph @scatter(%x: !mo.tensor<[n], f32>, %i: !mo.tensor<[p], si64>, %u: !mo.tensor<[p], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.scatter %x, %i, %u reduction = add : !mo.tensor<[n], f32>, !mo.tensor<[p], si64>, !mo.tensor<[p], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}

// -----

// First it is counted, then the places are noted: the extent is the kernel's own, and read off its result.
// CHECK-LABEL: mogg.program @non_zero(
// CHECK: %[[FOUND:.*]] = mogg.launch @non_zero_si64(%{{.*}}) : (tensor<?x3xf32>) -> tensor<2x?xi64>
// CHECK: %[[K:.*]] = tensor.dim %[[FOUND]], %{{.*}} : tensor<2x?xi64>
// CHECK: tensor.from_elements
// CHECK-LABEL: mogg.kernel private @non_zero_si64(
// CHECK: linalg.generic {{.*}} iterator_types = ["reduction"]
// CHECK: %[[COUNT:.*]] = arith.index_cast %{{.*}} : i64 to index
// CHECK: %[[EMPTY:.*]] = tensor.empty(%[[COUNT]]) : tensor<?xi64>
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %{{.*}}, %{{.*}} = %[[EMPTY]]) -> (index, tensor<?xi64>)
// CHECK: scf.if
// CHECK: tensor.insert
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]
// CHECK: mogg.return %{{.*}} : tensor<2x?xi64>
mo.graph @non_zero(%x: !mo.tensor<[n, 3], f32>) -> (!mo.tensor<[2, k], si64>, !mo.tensor<[2], si64>) {
  %0 = mo.non_zero %x : !mo.tensor<[n, 3], f32> to !mo.tensor<[2, k], si64>
  %1 = mo.shape_of %0 : !mo.tensor<[2, k], si64>
  mo.output %0, %1 : !mo.tensor<[2, k], si64>, !mo.tensor<[2], si64>
}

// -----

// Extents come from the operand: a new name is bound, a known one compared.
// CHECK-LABEL: mogg.program @shapes(
// CHECK: cf.assert %{{.*}}, "mo.broadcast_to: expected extent 0 of the shape operand, which 'k' is bound to, to be 0 or more, found less"
// CHECK: cf.assert %{{.*}}, "mo.broadcast_to: expected extent 1 of the shape operand to be n"
// CHECK: cf.assert %{{.*}}, "mo.reshape: expected one -1 at most in the shape operand"
mo.graph @shapes(%x: !mo.tensor<[n], f32>, %s: !mo.tensor<[2], si64>) -> (!mo.tensor<[k, n], f32>, !mo.tensor<[p, q], f32>) {
  %0 = mo.broadcast_to %x, %s : !mo.tensor<[n], f32>, !mo.tensor<[2], si64> to !mo.tensor<[k, n], f32>
  %1 = mo.reshape %x, %s : !mo.tensor<[n], f32>, !mo.tensor<[2], si64> to !mo.tensor<[p, q], f32>
  mo.output %0, %1 : !mo.tensor<[k, n], f32>, !mo.tensor<[p, q], f32>
}
