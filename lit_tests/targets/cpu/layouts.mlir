// RUN: %python -m mograph.targets.cpu %s --until bufferize | FileCheck %s

// A view with strides of its own is copied where it leaves the function.
// CHECK-LABEL: func.func @view
// CHECK-SAME: (%[[X:.*]]: memref<?x?xf32>, %[[N:.*]]: index)
// CHECK: %[[VIEW:.*]] = memref.subview %[[X]]
// CHECK: %[[COPY:.*]] = memref.alloc(%{{.*}}, %{{.*}}) {alignment = 64 : i64} : memref<?x?xf32>
// CHECK: memref.copy %[[VIEW]], %[[COPY]]
// CHECK: return %[[COPY]]
func.func @view(%x: tensor<?x?xf32>, %n: index) -> tensor<?x?xf32> {
  %r = tensor.extract_slice %x[0, 0] [%n, %n] [1, 1] : tensor<?x?xf32> to tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}
