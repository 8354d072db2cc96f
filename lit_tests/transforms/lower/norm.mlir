// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// The mean, the variance around it, and then each element: one kernel, in f32, rounded at the end.

mo.graph @f(%x: !mo.tensor<[n, c, 4], f16>, %s: !mo.tensor<[4], f16>, %v: !mo.tensor<[c], f16>)
    -> (!mo.tensor<[n, c, 4], f16>, !mo.tensor<[n, c, 4], f16>, !mo.tensor<[n, c, 4], f16>) {
  // CHECK-LABEL: mogg.kernel private @layer_norm_f16(
  // CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "reduction"]
  // CHECK: arith.addf
  // CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "reduction"]
  // CHECK: arith.mulf
  // CHECK: arith.addf
  // CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel"]
  // CHECK: math.sqrt %{{.*}} : f32
  // CHECK: arith.truncf %{{.*}} : f32 to f16
  %0 = mo.layer_norm %x scale %s : !mo.tensor<[n, c, 4], f16> scale !mo.tensor<[4], f16>
  // Channels of unknown number are compared with the groups.
  // CHECK-LABEL: mogg.kernel private @group_norm_f16(
  // CHECK: cf.assert %{{.*}}, "mo.group_norm: expected channels that 2 groups divide"
  // CHECK: iterator_types = ["parallel", "parallel", "reduction", "reduction"]
  %1 = mo.group_norm %x, %v, %v groups = 2 : !mo.tensor<[n, c, 4], f16>, !mo.tensor<[c], f16>, !mo.tensor<[c], f16>
  // What is given is read where it is.
  // CHECK-LABEL: mogg.kernel private @batch_norm_f16(
  // CHECK-NOT: reduction
  // CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel"]
  // CHECK: math.sqrt
  // CHECK: mogg.return
  %2 = mo.batch_norm %x, %v, %v, %v, %v : !mo.tensor<[n, c, 4], f16>, !mo.tensor<[c], f16>, !mo.tensor<[c], f16>, !mo.tensor<[c], f16>, !mo.tensor<[c], f16>
  mo.output %0, %1, %2 : !mo.tensor<[n, c, 4], f16>, !mo.tensor<[n, c, 4], f16>, !mo.tensor<[n, c, 4], f16>
}
