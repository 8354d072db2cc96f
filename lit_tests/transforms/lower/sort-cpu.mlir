// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Sorts are opaque kernels: functions of the runtime, which write to memory that then is a tensor.
// CHECK-LABEL: mogg.kernel private @sort_f32(
// CHECK: %[[ROWS:.*]] = linalg.generic
// CHECK: %[[MEMORY:.*]] = memref.alloc
// CHECK: call @mograph_sort(%[[ROWS]], %[[MEMORY]],
// CHECK: bufferization.to_tensor %[[MEMORY]] restrict writable
// CHECK: func.func private @mograph_sort(tensor<?x?xf32> {bufferization.access = "read"}, memref<?x?xf32>, i64, i64, i64, i64, i64) attributes {mogg.library = {function = "mograph_sort"}}
mo.graph @columns(%x: !mo.tensor<[n, m], f32>) -> !mo.tensor<[n, m], f32> {
  %0 = mo.sort %x axis = 0 : !mo.tensor<[n, m], f32>
  mo.output %0 : !mo.tensor<[n, m], f32>
}

// -----

// Two results, the second of which is the positions. The bits of infinity tell numbers from NaN.
// CHECK-LABEL: mogg.kernel private @top_k_f16(
// CHECK: cf.assert %{{.*}}, "mo.top_k: expected k to be at most the extent of axis -1, n; found more"
// CHECK: %[[RANK:.*]] = arith.constant 1 : i64
// CHECK: %[[BYTES:.*]] = arith.constant 2 : i64
// CHECK: %[[KIND:.*]] = arith.constant 2 : i64
// CHECK: %[[INFINITY:.*]] = arith.constant 31744 : i64
// CHECK: call @mograph_first(%{{.*}}, %{{.*}}, %{{.*}}, %[[RANK]], %[[BYTES]], %[[KIND]], %[[INFINITY]],
mo.graph @few(%x: !mo.tensor<[n], f16>, %k: !mo.tensor<[], si64>) -> !mo.tensor<[k], si64> {
  %0, %1 = mo.top_k %x, %k : (!mo.tensor<[n], f16>, !mo.tensor<[], si64>) -> (!mo.tensor<[k], f16>, !mo.tensor<[k], si64>)
  mo.output %1 : !mo.tensor<[k], si64>
}

// -----

// CHECK-LABEL: mogg.kernel private @unique_si32(
// CHECK: call @mograph_number(
// CHECK: %[[FOUND:.*]] = tensor.extract
mo.graph @distinct(%x: !mo.tensor<[n], si32>) -> !mo.tensor<[u], si32> {
  %0:4 = mo.unique %x : (!mo.tensor<[n], si32>) -> (!mo.tensor<[u], si32>, !mo.tensor<[u], si64>, !mo.tensor<[n], si64>, !mo.tensor<[u], si64>)
  mo.output %0#0 : !mo.tensor<[u], si32>
}

// -----

// CHECK-LABEL: mogg.kernel private @non_max_suppression_si64(
// CHECK: call @mograph_argsort(
mo.graph @boxes(%b: !mo.tensor<[b, n, 4], f32>, %s: !mo.tensor<[b, 80, n], f32>, %m: !mo.tensor<[], si64>) -> !mo.tensor<[k, 3], si64> {
  %0 = mo.non_max_suppression %b, %s max_output %m : !mo.tensor<[], si64> : !mo.tensor<[b, n, 4], f32>, !mo.tensor<[b, 80, n], f32> to !mo.tensor<[k, 3], si64>
  mo.output %0 : !mo.tensor<[k, 3], si64>
}
