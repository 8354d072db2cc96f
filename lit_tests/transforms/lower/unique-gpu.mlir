// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo{target=opencl})' | FileCheck %s

// The elements are sorted by a network, and those that differ from the one before are counted by a scan. Where each
// number starts, and which number each element has, is searched for.
// CHECK-LABEL: mogg.kernel private @unique_si32(
// CHECK: scf.while {{.*}} : (index, index, tensor<?xi32>, tensor<?xi64>, tensor<?xi32>, tensor<?xi64>)
// CHECK: arith.xori
// CHECK: scf.while {{.*}} : (index, tensor<?xi64>, tensor<?xi64>)
// CHECK: scf.forall
// CHECK: scf.while
// CHECK: scf.forall
// CHECK: scf.while
// CHECK-NOT: scf.for %
mo.graph @distinct(%x: !mo.tensor<[n], si32>) -> !mo.tensor<[u], si32> {
  %0:4 = mo.unique %x : (!mo.tensor<[n], si32>) -> (!mo.tensor<[u], si32>, !mo.tensor<[u], si64>, !mo.tensor<[n], si64>, !mo.tensor<[u], si64>)
  mo.output %0#0 : !mo.tensor<[u], si32>
}


// In the order in which they come, they are numbered by another scan, which is searched, too: nothing goes through all of
// them one by one.
// CHECK-LABEL: mogg.kernel private @unique_si32_1(
// CHECK: arith.xori
// CHECK: scf.while {{.*}} : (index, tensor<?xi64>, tensor<?xi64>)
// CHECK: scf.forall
// CHECK: scf.forall
// CHECK: scf.while {{.*}} : (index, tensor<?xi64>, tensor<?xi64>)
// CHECK: scf.forall
// CHECK-NOT: scf.for %
mo.graph @unsorted(%x: !mo.tensor<[n], si32>) -> !mo.tensor<[u], si32> {
  %0:4 = mo.unique %x sorted = false : (!mo.tensor<[n], si32>) -> (!mo.tensor<[u], si32>, !mo.tensor<[u], si64>, !mo.tensor<[n], si64>, !mo.tensor<[u], si64>)
  mo.output %0#0 : !mo.tensor<[u], si32>
}
