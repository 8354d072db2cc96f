// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// Long rows are copied by the runtime, which counts the indices that are out of range: axis 1 of 3, elements of 4 bytes,
// indices of 4 bytes, signed.
// CHECK-LABEL: mogg.kernel private @gather_f32(
// CHECK: %[[ROWS:.*]] = memref.alloc
// CHECK: %[[OUTSIDE:.*]] = memref.alloc() : memref<1xi64>
// CHECK: call @mograph_take(%{{.*}}, %{{.*}}, %[[ROWS]], %[[OUTSIDE]],
// CHECK: %[[COUNT:.*]] = bufferization.to_tensor %[[OUTSIDE]]
// CHECK: tensor.extract %[[COUNT]]
// CHECK: cf.assert %{{.*}}, "mo.gather: expected indices in [-n, n) on axis 1, found one outside"
mo.graph @rows(%x: !mo.tensor<[b, n, 64], f32>, %i: !mo.tensor<[p], si32>) -> !mo.tensor<[b, p, 64], f32> {
  %0 = mo.gather %x, %i axis = 1 : !mo.tensor<[b, n, 64], f32>, !mo.tensor<[p], si32>
  mo.output %0 : !mo.tensor<[b, p, 64], f32>
}

// -----

// Short ones are read element by element.
// CHECK-LABEL: mogg.kernel private @gather_f32(
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]
mo.graph @elements(%x: !mo.tensor<[n, 4], f32>, %i: !mo.tensor<[p], si32>) -> !mo.tensor<[p, 4], f32> {
  %0 = mo.gather %x, %i : !mo.tensor<[n, 4], f32>, !mo.tensor<[p], si32>
  mo.output %0 : !mo.tensor<[p, 4], f32>
}
