// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --loop-invariant-code-motion | FileCheck %s

// What no trip changes leaves the loop; an assertion on a shape, which might fail where no trip is made, stays.

// CHECK-LABEL: mo.graph @loop(
// CHECK: %[[E:[^ ]+]] = mo.exp
// CHECK: mo.while
// CHECK: } do {
// CHECK: %[[R:[^ ]+]] = mo.rebind
// CHECK: mo.add %{{[^ ]+}}, %[[E]]
// CHECK: mo.add %{{[^ ]+}}, %[[R]]
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
    %e = mo.exp %x : !mo.tensor<[2], f32>
    %r = mo.rebind %z : !mo.tensor<[m], f32> to !mo.tensor<[2], f32>
    %u = mo.add %v, %e : !mo.tensor<[2], f32>
    %w = mo.add %u, %r : !mo.tensor<[2], f32>
    mo.yield %next, %t, %w : !mo.tensor<[], si32>, !mo.tensor<[], si32>, !mo.tensor<[2], f32>
  }
  %double = mo.add %s, %s : !mo.tensor<[], si32>
  mo.output %double, %y : !mo.tensor<[], si32>, !mo.tensor<[2], f32>
}
