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

// Only the region that a known condition chooses has a say.
// CHECK-LABEL: mo.graph @known_if
// CHECK: %[[SEVEN:.*]] = mo.constant 7 : !mo.tensor<[], si32>
// CHECK: mo.output %[[SEVEN]]
mo.graph @known_if() -> !mo.tensor<[], si32> {
  %true = mo.constant true : !mo.tensor<[], i1>
  %0 = mo.if %true -> !mo.tensor<[], si32> {
    %seven = mo.constant 7 : !mo.tensor<[], si32>
    mo.yield %seven : !mo.tensor<[], si32>
  } else {
    %eight = mo.constant 8 : !mo.tensor<[], si32>
    mo.yield %eight : !mo.tensor<[], si32>
  }
  mo.output %0 : !mo.tensor<[], si32>
}

// CHECK-LABEL: mo.graph @unknown_if
// CHECK: %[[R:.*]] = mo.if
// CHECK: mo.output %[[R]]
mo.graph @unknown_if(%c: !mo.tensor<[], i1>) -> !mo.tensor<[], si32> {
  %0 = mo.if %c -> !mo.tensor<[], si32> {
    %seven = mo.constant 7 : !mo.tensor<[], si32>
    mo.yield %seven : !mo.tensor<[], si32>
  } else {
    %eight = mo.constant 8 : !mo.tensor<[], si32>
    mo.yield %eight : !mo.tensor<[], si32>
  }
  mo.output %0 : !mo.tensor<[], si32>
}
