// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --mo-deduplicate -o %t && mo-opt %s -o %t.before && cmp %t.before %t

// What is not merged: public graphs, and graphs that differ in an operand, an attribute, a type, a weight, a constant,
// in which dimensions are the same, or in what they call.

mo.graph @public(%x: !mo.tensor<[n, n], f32>) -> !mo.tensor<[n, n], f32> {
  %0 = mo.sub %x, %x : !mo.tensor<[n, n], f32>, !mo.tensor<[n, n], f32>
  mo.output %0 : !mo.tensor<[n, n], f32>
}
mo.graph @public_too(%x: !mo.tensor<[n, n], f32>) -> !mo.tensor<[n, n], f32> {
  %0 = mo.sub %x, %x : !mo.tensor<[n, n], f32>, !mo.tensor<[n, n], f32>
  mo.output %0 : !mo.tensor<[n, n], f32>
}
mo.graph private @left(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.sub %x, %y : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}
mo.graph private @right(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.sub %y, %x : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}
mo.graph private @square(%x: !mo.tensor<[n, n], f32>) -> !mo.tensor<[n, n], f32> {
  mo.output %x : !mo.tensor<[n, n], f32>
}
mo.graph private @rectangle(%x: !mo.tensor<[n, m], f32>) -> !mo.tensor<[n, m], f32> {
  mo.output %x : !mo.tensor<[n, m], f32>
}
mo.graph private @double(%x: !mo.tensor<[n, m], f64>) -> !mo.tensor<[n, m], f64> {
  mo.output %x : !mo.tensor<[n, m], f64>
}
mo.graph private @w() -> !mo.tensor<[1], f32> {
  %w = mo.constant.external "w" : !mo.tensor<[1], f32>
  mo.output %w : !mo.tensor<[1], f32>
}
mo.graph private @v() -> !mo.tensor<[1], f32> {
  %w = mo.constant.external "v" : !mo.tensor<[1], f32>
  mo.output %w : !mo.tensor<[1], f32>
}
mo.graph private @one() -> !mo.tensor<[1], f32> {
  %w = mo.constant 1.0 : !mo.tensor<[1], f32>
  mo.output %w : !mo.tensor<[1], f32>
}
mo.graph private @calls_w() -> !mo.tensor<[1], f32> {
  %0 = mo.call @w() : () -> !mo.tensor<[1], f32>
  mo.output %0 : !mo.tensor<[1], f32>
}
mo.graph private @calls_v() -> !mo.tensor<[1], f32> {
  %0 = mo.call @v() : () -> !mo.tensor<[1], f32>
  mo.output %0 : !mo.tensor<[1], f32>
}
mo.graph private @calls_w_prefixed() -> !mo.tensor<[1], f32> {
  %0 = mo.call @w() prefix = "a." : () -> !mo.tensor<[1], f32>
  mo.output %0 : !mo.tensor<[1], f32>
}
