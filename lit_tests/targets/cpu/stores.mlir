// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until copies | FileCheck %s

// What is stored twice is read twice: nothing is computed in its place in between. What is stored and not used otherwise
// is computed in the buffer.
// CHECK-NOT: @store
// CHECK-LABEL: func.func @twice
// CHECK-SAME: %[[X:[^:]*]]: memref<?xf32>, %[[TO:[^:]*]]: memref<?xf32>
// CHECK: linalg.generic {{.*}} ins(%[[X]] : {{.*}}) outs(%[[Y:[a-z_0-9]*]] :
// CHECK: linalg.generic {{.*}} ins(%[[Y]] : {{.*}}) outs(%[[TO]] :
// CHECK: linalg.generic {{.*}} ins(%[[Y]] : {{.*}}) outs(%[[TO]] :
// CHECK-NEXT: ^bb0
// CHECK-NEXT: arith.negf
// CHECK: linalg.generic {{.*}} ins(%[[Y]] : {{.*}}) outs(%[[TO]] :
// CHECK-NOT: linalg.generic
// CHECK: return
func.func private @store(tensor<?xf32> {bufferization.access = "read"}, memref<?xf32>) attributes {mogg.store}
func.func @twice(%x: tensor<?xf32>, %to: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  %e = tensor.empty(%n) : tensor<?xf32>
  %y = linalg.exp ins(%x : tensor<?xf32>) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  call @store(%y, %to) : (tensor<?xf32>, memref<?xf32>) -> ()
  %z = linalg.negf ins(%y : tensor<?xf32>) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  call @store(%z, %to) : (tensor<?xf32>, memref<?xf32>) -> ()
  call @store(%y, %to) : (tensor<?xf32>, memref<?xf32>) -> ()
  return
}
