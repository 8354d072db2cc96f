// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What effects and chains say is what upstream's passes go by.
// RUN: mo-opt %s --canonicalize --cse --loop-invariant-code-motion --split-input-file | FileCheck %s

// What nobody reads goes; what is written, printed or asserted stays.
// CHECK-LABEL: mo.graph @dead
// CHECK-NEXT: %[[C:.*]] = mo.chain.create
// CHECK-NEXT: mo.buffer.store %{{.*}}, %{{.*}}, %[[C]]
// CHECK-NEXT: mo.print %{{.*}}, %[[C]]
// CHECK-NEXT: mo.assert
// CHECK-NEXT: mo.output
mo.graph @dead(%b: !mo.buffer<[n], f32>, %x: !mo.tensor<[n], f32>, %p: !mo.tensor<[], i1>) {
  %c = mo.chain.create
  %0, %c1 = mo.buffer.load %b, %c : !mo.buffer<[n], f32>
  %new = mo.buffer.create : !mo.buffer<[n], f32>
  %t, %c2 = mo.transfer %x to gpu:0, %c : !mo.tensor<[n], f32>
  %c3 = mo.buffer.store %x, %b, %c : !mo.tensor<[n], f32>, !mo.buffer<[n], f32>
  %c4 = mo.print %x, %c : !mo.tensor<[n], f32>
  mo.assert %p, "stays"
  mo.output
}

// -----

// Two loads are one while nothing is stored in between.
// CHECK-LABEL: mo.graph @loads
// CHECK: %[[L:.*]]:2 = mo.buffer.load
// CHECK-NEXT: %[[S:.*]] = mo.buffer.store
// CHECK-NEXT: %[[M:.*]]:2 = mo.buffer.load
// CHECK-NEXT: mo.output %[[L]]#0, %[[L]]#0, %[[M]]#0
mo.graph @loads(%b: !mo.buffer<[n], f32>, %x: !mo.tensor<[n], f32>, %c: !mo.chain)
    -> (!mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>) {
  %0, %c1 = mo.buffer.load %b, %c : !mo.buffer<[n], f32>
  %1, %c2 = mo.buffer.load %b, %c : !mo.buffer<[n], f32>
  %c3 = mo.buffer.store %x, %b, %c2 : !mo.tensor<[n], f32>, !mo.buffer<[n], f32>
  %2, %c4 = mo.buffer.load %b, %c : !mo.buffer<[n], f32>
  mo.output %0, %1, %2 : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
}

// -----

// Two buffers are two, and two lines are two.
// CHECK-LABEL: mo.graph @twice
// CHECK: mo.buffer.create
// CHECK-NEXT: mo.buffer.create
// CHECK-NEXT: mo.print
// CHECK-NEXT: mo.print
mo.graph @twice(%x: !mo.tensor<[n], f32>, %c: !mo.chain) -> (!mo.buffer<[2], f32>, !mo.buffer<[2], f32>) {
  %0 = mo.buffer.create : !mo.buffer<[2], f32>
  %1 = mo.buffer.create : !mo.buffer<[2], f32>
  %c1 = mo.print %x, %c : !mo.tensor<[n], f32>
  %c2 = mo.print %x, %c : !mo.tensor<[n], f32>
  mo.output %0, %1 : !mo.buffer<[2], f32>, !mo.buffer<[2], f32>
}

// -----

// A loop reads what it writes, and transfers what it reads: neither leaves it.
// CHECK-LABEL: mo.graph @loop
// CHECK: } do {
// CHECK: mo.buffer.load
// CHECK: mo.transfer
// CHECK: mo.assert
// CHECK: mo.buffer.store
mo.graph @loop(%b: !mo.buffer<[n], f32>, %x: !mo.tensor<[n], f32>, %p: !mo.tensor<[], i1>, %c: !mo.chain) {
  %d = mo.while(%c : !mo.chain) -> !mo.chain {
  ^bb0(%e: !mo.chain):
    mo.condition %p, %e : !mo.chain
  } do {
  ^bb0(%e: !mo.chain):
    %0, %c1 = mo.buffer.load %b, %c : !mo.buffer<[n], f32>
    %1, %c2 = mo.transfer %x to cpu, %c : !mo.tensor<[n], f32>
    mo.assert %p, "each time"
    %2 = mo.add %0, %1 : !mo.tensor<[n], f32>
    %c3 = mo.buffer.store %2, %b, %c1 : !mo.tensor<[n], f32>, !mo.buffer<[n], f32>
    mo.yield %c3 : !mo.chain
  }
  mo.output
}

// -----

// A region without effects that nothing uses goes, one with effects stays.
// CHECK-LABEL: mo.graph @regions
// CHECK-NOT: mo.sequence stream = 1
// CHECK: mo.sequence stream = 2
// CHECK-NOT: on [gpu:1]
// CHECK: mo.parallel on [gpu:2]
mo.graph @regions(%x: !mo.tensor<[n], f32>, %c: !mo.chain) {
  %0 = mo.sequence stream = 1 -> !mo.tensor<[n], f32> {
    %1 = mo.exp %x : !mo.tensor<[n], f32>
    mo.yield %1 : !mo.tensor<[n], f32>
  }
  mo.sequence stream = 2 {
    %c1 = mo.print %x, %c : !mo.tensor<[n], f32>
    mo.yield
  }
  %2 = mo.parallel on [gpu:1] -> !mo.tensor<[n], f32> {
    %1 = mo.exp %x : !mo.tensor<[n], f32>
    mo.yield %1 : !mo.tensor<[n], f32>
  }
  mo.parallel on [gpu:2] {
    %c1 = mo.print %x, %c : !mo.tensor<[n], f32>
    mo.yield
  }
  mo.output
}
