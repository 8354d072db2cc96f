// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks | FileCheck %s
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks | FileCheck %s

// Of a weight that is now one part and now another, the panels of all parts are prepared: each product starts from those
// of its part, which are as far from each other as all panels divided by the parts.
// CHECK: module attributes {mograph.prepared = {parts = array<i64: [[SIZE:[0-9]+]]>}}
// CHECK-LABEL: func.func @parts(
// CHECK-SAME: memref<4x512x960xf32> {mogg.weight}, %[[PANELS:[^ :]+]]: memref<[[SIZE]]xi8>)
// CHECK: scf.for %[[I:[^ ]+]] =
// CHECK: %[[CAST:.*]] = builtin.unrealized_conversion_cast %[[PANELS]]
// CHECK: %[[START:.*]] = llvm.extractvalue %[[CAST]][1]
// CHECK: %[[NUMBER:.*]] = arith.index_cast %[[I]]
// CHECK: %[[AT:.*]] = arith.muli %[[NUMBER]], %c491520_i64
// CHECK: llvm.getelementptr %[[START]][%[[AT]]] : (!llvm.ptr, i64) -> !llvm.ptr, f32
// CHECK: call @mograph_parallel
func.func @parts(%a: tensor<64x512xf32>, %w: tensor<4x512x960xf32> {mogg.weight}) -> tensor<64x960xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<64x960xf32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<64x960xf32>) -> tensor<64x960xf32>
  %r = scf.for %g = %c0 to %c4 step %c1 iter_args(%sum = %i) -> (tensor<64x960xf32>) {
    %part = tensor.extract_slice %w[%g, 0, 0] [1, 512, 960] [1, 1, 1] : tensor<4x512x960xf32> to tensor<512x960xf32>
    %p = linalg.matmul ins(%a, %part : tensor<64x512xf32>, tensor<512x960xf32>) outs(%sum : tensor<64x960xf32>) -> tensor<64x960xf32>
    scf.yield %p : tensor<64x960xf32>
  }
  return %r : tensor<64x960xf32>
}

// Other slices are copied in each call.
// CHECK-LABEL: func.func @slices(
// CHECK-SAME: memref<1024x960xf32> {mogg.weight}, %{{[^ :]+}}: index) -> memref<64x960xf32>
func.func @slices(%a: tensor<64x512xf32>, %w: tensor<1024x960xf32> {mogg.weight}, %n: index) -> tensor<64x960xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<64x960xf32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<64x960xf32>) -> tensor<64x960xf32>
  %part = tensor.extract_slice %w[%n, 0] [512, 960] [1, 1] : tensor<1024x960xf32> to tensor<512x960xf32>
  %p = linalg.matmul ins(%a, %part : tensor<64x512xf32>, tensor<512x960xf32>) outs(%i : tensor<64x960xf32>) -> tensor<64x960xf32>
  return %p : tensor<64x960xf32>
}
