// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s

// A size of a result that depends on extents is checked; one that is known is not.
// CHECK-LABEL: func.func @sizes
// CHECK: %[[N:.*]] = arith.sitofp
// CHECK: %[[BYTES:.*]] = arith.mulf %{{.*}}, %[[N]] : f64
// CHECK: %[[BEYOND:.*]] = arith.cmpf oge, %[[BYTES]], %{{.*}} : f64
// CHECK: scf.if %[[BEYOND]]
// CHECK: memref.alloc(%{{.*}}) : memref<?xi8>
// CHECK: memref.alloc(
// CHECK-NOT: arith.sitofp
// CHECK: call @use_known
func.func private @use(tensor<?x8xf32>)
func.func private @use_known(tensor<8xf32>)
func.func @sizes(%n: index, %x: f32) -> tensor<?x8xf32> {
  %a = tensor.empty(%n) : tensor<?x8xf32>
  func.call @use(%a) : (tensor<?x8xf32>) -> ()
  %c = tensor.empty() : tensor<8xf32>
  func.call @use_known(%c) : (tensor<8xf32>) -> ()
  return %a : tensor<?x8xf32>
}
