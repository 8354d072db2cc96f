// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --symbol-dce | FileCheck %s

// Private graphs that nothing calls go.

// CHECK: mo.graph @model
mo.graph @model(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.call @used(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}
// CHECK: mo.graph private @used
mo.graph private @used(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  mo.output %x : !mo.tensor<[n], f32>
}
// CHECK-NOT: @unused
mo.graph private @unused(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.call @used(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}
