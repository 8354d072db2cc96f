// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --canonicalize | FileCheck %s

// Constants fold through the references.

// CHECK-LABEL: mo.graph @all(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant 10 : !mo.tensor<[], si32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @all() -> !mo.tensor<[], si32> {
  %a = mo.constant dense<[[1, 2], [3, 4]]> : !mo.tensor<[2, 2], si32>
  %r = mo.reduce.add %a : !mo.tensor<[2, 2], si32>
  mo.output %r : !mo.tensor<[], si32>
}

// CHECK-LABEL: mo.graph @axes(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant dense<[3, 8]> : !mo.tensor<[2], si32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @axes() -> !mo.tensor<[2], si32> {
  %a = mo.constant dense<[[1, 2], [3, 4]]> : !mo.tensor<[2, 2], si32>
  %r = mo.reduce.mul %a axes = [0] : !mo.tensor<[2, 2], si32>
  mo.output %r : !mo.tensor<[2], si32>
}

// CHECK-LABEL: mo.graph @keepdims(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant dense<{{\[\[}}2], [4]]> : !mo.tensor<[2, 1], si32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @keepdims() -> !mo.tensor<[2, 1], si32> {
  %a = mo.constant dense<[[1, 2], [3, 4]]> : !mo.tensor<[2, 2], si32>
  %r = mo.reduce.max %a axes = [-1] keepdims : !mo.tensor<[2, 2], si32>
  mo.output %r : !mo.tensor<[2, 1], si32>
}

// CHECK-LABEL: mo.graph @position(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant 0 : !mo.tensor<[2], si64>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @position() -> !mo.tensor<[2], si64> {
  %a = mo.constant dense<[[1, 2], [3, 4]]> : !mo.tensor<[2, 2], si32>
  %r = mo.reduce.arg_min %a axis = 1 : !mo.tensor<[2, 2], si32>
  mo.output %r : !mo.tensor<[2], si64>
}

// CHECK-LABEL: mo.graph @any(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant true : !mo.tensor<[], i1>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @any() -> !mo.tensor<[], i1> {
  %a = mo.constant dense<[true, false]> : !mo.tensor<[2], i1>
  %r = mo.reduce.any %a : !mo.tensor<[2], i1>
  mo.output %r : !mo.tensor<[], i1>
}

// CHECK-LABEL: mo.graph @mean(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant 1.500000e+00 : !mo.tensor<[], f32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @mean() -> !mo.tensor<[], f32> {
  %a = mo.constant dense<[1.0, 2.0]> : !mo.tensor<[2], f32>
  %r = mo.reduce.mean %a : !mo.tensor<[2], f32>
  mo.output %r : !mo.tensor<[], f32>
}

// CHECK-LABEL: mo.graph @mean_of_nothing(
// CHECK-NEXT: %[[R:[^ ]+]] = mo.constant 0x{{7|F}}FC00000 : !mo.tensor<[], f32>
// CHECK-NEXT: mo.output %[[R]]
mo.graph @mean_of_nothing() -> !mo.tensor<[], f32> {
  %a = mo.constant dense<> : !mo.tensor<[0], f32>
  %r = mo.reduce.mean %a : !mo.tensor<[0], f32>
  mo.output %r : !mo.tensor<[], f32>
}
