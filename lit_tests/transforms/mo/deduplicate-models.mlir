// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo-deduplicate{models})' | FileCheck %s
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo-deduplicate{models})' -o %t
// RUN: mo-opt %t --pass-pipeline='builtin.module(mo-deduplicate{models})' -o %t.again && cmp %t %t.again

// Models of equal bodies share a private graph; their inputs keep their names.

// CHECK: mo.graph @a(%[[X:.+]]: !mo.tensor<[n], f32> {mo.name = "x"})
// CHECK-NEXT: %[[Y:.+]] = mo.call @a_body(%[[X]]) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
// CHECK-NEXT: mo.output %[[Y]]
mo.graph @a(%x: !mo.tensor<[n], f32> {mo.name = "x"}) -> !mo.tensor<[n], f32> {
  %0 = mo.exp %x : !mo.tensor<[n], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}
// CHECK: mo.graph @b(%[[X:.+]]: !mo.tensor<[m], f32> {mo.name = "y"})
// CHECK-NEXT: %[[Y:.+]] = mo.call @a_body(%[[X]]) : (!mo.tensor<[m], f32>) -> !mo.tensor<[m], f32>
mo.graph @b(%x: !mo.tensor<[m], f32> {mo.name = "y"}) -> !mo.tensor<[m], f32> {
  %0 = mo.exp %x : !mo.tensor<[m], f32>
  mo.output %0 : !mo.tensor<[m], f32>
}
// CHECK: mo.graph @c(
// CHECK-NEXT: mo.log
mo.graph @c(%x: !mo.tensor<[m], f32>) -> !mo.tensor<[m], f32> {
  %0 = mo.log %x : !mo.tensor<[m], f32>
  mo.output %0 : !mo.tensor<[m], f32>
}
// CHECK: mo.graph private @a_body(
// CHECK: mo.exp
