// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo,mogg-to-linalg)' -o %t.mlir
// RUN: %python -m mograph.targets.cpu %t.mlir --until copies | FileCheck %s

// A step on a buffer in place: nothing is copied.
// CHECK-LABEL: func.func @step
// CHECK-SAME: %[[B:[a-z0-9]+]]: memref<4x16xf32>, %[[X:[a-z0-9]+]]: memref<4x16xf32>
// CHECK: linalg.generic {{.*}} ins(%[[B]], %[[X]] : {{.*}}) outs(%[[B]] :
// CHECK: linalg.generic {{.*}} ins(%[[B]], %[[X]] : {{.*}}) outs(%[[Y:[a-z_0-9]*]] :
// CHECK-NOT: linalg.generic
// CHECK: return %[[Y]]
mo.graph @step(%b: !mo.buffer<[4, 16], f32>, %x: !mo.tensor<[4, 16], f32>) -> !mo.tensor<[4, 16], f32> {
  %c = mo.chain.create
  %v, %c1 = mo.buffer.load %b, %c : !mo.buffer<[4, 16], f32>
  %w = mo.add %v, %x : !mo.tensor<[4, 16], f32>
  %c2 = mo.buffer.store %w, %b, %c1 : !mo.tensor<[4, 16], f32>, !mo.buffer<[4, 16], f32>
  %y = mo.mul %w, %x : !mo.tensor<[4, 16], f32>
  mo.output %y : !mo.tensor<[4, 16], f32>
}

// What is read after the buffer has changed was copied before.
// CHECK-LABEL: func.func @before
// CHECK-SAME: %[[B:[a-z0-9]+]]: memref<16xf32>, %[[X:[a-z0-9]+]]: memref<16xf32>
// CHECK: linalg.generic {{.*}} ins(%[[B]] : {{.*}}) outs(%[[OLD:[a-z_0-9]*]] :
// CHECK: linalg.generic {{.*}} ins(%[[X]] : {{.*}}) outs(%[[B]] :
// CHECK: linalg.generic {{.*}} ins(%[[OLD]], %[[X]] :
mo.graph @before(%b: !mo.buffer<[16], f32>, %x: !mo.tensor<[16], f32>) -> !mo.tensor<[16], f32> {
  %c = mo.chain.create
  %v, %c1 = mo.buffer.load %b, %c : !mo.buffer<[16], f32>
  %c2 = mo.buffer.store %x, %b, %c1 : !mo.tensor<[16], f32>, !mo.buffer<[16], f32>
  %w = mo.add %v, %x : !mo.tensor<[16], f32>
  mo.output %w : !mo.tensor<[16], f32>
}

// Nothing is in the buffer if a check before the store fails.
// CHECK-LABEL: func.func @checked
// CHECK-SAME: %[[B:[a-z0-9]+]]: memref<16xf32>
// CHECK: linalg.generic {{.*}} outs(%[[NEW:[a-z_0-9]*]] :
// CHECK: cf.assert
// CHECK: linalg.generic {{.*}} ins(%[[NEW]] : {{.*}}) outs(%[[B]] :
mo.graph @checked(%b: !mo.buffer<[16], f32>, %x: !mo.tensor<[16], f32>, %p: !mo.tensor<[], i1>) {
  %c = mo.chain.create
  %w = mo.exp %x : !mo.tensor<[16], f32>
  %d = mo.print %w, %c label = "w" : !mo.tensor<[16], f32>
  %c1 = mo.assert %p, "no", %d
  %c2 = mo.buffer.store %w, %b, %c1 : !mo.tensor<[16], f32>, !mo.buffer<[16], f32>
  mo.output
}
