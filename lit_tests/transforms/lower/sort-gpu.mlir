// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo{target=opencl})' | FileCheck %s
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo{target=amd})' | FileCheck %s

// An element is a word that has its position, too, so that no two are equal: blocks sort tiles of them, and runs are
// merged in pairs, from one buffer to another and back, two merges in a trip of the loop.
// CHECK-LABEL: mogg.kernel private @sort_f32(
// CHECK: linalg.generic {{.*}} outs({{.*}} : tensor<?x?xi64>)
// CHECK: call @mograph_sort_tiles
// CHECK: scf.while {{.*}} : (index, tensor<?x?xi64>, tensor<?x?xi64>)
// CHECK-COUNT-2: scf.forall {{.*}} -> (tensor<?x?xi64>)
mo.graph @rows(%x: !mo.tensor<[n, m], f32>) -> !mo.tensor<[n, m], f32> {
  %0 = mo.sort %x axis = 1 : !mo.tensor<[n, m], f32>
  mo.output %0 : !mo.tensor<[n, m], f32>
}

// -----

// What is one tile is not merged.
// CHECK-LABEL: mogg.kernel private @sort_ui8(
// CHECK: call @mograph_sort_tiles{{.*}} : (tensor<70xi64>, memref<70xi64>, i64, i64)
// CHECK-NOT: scf.while
// CHECK: return
mo.graph @row(%x: !mo.tensor<[70], ui8>) -> !mo.tensor<[70], ui8> {
  %0 = mo.sort %x axis = 0 descending : !mo.tensor<[70], ui8>
  mo.output %0 : !mo.tensor<[70], ui8>
}

// -----

// Short rows are a thread's each.
// CHECK-LABEL: mogg.kernel private @argsort_si64(
// CHECK: scf.forall
mo.graph @short(%x: !mo.tensor<[n, 64], f32>) -> !mo.tensor<[n, 64], si64> {
  %0 = mo.argsort %x axis = 1 : !mo.tensor<[n, 64], f32>
  mo.output %0 : !mo.tensor<[n, 64], si64>
}

// -----

// Keys of 64 bits have positions in words of their own.
// CHECK-LABEL: mogg.kernel private @argsort_si64(
// CHECK: scf.while {{.*}} : (index, tensor<9999xi64>, tensor<9999xi64>, tensor<9999xi64>, tensor<9999xi64>)
mo.graph @long(%x: !mo.tensor<[9999], f64>) -> !mo.tensor<[9999], si64> {
  %0 = mo.argsort %x axis = 0 : !mo.tensor<[9999], f64>
  mo.output %0 : !mo.tensor<[9999], si64>
}

// -----

// Of each of the 25 tiles 128 elements are merged, of which 100 are the first ones.
// CHECK-LABEL: mogg.kernel private @top_k_f32(
// CHECK: call @mograph_sort_tiles{{.*}} : (tensor<50001xi64>, memref<3200xi64>, i64, i64)
// CHECK: scf.while {{.*}} : (index, tensor<3200xi64>, tensor<3200xi64>)
mo.graph @first(%x: !mo.tensor<[50001], f32>) -> !mo.tensor<[100], f32> {
  %v, %p = mo.top_k %x axis = 0 : (!mo.tensor<[50001], f32>) -> (!mo.tensor<[100], f32>, !mo.tensor<[100], si64>)
  mo.output %v : !mo.tensor<[100], f32>
}
