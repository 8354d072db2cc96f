// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --remove-dead-values --mo-remove-dead-values | FileCheck %s

// A carried value that nothing reads goes, and so do the callee's argument and result that no caller needs.

// CHECK-LABEL: mo.graph @loop(
// CHECK: mo.while(%{{[^ ,]+}} : !mo.tensor<[2], f32>) -> !mo.tensor<[2], f32> {
// CHECK: mo.call @sub(%{{[^ ,]+}}) : (!mo.tensor<[2], f32>) -> !mo.tensor<[2], f32>
mo.graph @loop(%x: !mo.tensor<[2], f32>, %c: !mo.tensor<[], i1>) -> !mo.tensor<[2], f32> {
  %dead, %y = mo.while(%x, %x : !mo.tensor<[2], f32>, !mo.tensor<[2], f32>) -> !mo.tensor<[2], f32>, !mo.tensor<[2], f32> {
  ^bb0(%d: !mo.tensor<[2], f32>, %v: !mo.tensor<[2], f32>):
    mo.condition %c, %d, %v : !mo.tensor<[2], f32>, !mo.tensor<[2], f32>
  } do {
  ^bb0(%d: !mo.tensor<[2], f32>, %v: !mo.tensor<[2], f32>):
    %e = mo.exp %d : !mo.tensor<[2], f32>
    %w = mo.sin %v : !mo.tensor<[2], f32>
    mo.yield %e, %w : !mo.tensor<[2], f32>, !mo.tensor<[2], f32>
  }
  %r:2 = mo.call @sub(%y, %c) : (!mo.tensor<[2], f32>, !mo.tensor<[], i1>) -> (!mo.tensor<[2], f32>, !mo.tensor<[], i1>)
  mo.output %r#0 : !mo.tensor<[2], f32>
}
// CHECK-LABEL: mo.graph private @sub(
// CHECK-NOT: i1
// CHECK: mo.output %{{[^ ,]+}} : !mo.tensor<[2], f32>
mo.graph private @sub(%x: !mo.tensor<[2], f32>, %c: !mo.tensor<[], i1>) -> (!mo.tensor<[2], f32>, !mo.tensor<[], i1>) {
  %0 = mo.exp %x : !mo.tensor<[2], f32>
  %1 = mo.not %c : !mo.tensor<[], i1>
  mo.output %0, %1 : !mo.tensor<[2], f32>, !mo.tensor<[], i1>
}
