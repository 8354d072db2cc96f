// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// One graph for several layers: the prefix goes before the names of its weights.

// CHECK-LABEL: mo.graph @model
mo.graph @model(%x: !mo.tensor<[n, 4], f32>) -> !mo.tensor<[n, 4], f32> {
  // CHECK: %[[A:[^ ]+]] = mo.call @layer(%{{[^ ]+}}) prefix = "layers.0." : (!mo.tensor<[n, 4], f32>) -> !mo.tensor<[n, 4], f32>
  %0 = mo.call @layer(%x) prefix = "layers.0." : (!mo.tensor<[n, 4], f32>) -> !mo.tensor<[n, 4], f32>
  // CHECK: mo.call @layer(%[[A]]) : (!mo.tensor<[n, 4], f32>) -> !mo.tensor<[n, 4], f32>
  %1 = mo.call @layer(%0) : (!mo.tensor<[n, 4], f32>) -> !mo.tensor<[n, 4], f32>
  // CHECK: mo.call @nothing() : () -> ()
  mo.call @nothing() : () -> ()
  mo.output %1 : !mo.tensor<[n, 4], f32>
}
mo.graph private @layer(%x: !mo.tensor<[n, 4], f32>) -> !mo.tensor<[n, 4], f32> {
  %w = mo.constant.external "w" : !mo.tensor<[4], f32>
  %0 = mo.mul %x, %w : !mo.tensor<[n, 4], f32>, !mo.tensor<[4], f32>
  mo.output %0 : !mo.tensor<[n, 4], f32>
}
mo.graph private @nothing() {
  mo.output
}
