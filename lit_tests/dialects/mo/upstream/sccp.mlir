// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --sccp | FileCheck %s

// The carried 7 is 7 in every trip and after the last: its double is known.

// CHECK-LABEL: mo.graph @loop(
// CHECK: %[[R:[^ ]+]] = mo.constant 14 : !mo.tensor<[], si32>
// CHECK: mo.while
// CHECK: mo.output %[[R]]
mo.graph @loop(%x: !mo.tensor<[2], f32>, %z: !mo.tensor<[m], f32>) -> (!mo.tensor<[], si32>, !mo.tensor<[2], f32>) {
  %zero = mo.constant 0 : !mo.tensor<[], si32>
  %one = mo.constant 1 : !mo.tensor<[], si32>
  %seven = mo.constant 7 : !mo.tensor<[], si32>
  %i, %s, %y = mo.while(%zero, %seven, %x : !mo.tensor<[], si32>, !mo.tensor<[], si32>, !mo.tensor<[2], f32>) -> !mo.tensor<[], si32>, !mo.tensor<[], si32>, !mo.tensor<[2], f32> {
  ^bb0(%k: !mo.tensor<[], si32>, %t: !mo.tensor<[], si32>, %v: !mo.tensor<[2], f32>):
    %more = mo.less %k, %seven : !mo.tensor<[], si32>
    mo.condition %more, %k, %t, %v : !mo.tensor<[], si32>, !mo.tensor<[], si32>, !mo.tensor<[2], f32>
  } do {
  ^bb0(%k: !mo.tensor<[], si32>, %t: !mo.tensor<[], si32>, %v: !mo.tensor<[2], f32>):
    %next = mo.add %k, %one : !mo.tensor<[], si32>
    %w = mo.add %v, %x : !mo.tensor<[2], f32>
    mo.yield %next, %t, %w : !mo.tensor<[], si32>, !mo.tensor<[], si32>, !mo.tensor<[2], f32>
  }
  %double = mo.add %s, %s : !mo.tensor<[], si32>
  mo.output %double, %y : !mo.tensor<[], si32>, !mo.tensor<[2], f32>
}
