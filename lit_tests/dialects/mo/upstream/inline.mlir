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
