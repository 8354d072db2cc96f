// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Elements are scattered by the runtime where the shapes differ on the axis alone; narrow indices are widened.
// CHECK-LABEL: mogg.kernel private @scatter_f32(
// CHECK: %[[INDICES:.*]] = linalg.generic
// CHECK: arith.extsi %{{.*}} : i8 to i32
// CHECK: call @mograph_put_elements(%{{.*}}, %[[INDICES]],
// CHECK: cf.assert %{{.*}}, "mo.scatter: expected indices in [-n, n) on axis 0, found one outside"
mo.graph @scatter(%x: !mo.tensor<[n, m], f32>, %i: !mo.tensor<[p, m], si8>, %u: !mo.tensor<[p, m], f32>) -> !mo.tensor<[n, m], f32> {
  %0 = mo.scatter %x, %i, %u axis = 0 reduction = add : !mo.tensor<[n, m], f32>, !mo.tensor<[p, m], si8>, !mo.tensor<[p, m], f32>
  mo.output %0 : !mo.tensor<[n, m], f32>
}

// -----

// Half floats are combined by code of their own.
// CHECK-LABEL: mogg.kernel private @scatter_f16(
// CHECK: scf.for
mo.graph @halves(%x: !mo.tensor<[n], f16>, %i: !mo.tensor<[p], si64>, %u: !mo.tensor<[p], f16>) -> !mo.tensor<[n], f16> {
  %0 = mo.scatter %x, %i, %u axis = 0 reduction = add : !mo.tensor<[n], f16>, !mo.tensor<[p], si64>, !mo.tensor<[p], f16>
  mo.output %0 : !mo.tensor<[n], f16>
}

// -----

// Tuples are checked, and become one index into the axes that they stand for.
// CHECK-LABEL: mogg.kernel private @gather_nd_f32(
// CHECK: cf.assert %{{.*}}, "mo.gather_nd: expected indices in
// CHECK: %[[ROWS:.*]] = tensor.collapse_shape
// CHECK: %[[AT:.*]] = linalg.generic
// CHECK: call @mograph_take(%[[ROWS]], %[[AT]],
mo.graph @slices(%x: !mo.tensor<[n, m, 64], f32>, %i: !mo.tensor<[p, 2], si64>) -> !mo.tensor<[p, 64], f32> {
  %0 = mo.gather_nd %x, %i : !mo.tensor<[n, m, 64], f32>, !mo.tensor<[p, 2], si64>
  mo.output %0 : !mo.tensor<[p, 64], f32>
}

// -----

// CHECK-LABEL: mogg.kernel private @gather_elements_f32(
// CHECK: call @mograph_take_elements(
mo.graph @elements(%x: !mo.tensor<[n, m], f32>, %i: !mo.tensor<[n, p], si32>) -> !mo.tensor<[n, p], f32> {
  %0 = mo.gather_elements %x, %i axis = 1 : !mo.tensor<[n, m], f32>, !mo.tensor<[n, p], si32>
  mo.output %0 : !mo.tensor<[n, p], f32>
}

// -----

// Counted, so that the extent is known, and noted.
// CHECK-LABEL: mogg.kernel private @non_zero_si64(
// CHECK: call @mograph_count(
// CHECK: %[[COUNT:.*]] = tensor.extract
// CHECK: call @mograph_places(
mo.graph @places(%x: !mo.tensor<[n], i1>) -> !mo.tensor<[1, k], si64> {
  %0 = mo.non_zero %x : !mo.tensor<[n], i1> to !mo.tensor<[1, k], si64>
  mo.output %0 : !mo.tensor<[1, k], si64>
}

// -----

// Rank 2, axis 0, number 4, which is f32, no product, exclusive, not reversed.
// CHECK-LABEL: mogg.kernel private @cumsum_f32(
// CHECK: %[[RANK:.*]] = arith.constant 2 : i64
// CHECK: %[[AXIS:.*]] = arith.constant 0 : i64
// CHECK: %[[NUMBER:.*]] = arith.constant 4 : i64
// CHECK: call @mograph_scan(%{{.*}}, %{{.*}}, %[[RANK]], %[[AXIS]], %[[NUMBER]],
mo.graph @sums(%x: !mo.tensor<[n, m], f32>) -> !mo.tensor<[n, m], f32> {
  %0 = mo.cumsum %x axis = 0 exclusive : !mo.tensor<[n, m], f32>
  mo.output %0 : !mo.tensor<[n, m], f32>
}
