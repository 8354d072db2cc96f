// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// CHECK-LABEL: mo.graph @effects
mo.graph @effects(%x: !mo.tensor<[n], f32>, %p: !mo.tensor<[], i1>, %b: !mo.buffer<[n], f32>) {
  %c = mo.chain.create
  // CHECK: mo.print %[[X:[^ ]+]], %[[C:[^ ]+]] : !mo.tensor<[n], f32>
  %c1 = mo.print %x, %c : !mo.tensor<[n], f32>
  // CHECK: mo.print %[[X]], %{{[^ ]+}} label = "x" summarize = 3 : !mo.tensor<[n], f32>
  %c2 = mo.print %x, %c1 label = "x" summarize = 3 : !mo.tensor<[n], f32>
  // CHECK: mo.assert %[[P:[^ ]+]], "no chain"
  mo.assert %p, "no chain"
  // CHECK: %[[A:.*]] = mo.assert %[[P]], "in order", %{{[^ ]+}}
  %c3 = mo.assert %p, "in order", %c2
  // CHECK: %[[T:.*]]:2 = mo.transfer %[[X]] to gpu:0, %[[A]] : !mo.tensor<[n], f32>
  %y, %c4 = mo.transfer %x to gpu:0, %c3 : !mo.tensor<[n], f32>
  // CHECK: mo.transfer %{{[^ ]+}} to gpu:1, %[[T]]#1 : !mo.buffer<[n], f32>
  %d, %c5 = mo.transfer %b to gpu:1, %c4 : !mo.buffer<[n], f32>
  // CHECK: mo.negative %[[T]]#0 : !mo.tensor<[n], f32, gpu:0>
  %z = mo.negative %y : !mo.tensor<[n], f32, gpu:0>
  mo.output
}

// CHECK-LABEL: mo.graph @sequence
mo.graph @sequence(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[k], f32> {
  // CHECK: %[[S:.*]] = mo.sequence stream = 2 -> !mo.tensor<[k], f32> {
  %0 = mo.sequence stream = 2 -> !mo.tensor<[k], f32> {
    // CHECK-NEXT: mo.yield %{{[^ ]+}} : !mo.tensor<[n], f32>
    mo.yield %x : !mo.tensor<[n], f32>
  }
  // CHECK: mo.sequence {
  // CHECK-NEXT: mo.yield
  // CHECK-NEXT: } attributes {test.note}
  mo.sequence {
    mo.yield
  } attributes {test.note}
  // CHECK: mo.output %[[S]]
  mo.output %0 : !mo.tensor<[k], f32>
}

// CHECK-LABEL: mo.graph @parallel
mo.graph @parallel(%x: !mo.tensor<[n], f32, gpu:0>, %y: !mo.tensor<[n], f32, gpu:1>, %c: !mo.chain, %d: !mo.chain) {
  // CHECK: mo.parallel(%{{[^ ]+}}, %{{[^ ]+}}, %{{[^ ]+}}, %{{[^ ]+}} : !mo.tensor<[n], f32, gpu:0>, !mo.tensor<[n], f32, gpu:1>, !mo.chain, !mo.chain) on [gpu:0, gpu:1] -> !mo.tensor<[n], f32, gpu:0>, !mo.tensor<[n], f32, gpu:1> {
  %0:2 = mo.parallel(%x, %y, %c, %d : !mo.tensor<[n], f32, gpu:0>, !mo.tensor<[n], f32, gpu:1>, !mo.chain, !mo.chain) on [gpu:0, gpu:1]
      -> !mo.tensor<[n], f32, gpu:0>, !mo.tensor<[n], f32, gpu:1> {
  // CHECK-NEXT: ^bb0(%[[V:[^ ]+]]: !mo.tensor<[n], f32, gpu:0>, %{{[^ ]+}}: !mo.chain):
  ^bb0(%v: !mo.tensor<[n], f32, gpu:0>, %e: !mo.chain):
    // CHECK: mo.yield %{{[^ ]+}} : !mo.tensor<[n], f32, gpu:0>
    %w = mo.exp %v : !mo.tensor<[n], f32, gpu:0>
    mo.yield %w : !mo.tensor<[n], f32, gpu:0>
  }
  // CHECK: mo.parallel on [cpu] {
  // CHECK-NEXT: mo.yield
  mo.parallel on [cpu] {
    mo.yield
  }
  mo.output
}
