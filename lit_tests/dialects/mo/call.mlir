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

// Names of the called graph stand for extents of the caller; one that only its results have is new there.

// CHECK-LABEL: mo.graph @renamed
mo.graph @renamed(%x: !mo.tensor<[2, a], f32>, %y: !mo.tensor<[a * 3, a], f32>) {
  // CHECK: mo.call @square(%{{[^ ]+}}) : (!mo.tensor<[2, a], f32>) -> (!mo.tensor<[a * 2], f32>, !mo.tensor<[p], f32>)
  %0:2 = mo.call @square(%x) : (!mo.tensor<[2, a], f32>) -> (!mo.tensor<[a * 2], f32>, !mo.tensor<[p], f32>)
  // CHECK: mo.call @square(%{{[^ ]+}}) : (!mo.tensor<[a * 3, a], f32>) -> (!mo.tensor<[a * a * 3], f32>, !mo.tensor<[q], f32>)
  %1:2 = mo.call @square(%y) : (!mo.tensor<[a * 3, a], f32>) -> (!mo.tensor<[a * a * 3], f32>, !mo.tensor<[q], f32>)
  mo.output
}
mo.graph private @square(%x: !mo.tensor<[m, n], f32>) -> (!mo.tensor<[m * n], f32>, !mo.tensor<[k], f32>) {
  %0 = mo.reshape %x : !mo.tensor<[m, n], f32> to !mo.tensor<[m * n], f32>
  %1 = mo.rebind %0 : !mo.tensor<[m * n], f32> to !mo.tensor<[k], f32>
  mo.output %0, %1 : !mo.tensor<[m * n], f32>, !mo.tensor<[k], f32>
}
