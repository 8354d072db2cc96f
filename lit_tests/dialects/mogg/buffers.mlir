// RUN: mo-opt %s | mo-opt | FileCheck %s
// RUN: mo-opt %s --mlir-print-op-generic | mo-opt | FileCheck %s

// A program on buffers: memory, copies, views that share memory, and streams.

// CHECK-LABEL: mogg.program @copies(
// CHECK-SAME: %[[X:.*]]: memref<?x8xf32>, %[[N:.*]]: index)
mogg.program @copies(%x: memref<?x8xf32>, %n: index) {
  // CHECK: %[[A:.*]] = mogg.alloc(%[[N]]) : memref<?x8xf32>
  %a = mogg.alloc(%n) : memref<?x8xf32>
  // CHECK: mogg.copy %[[X]] to %[[A]] : memref<?x8xf32> to memref<?x8xf32>
  mogg.copy %x to %a : memref<?x8xf32> to memref<?x8xf32>
  // CHECK: %[[B:.*]] = mogg.alloc() {alignment = 128 : i64, device = "gpu:0"} : memref<4x8xf32>
  %b = mogg.alloc() {alignment = 128 : i64, device = "gpu:0"} : memref<4x8xf32>
  // CHECK: %[[V:.*]] = mogg.view %[[A]][%[[N]]] {offsets = array<i64: -9223372036854775808, 0>, sizes = array<i64: 4, 8>, strides = array<i64: 1, 1>} : memref<?x8xf32> to memref<4x8xf32, strided<[8, 1], offset: ?>>
  %v = mogg.view %a[%n] {offsets = array<i64: -9223372036854775808, 0>, sizes = array<i64: 4, 8>, strides = array<i64: 1, 1>} : memref<?x8xf32> to memref<4x8xf32, strided<[8, 1], offset: ?>>
  // CHECK: mogg.copy %[[V]] to %[[B]] {stream = 1 : i64}
  mogg.copy %v to %b {stream = 1 : i64} : memref<4x8xf32, strided<[8, 1], offset: ?>> to memref<4x8xf32>
  // CHECK: %[[E:.*]] = mogg.event.record {device = "gpu:0", stream = 1 : i64}
  %e = mogg.event.record {device = "gpu:0", stream = 1 : i64}
  // CHECK: mogg.event.wait %[[E]] {device = "gpu:0", stream = 2 : i64}
  mogg.event.wait %e {device = "gpu:0", stream = 2 : i64}
  // CHECK: mogg.synchronize {device = "gpu:0", stream = 2 : i64}
  mogg.synchronize {device = "gpu:0", stream = 2 : i64}
  // CHECK: mogg.dealloc %[[B]] : memref<4x8xf32>
  mogg.dealloc %b : memref<4x8xf32>
  mogg.dealloc %a : memref<?x8xf32>
  mogg.return
}
