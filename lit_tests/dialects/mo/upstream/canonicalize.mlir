// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --canonicalize | FileCheck %s

// Dead operations go, a draw and a loop of pure operations among them; an unused assertion of a shape too.

// CHECK-LABEL: mo.graph @dead(
// CHECK-NEXT: mo.output
mo.graph @dead(%x: !mo.tensor<[n], f32>, %m: !mo.tensor<[], f32>, %seed: !mo.tensor<[], si64>, %c: !mo.tensor<[], i1>) {
  %0 = mo.softmax %x : !mo.tensor<[n], f32>
  %1 = mo.static.random.normal %m, %m, %seed : (!mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>) -> !mo.tensor<[4, 4], f32>
  %2 = mo.rebind %x : !mo.tensor<[n], f32> to !mo.tensor<[4], f32>
  %3 = mo.chain.create
  %4 = mo.constant.external "w" : !mo.tensor<[4], f32>
  %5 = mo.if %c -> !mo.tensor<[n], f32> {
    mo.yield %x : !mo.tensor<[n], f32>
  } else {
    %6 = mo.exp %x : !mo.tensor<[n], f32>
    mo.yield %6 : !mo.tensor<[n], f32>
  }
  mo.output
}
