// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --inline | FileCheck %s

// Calls are replaced by what they call, but for those with a prefix, which the names of weights would need.

// CHECK-LABEL: mo.graph @model(
// CHECK: %[[E:[^ ]+]] = mo.exp
// CHECK: %[[C:[^ ]+]] = mo.call @layer(%[[E]]) prefix = "layers.1."
// CHECK: mo.output %[[C]]
mo.graph @model(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.call @sub(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  %1 = mo.call @layer(%0) prefix = "layers.1." : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output %1 : !mo.tensor<[n], f32>
}
// CHECK-NOT: @sub
mo.graph private @sub(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.exp %x : !mo.tensor<[n], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}
// CHECK: mo.graph private @layer
mo.graph private @layer(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %w = mo.constant.external "w" : !mo.tensor<[1], f32>
  %0 = mo.mul %x, %w : !mo.tensor<[n], f32>, !mo.tensor<[1], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}

// A body that binds a name stays a body: in two places the name would stand for two extents. So does one that is called with other
// extents than it declares.

// CHECK-LABEL: mo.graph @names(
// CHECK: mo.call @halves
// CHECK: mo.call @halves
// CHECK: mo.call @other
mo.graph @names(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[m], f32>)
    -> (!mo.tensor<[a, 2], f32>, !mo.tensor<[b, 2], f32>, !mo.tensor<[m], f32>) {
  %0 = mo.call @halves(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[a, 2], f32>
  %1 = mo.call @halves(%y) : (!mo.tensor<[m], f32>) -> !mo.tensor<[b, 2], f32>
  %2 = mo.call @other(%y) : (!mo.tensor<[m], f32>) -> !mo.tensor<[m], f32>
  mo.output %0, %1, %2 : !mo.tensor<[a, 2], f32>, !mo.tensor<[b, 2], f32>, !mo.tensor<[m], f32>
}
mo.graph private @halves(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[k, 2], f32> {
  %0 = mo.reshape %x : !mo.tensor<[n], f32> to !mo.tensor<[k, 2], f32>
  mo.output %0 : !mo.tensor<[k, 2], f32>
}
mo.graph private @other(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.exp %x : !mo.tensor<[n], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}

// The same types on both sides, but the name k is bound inside.
// CHECK-LABEL: mo.graph @inside(
// CHECK: mo.call @sum
mo.graph @inside(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[], f32> {
  %0 = mo.call @sum(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[], f32>
  mo.output %0 : !mo.tensor<[], f32>
}
mo.graph private @sum(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[], f32> {
  %0 = mo.reshape %x : !mo.tensor<[n], f32> to !mo.tensor<[k, 2], f32>
  %1 = mo.reduce.add %0 : !mo.tensor<[k, 2], f32>
  mo.output %1 : !mo.tensor<[], f32>
}
