// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// CHECK-LABEL: mo.graph @choose
mo.graph @choose(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[n], f32>) -> (!mo.tensor<[n], f32>, !mo.tensor<[], i1>) {
  // CHECK: %[[R:[^ :]+]]:2 = mo.if %{{[^ ]+}} -> !mo.tensor<[n], f32>, !mo.tensor<[], i1> {
  %0:2 = mo.if %c -> !mo.tensor<[n], f32>, !mo.tensor<[], i1> {
    %1 = mo.negative %x : !mo.tensor<[n], f32>
    // CHECK: mo.yield %{{[^ ]+}}, %{{[^ ]+}} : !mo.tensor<[n], f32>, !mo.tensor<[], i1>
    mo.yield %1, %c : !mo.tensor<[n], f32>, !mo.tensor<[], i1>
  // CHECK: } else {
  } else {
    mo.yield %x, %c : !mo.tensor<[n], f32>, !mo.tensor<[], i1>
  }
  // CHECK: mo.if %{{[^ ]+}} {
  // CHECK-NEXT: mo.yield
  // CHECK-NEXT: }{{$}}
  mo.if %c {
    mo.yield
  }
  // CHECK: mo.output %[[R]]#0, %[[R]]#1
  mo.output %0#0, %0#1 : !mo.tensor<[n], f32>, !mo.tensor<[], i1>
}

// A name of the result stands for the extent of whichever region ran.

// CHECK-LABEL: mo.graph @extents
mo.graph @extents(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[n, 2], f32>) -> !mo.tensor<[a, 2], f32> {
  %three = mo.constant 3.0 : !mo.tensor<[3, 2], f32>
  // CHECK: mo.if %{{[^ ]+}} -> !mo.tensor<[a, 2], f32> {
  %0 = mo.if %c -> !mo.tensor<[a, 2], f32> {
    // CHECK-NEXT: mo.yield %{{[^ ]+}} : !mo.tensor<[n, 2], f32>
    mo.yield %x : !mo.tensor<[n, 2], f32>
  } else {
    // CHECK: mo.yield %{{[^ ]+}} : !mo.tensor<[3, 2], f32>
    mo.yield %three : !mo.tensor<[3, 2], f32>
  }
  mo.output %0 : !mo.tensor<[a, 2], f32>
}
