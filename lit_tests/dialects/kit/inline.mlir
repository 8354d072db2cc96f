// RUN: mo-opt %s --inline | FileCheck %s

// A call becomes the called graph's operations; one with a prefix stays, since the prefix would be lost.

// CHECK-LABEL: mo.graph @main
// CHECK-NEXT: %[[E:.*]] = mo.exp %arg0
// CHECK-NEXT: %[[C:.*]] = mo.call @layer(%[[E]]) prefix = "a."
// CHECK-NEXT: mo.output %[[C]]
mo.graph @main(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.call @layer(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  %1 = mo.call @layer(%0) prefix = "a." : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output %1 : !mo.tensor<[n], f32>
}
mo.graph private @layer(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.exp %x : !mo.tensor<[n], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}
