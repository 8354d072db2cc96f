// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s

// A buffer is memory; what is loaded is a copy of it, which nothing else writes.
// CHECK-LABEL: mogg.program @load(
// CHECK-SAME: %[[B:[a-z0-9]*]]: memref<?x4xf32>) -> tensor<?x4xf32>
// CHECK-SAME: dims = ["n", 4], dtype = "f32", mutable, name = "b"
// CHECK: %[[COPY:.*]] = memref.alloc(%{{.*}}) : memref<?x4xf32>
// CHECK: linalg.generic {{.*}} ins(%[[B]] : memref<?x4xf32>) outs(%[[COPY]] : memref<?x4xf32>)
// CHECK: %[[T:.*]] = bufferization.to_tensor %[[COPY]] restrict writable
// CHECK: mogg.return %[[T]]
mo.graph @load(%b: !mo.buffer<[n, 4], f32> {mo.name = "b"}) -> !mo.tensor<[n, 4], f32> {
  %c = mo.chain.create
  %x, %d = mo.buffer.load %b, %c : !mo.buffer<[n, 4], f32>
  mo.output %x : !mo.tensor<[n, 4], f32>
}

// -----

// What is created is 0; a slice is a view.
// CHECK-LABEL: mogg.program @store(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?xf32>, %[[AT:[a-z0-9]*]]: tensor<1xi64>
// CHECK-SAME: -> memref<8xf32>
// CHECK: %[[NEW:.*]] = memref.alloc() : memref<8xf32>
// CHECK: linalg.generic {{.*}} outs(%[[NEW]] : memref<8xf32>) {
// CHECK: cf.assert %{{.*}}, "mo.buffer.store_slice: expected a start on axis 0 from where n elements in steps of 2 lie within 8, found another"
// CHECK: %[[PART:.*]] = memref.subview %[[NEW]][%{{.*}}] [%{{.*}}] [2] : memref<8xf32> to memref<?xf32, strided<[2], offset: ?>>
// CHECK: func.call @[[STORE:.*]](%[[X]], %[[PART]]) : (tensor<?xf32>, memref<?xf32, strided<[2], offset: ?>>) -> ()
// CHECK: mogg.return %[[NEW]] : memref<8xf32>
// CHECK: func.func private @[[STORE]](tensor<?xf32> {bufferization.access = "read"}, memref<?xf32, strided<[2], offset: ?>>) attributes {mogg.store}
mo.graph @store(%x: !mo.tensor<[n], f32>, %at: !mo.tensor<[1], si64>) -> !mo.buffer<[8], f32> {
  %c = mo.chain.create
  %b = mo.buffer.create : !mo.buffer<[8], f32>
  %d = mo.buffer.store_slice %x, %b[%at], %c steps = [2] : !mo.tensor<[n], f32>, !mo.buffer<[8], f32>, !mo.tensor<[1], si64>
  mo.output %b : !mo.buffer<[8], f32>
}

// -----

// A print is a call of a function that the target supplies.
// CHECK-LABEL: mogg.program @print(
// CHECK: func.call @[[PRINT:.*]](%{{.*}}) : (tensor<?xf32>) -> ()
// CHECK: func.func private @[[PRINT]](tensor<?xf32> {bufferization.access = "read"}) attributes {mogg.print = "f32 3 a label"}
mo.graph @print(%x: !mo.tensor<[n], f32>) {
  %c = mo.chain.create
  %d = mo.print %x, %c label = "a label" summarize = 3 : !mo.tensor<[n], f32>
  mo.output
}

// -----

// Launches are one after the other, each with its own names.
// CHECK-LABEL: mogg.program @parallel(
// CHECK: mogg.launch @exp_f32(
// CHECK: mogg.launch @exp_f32(
mo.graph @parallel(%x: !mo.tensor<[n], f32>, %y: !mo.tensor<[n], f32>) -> (!mo.tensor<[n], f32>, !mo.tensor<[n], f32>) {
  %0:2 = mo.parallel(%x, %y : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>) on [cpu, cpu] -> !mo.tensor<[n], f32>, !mo.tensor<[n], f32> {
  ^bb0(%v: !mo.tensor<[n], f32>):
    %w = mo.exp %v : !mo.tensor<[n], f32>
    mo.yield %w : !mo.tensor<[n], f32>
  }
  mo.output %0#0, %0#1 : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
}
