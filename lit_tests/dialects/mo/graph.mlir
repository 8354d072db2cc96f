// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Functions over tensors: public ones are models.

// CHECK-LABEL: mo.graph @model(%{{[^ ]+}}: !mo.tensor<[n, 4], f32> {mo.name = "x"})
// CHECK-SAME: -> (!mo.tensor<[n, 4], f32> {mo.name = "y"}, !mo.tensor<[], f32>) attributes {mo.seed = 7 : i64}
mo.graph @model(%x: !mo.tensor<[n, 4], f32> {mo.name = "x"})
    -> (!mo.tensor<[n, 4], f32> {mo.name = "y"}, !mo.tensor<[], f32>) attributes {mo.seed = 7 : i64} {
  // CHECK: %[[SUM:[^ ]+]] = mo.reduce.add
  %0 = mo.reduce.add %x : !mo.tensor<[n, 4], f32>
  // CHECK: mo.output %{{[^ ]+}}, %[[SUM]] : !mo.tensor<[n, 4], f32>, !mo.tensor<[], f32>
  mo.output %x, %0 : !mo.tensor<[n, 4], f32>, !mo.tensor<[], f32>
}

// CHECK-LABEL: mo.graph private @nothing() {
mo.graph private @nothing() {
  // CHECK-NEXT: mo.output{{$}}
  mo.output
}
