// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo{target=opencl})' | FileCheck %s
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo{target=amd})' | FileCheck %s

// Each stage of a sort is a nest over all elements, two in a trip of the loop, from buffers to others and back. Elements
// that are equal may differ in their bits: their positions are carried along.
// CHECK-LABEL: mogg.kernel private @sort_f32(
// CHECK-NOT: scf.forall
// CHECK: scf.while {{.*}} : (index, index, tensor<?x?xf32>, tensor<?x?xi64>, tensor<?x?xf32>, tensor<?x?xi64>)
// CHECK: linalg.generic {{.*}}["parallel", "parallel"]} outs(
// CHECK: arith.xori
// CHECK: linalg.generic {{.*}}["parallel", "parallel"]} outs(
// CHECK: arith.xori
mo.graph @rows(%x: !mo.tensor<[n, m], f32>) -> !mo.tensor<[n, m], f32> {
  %0 = mo.sort %x axis = 1 : !mo.tensor<[n, m], f32>
  mo.output %0 : !mo.tensor<[n, m], f32>
}

// -----

// Equal integers are the same.
// CHECK-LABEL: mogg.kernel private @sort_ui8(
// CHECK: scf.while {{.*}} : (index, index, tensor<70xi8>, tensor<70xi8>)
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
