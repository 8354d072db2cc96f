// RUN: mo-opt %s --symbol-dce | FileCheck %s

// A private graph that nothing calls goes, with those that only it calls.

// CHECK: mo.graph @main
// CHECK-NOT: @unused
// CHECK: mo.graph private @used
// CHECK-NOT: @unused
mo.graph @main(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.call @used(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}
mo.graph private @unused_caller(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.call @unused(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}
mo.graph private @used(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  mo.output %x : !mo.tensor<[n], f32>
}
mo.graph private @unused(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  mo.output %x : !mo.tensor<[n], f32>
}
