// RUN: %python -m mograph.targets.cpu %s --until bufferize | FileCheck %s

// What would be changed in place is copied where it is the caller's, and changed where it is not.
// CHECK-LABEL: func.func @update
// CHECK-SAME: (%[[X:.*]]: memref<4xf32{{.*}}>, %[[I:.*]]: index)
// CHECK: %[[COPY:.*]] = memref.alloc()
// CHECK: memref.copy %[[X]], %[[COPY]]
// CHECK: memref.store %{{.*}}, %[[COPY]][%[[I]]]
func.func @update(%x: tensor<4xf32>, %i: index) -> tensor<4xf32> {
  %c = arith.constant 1.0 : f32
  %r = tensor.insert %c into %x[%i] : tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK-LABEL: func.func @own
// CHECK-COUNT-1: memref.alloc()
// CHECK-NOT: memref.copy
// CHECK: return
func.func @own(%x: f32, %i: index) -> tensor<4xf32> {
  %c = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<4xf32>
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %r = tensor.insert %c into %f[%i] : tensor<4xf32>
  return %r : tensor<4xf32>
}
