// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo.graph(canonicalize))' | FileCheck %s

// Extents that stay are nothing to do, unless scales or a region say otherwise; constants are resized.
// CHECK-LABEL: mo.graph @test(
// CHECK-SAME: %[[X:[^:]*]]: !mo.tensor<[n, 3], f32>
// CHECK-DAG: %[[C:.*]] = mo.constant dense<[1, 1, 2, 2]> : !mo.tensor<[4], si8>
// CHECK-DAG: %[[Y:.*]] = mo.resize %[[X]] scales
// CHECK: mo.output %[[X]], %[[Y]], %[[C]]
mo.graph @test(%x: !mo.tensor<[n, 3], f32>, %s: !mo.tensor<[2], f32>) -> (!mo.tensor<[n, 3], f32>, !mo.tensor<[n, 3], f32>, !mo.tensor<[4], si8>) {
  %0 = mo.resize %x mode = cubic : !mo.tensor<[n, 3], f32> to !mo.tensor<[n, 3], f32>
  %1 = mo.resize %x scales %s : !mo.tensor<[n, 3], f32> scales !mo.tensor<[2], f32> to !mo.tensor<[n, 3], f32>
  %c = mo.constant dense<[1, 2]> : !mo.tensor<[2], si8>
  %2 = mo.resize %c : !mo.tensor<[2], si8> to !mo.tensor<[4], si8>
  mo.output %0, %1, %2 : !mo.tensor<[n, 3], f32>, !mo.tensor<[n, 3], f32>, !mo.tensor<[4], si8>
}
