// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s

// Products of one shape are one kernel; what differs in a number is not.
// CHECK-LABEL: func.func @products
// CHECK: constant @[[KERNEL:kernel_[0-9]+]]
// CHECK: call @mograph_parallel
// CHECK: constant @[[KERNEL]] :
// CHECK: call @mograph_parallel
// CHECK-NOT: constant @[[KERNEL]] :
// CHECK: constant @[[OTHER:kernel_[0-9]+]]
// CHECK: call @mograph_parallel
// CHECK: func.func private @[[KERNEL]](
// CHECK: func.func private @[[OTHER]](
// CHECK-NOT: func.func
func.func @products(%a: tensor<256x256xf32>, %b: tensor<256x256xf32>, %c: tensor<256x128xf32>)
    -> (tensor<256x256xf32>, tensor<256x128xf32>) {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<256x256xf32>
  %0 = linalg.fill ins(%z : f32) outs(%e : tensor<256x256xf32>) -> tensor<256x256xf32>
  %1 = linalg.matmul ins(%a, %b : tensor<256x256xf32>, tensor<256x256xf32>) outs(%0 : tensor<256x256xf32>) -> tensor<256x256xf32>
  %2 = linalg.matmul ins(%1, %b : tensor<256x256xf32>, tensor<256x256xf32>) outs(%0 : tensor<256x256xf32>) -> tensor<256x256xf32>
  %f = tensor.empty() : tensor<256x128xf32>
  %3 = linalg.fill ins(%z : f32) outs(%f : tensor<256x128xf32>) -> tensor<256x128xf32>
  %4 = linalg.matmul ins(%2, %c : tensor<256x256xf32>, tensor<256x128xf32>) outs(%3 : tensor<256x128xf32>) -> tensor<256x128xf32>
  return %2, %4 : tensor<256x256xf32>, tensor<256x128xf32>
}
