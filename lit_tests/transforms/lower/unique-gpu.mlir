// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo{target=opencl})' | FileCheck %s

// The elements are sorted, and those that differ from the one before are counted by a scan. Where each
// number starts, and which number each element has, is searched for.
// CHECK-LABEL: mogg.kernel private @unique_si32(
// CHECK: call @mograph_sort_tiles
// CHECK: scf.while {{.*}} : (index, tensor<?xi64>, tensor<?xi64>)
// CHECK-COUNT-2: scf.forall
// CHECK: scf.while {{.*}} : (index, tensor<?xi64>, tensor<?xi64>)
// CHECK: scf.forall
// CHECK: scf.while
// CHECK: scf.forall
// CHECK: scf.while
mo.graph @distinct(%x: !mo.tensor<[n], si32>) -> !mo.tensor<[u], si32> {
  %0:4 = mo.unique %x : (!mo.tensor<[n], si32>) -> (!mo.tensor<[u], si32>, !mo.tensor<[u], si64>, !mo.tensor<[n], si64>, !mo.tensor<[u], si64>)
  mo.output %0#0 : !mo.tensor<[u], si32>
}

// In the order in which they come, they are numbered by another scan, which is searched, too.
// CHECK-LABEL: mogg.kernel private @unique_si32_1(
// CHECK: call @mograph_sort_tiles
// CHECK: scf.while {{.*}} : (index, tensor<?xi64>, tensor<?xi64>)
// CHECK-COUNT-2: scf.forall
// CHECK: scf.while {{.*}} : (index, tensor<?xi64>, tensor<?xi64>)
// CHECK: scf.forall
// CHECK: scf.forall
// CHECK: scf.while {{.*}} : (index, tensor<?xi64>, tensor<?xi64>)
// CHECK: scf.forall
mo.graph @unsorted(%x: !mo.tensor<[n], si32>) -> !mo.tensor<[u], si32> {
  %0:4 = mo.unique %x sorted = false : (!mo.tensor<[n], si32>) -> (!mo.tensor<[u], si32>, !mo.tensor<[u], si64>, !mo.tensor<[n], si64>, !mo.tensor<[u], si64>)
  mo.output %0#0 : !mo.tensor<[u], si32>
}
