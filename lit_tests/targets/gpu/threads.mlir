// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.gpu %s --until kernels | FileCheck %s
// RUN: not %python -m mograph.targets.gpu %S/Inputs/failing-rows.mlir --until kernels 2>&1 | FileCheck %s --check-prefix=FAILS
// FAILS: cf.assert in code of a thread: threads call nothing and do not fail

// A trip of a forall is a thread's, of 64 in a block; what the trips need besides is a part of one buffer.
// CHECK-LABEL: func.func @rows(
// CHECK: memref.alloc({{.*}}) {alignment = 64 : i64} : memref<?xi8>
// CHECK: call @mograph_device_launch(
// CHECK-NOT: scf.forall
// CHECK-LABEL: func.func @elements(
// CHECK-NOT: scf.for
// CHECK: call @mograph_device_launch(
// CHECK-LABEL: gpu.func @rows_0(
// CHECK-SAME: known_block_size = array<i32: 64, 1, 1>
// CHECK: scf.if
// CHECK: memref.store {{.*}} : memref<?xf32, {{.*}}1
// CHECK-LABEL: gpu.func @loop_1(
// CHECK-SAME: known_block_size = array<i32: 1, 1, 1>
// CHECK: scf.for
func.func @rows(%x: memref<?x?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = memref.dim %x, %c0 : memref<?x?xf32>
  %n = memref.dim %x, %c1 : memref<?x?xf32>
  scf.forall (%i) in (%m) {
    %own = memref.alloc(%n) : memref<?xf32>
    scf.for %j = %c0 to %n step %c1 {
      %v = memref.load %x[%i, %j] : memref<?x?xf32>
      memref.store %v, %own[%j] : memref<?xf32>
    }
    scf.for %j = %c1 to %n step %c1 {
      %before = arith.subi %j, %c1 : index
      %v = memref.load %own[%before] : memref<?xf32>
      memref.store %v, %x[%i, %j] : memref<?x?xf32>
    }
    memref.dealloc %own : memref<?xf32>
  }
  return
}

// A loop of the host over single elements is one thread's; what it carries out of it goes by memory.
func.func @elements(%x: memref<?xf32>, %found: memref<index>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %n = memref.dim %x, %c0 : memref<?xf32>
  %count = scf.for %i = %c0 to %n step %c1 iter_args(%sum = %c0) -> index {
    %v = memref.load %x[%i] : memref<?xf32>
    %more = arith.cmpf ogt, %v, %zero : f32
    %next = arith.addi %sum, %c1 : index
    %new = arith.select %more, %next, %sum : index
    scf.yield %new : index
  }
  memref.store %count, %found[] : memref<index>
  return
}
