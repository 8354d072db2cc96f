// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo.graph(canonicalize))' | FileCheck %s --check-prefix=FOLD
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s --check-prefix=LOWER

// Dtypes for storage: constants, casts and choices. Their bits lie in bytes.

// CHECK-LABEL: mo.graph @test
// FOLD-LABEL: mo.graph @test
// LOWER-LABEL: mogg.program @test
// LOWER-SAME: tensor<?xi8>
// LOWER-DAG: dense<[1, 15, 7, 8]> : tensor<4xi8>
// LOWER-DAG: dense<[3, 0]> : tensor<2xi8>
// LOWER-DAG: dense<[2, 10, 7, 0]> : tensor<4xi8>
// LOWER-DAG: dense<[68, -64]> : tensor<2xi8>
// LOWER-DAG: dense<[127, 0]> : tensor<2xi8>
mo.graph @test(%x: !mo.tensor<[n], f4E2M1FN>, %y: !mo.tensor<[n], i1>) -> (!mo.tensor<[4], si4>, !mo.tensor<[2], ui2>, !mo.tensor<[4], f4E2M1FN>, !mo.tensor<[2], f8E4M3FNUZ>, !mo.tensor<[2], f8E8M0FNU>, !mo.tensor<[4], f32>, !mo.tensor<[n], f4E2M1FN>) {
  // CHECK: mo.constant dense<[1, -1, 7, -8]> : !mo.tensor<[4], si4>
  %0 = mo.constant dense<[1, -1, 7, -8]> : !mo.tensor<[4], si4>
  // CHECK: mo.constant dense<[3, 0]> : !mo.tensor<[2], ui2>
  %1 = mo.constant dense<[3, 0]> : !mo.tensor<[2], ui2>
  // CHECK: mo.constant dense<[1.000000e+00, -1.000000e+00, 6.000000e+00, 0.000000e+00]> : !mo.tensor<[4], f4E2M1FN>
  %2 = mo.constant dense<[1.0, -1.0, 6.0, 0.0]> : !mo.tensor<[4], f4E2M1FN>
  // CHECK: mo.constant dense<[1.500000e+00, -1.000000e+00]> : !mo.tensor<[2], f8E4M3FNUZ>
  %3 = mo.constant dense<[1.5, -1.0]> : !mo.tensor<[2], f8E4M3FNUZ>
  // CHECK: mo.constant dense<[1.000000e+00, 5.877470e-39]> : !mo.tensor<[2], f8E8M0FNU>
  %4 = mo.constant dense<[1.0, 5.877472e-39]> : !mo.tensor<[2], f8E8M0FNU>
  // FOLD-DAG: mo.constant dense<[1.000000e+00, -1.000000e+00, 7.000000e+00, -8.000000e+00]> : !mo.tensor<[4], f32>
  %5 = mo.cast %0 : !mo.tensor<[4], si4> to !mo.tensor<[4], f32>
  // CHECK: mo.constant 5.000000e-01 : !mo.tensor<[], f4E2M1FN>
  %6 = mo.constant 0.5 : !mo.tensor<[], f4E2M1FN>
  // CHECK: mo.select %{{.*}} : !mo.tensor<[n], i1>, !mo.tensor<[n], f4E2M1FN>, !mo.tensor<[], f4E2M1FN>
  // LOWER: arith.select %{{.*}}, %{{.*}}, %{{.*}} : i8
  %7 = mo.select %y, %x, %6 : !mo.tensor<[n], i1>, !mo.tensor<[n], f4E2M1FN>, !mo.tensor<[], f4E2M1FN>
  mo.output %0, %1, %2, %3, %4, %5, %7 : !mo.tensor<[4], si4>, !mo.tensor<[2], ui2>, !mo.tensor<[4], f4E2M1FN>, !mo.tensor<[2], f8E4M3FNUZ>, !mo.tensor<[2], f8E8M0FNU>, !mo.tensor<[4], f32>, !mo.tensor<[n], f4E2M1FN>
}
