// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --mo-deduplicate | FileCheck %s
// RUN: mo-opt %s -o /dev/null --mo-deduplicate --mlir-pass-statistics 2>&1 | FileCheck %s --check-prefix=STATISTICS

// STATISTICS: (S) 2 merged

// Graphs are equal where they differ in symbols, names of inputs and of dimensions; what is called counts by content.

// CHECK-LABEL: mo.graph @a(
// CHECK: mo.call @outer_a(%{{.+}}) prefix = "a." : (!mo.tensor<[n, 4], f32>)
mo.graph @a(%x: !mo.tensor<[n, 4], f32>) -> !mo.tensor<[n, 4], f32> {
  %0 = mo.call @outer_a(%x) prefix = "a." : (!mo.tensor<[n, 4], f32>) -> !mo.tensor<[n, 4], f32>
  mo.output %0 : !mo.tensor<[n, 4], f32>
}
// CHECK-LABEL: mo.graph @b(
// CHECK: mo.call @outer_a(%{{.+}}) prefix = "b." : (!mo.tensor<[2, 4], f32>)
mo.graph @b(%x: !mo.tensor<[2, 4], f32>) -> !mo.tensor<[2, 4], f32> {
  %0 = mo.call @outer_b(%x) prefix = "b." : (!mo.tensor<[2, 4], f32>) -> !mo.tensor<[2, 4], f32>
  mo.output %0 : !mo.tensor<[2, 4], f32>
}
// CHECK-LABEL: mo.graph private @outer_a(
// CHECK: mo.call @inner_a(
mo.graph private @outer_a(%x: !mo.tensor<[n, m], f32>) -> !mo.tensor<[n, m], f32> {
  %0 = mo.call @inner_a(%x) : (!mo.tensor<[n, m], f32>) -> !mo.tensor<[n, m], f32>
  mo.output %0 : !mo.tensor<[n, m], f32>
}
mo.graph private @outer_b(%x: !mo.tensor<[rows, cols], f32> {mo.name = "x"}) -> !mo.tensor<[rows, cols], f32> {
  %0 = mo.call @inner_b(%x) : (!mo.tensor<[rows, cols], f32>) -> !mo.tensor<[rows, cols], f32>
  mo.output %0 : !mo.tensor<[rows, cols], f32>
}
// CHECK-NOT: @outer_b(
// CHECK: mo.graph private @inner_a(
// CHECK-NOT: @inner_b(
// CHECK-NOT: @outer_b(
mo.graph private @inner_a(%x: !mo.tensor<[n, m], f32>) -> !mo.tensor<[n, m], f32> {
  %w = mo.constant.external "w" : !mo.tensor<[1], f32>
  %0 = mo.mul %x, %w : !mo.tensor<[n, m], f32>, !mo.tensor<[1], f32>
  mo.output %0 : !mo.tensor<[n, m], f32>
}
mo.graph private @inner_b(%x: !mo.tensor<[p, q], f32>) -> !mo.tensor<[p, q], f32> {
  %w = mo.constant.external "w" : !mo.tensor<[1], f32>
  %0 = mo.mul %x, %w : !mo.tensor<[p, q], f32>, !mo.tensor<[1], f32>
  mo.output %0 : !mo.tensor<[p, q], f32>
}
