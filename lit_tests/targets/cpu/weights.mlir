// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s

// Panels of a weight are an argument of their own, which another function fills; what is no weight is copied in each
// call. The sizes are whole panels.
// CHECK: module attributes {mograph.prepared = {layer = array<i64: [[SIZE:[0-9]+]]>, model = array<i64: [[SIZE]], [[SIZE]]>}}
// CHECK-LABEL: func.func @layer(
// CHECK-SAME: memref<512x1000xf32> {mogg.weight}, %[[PANELS:[^ :]+]]: memref<[[SIZE]]xi8>)
// CHECK: builtin.unrealized_conversion_cast %[[PANELS]]
// CHECK: call @mograph_parallel
func.func @layer(%a: tensor<1024x512xf32>, %w: tensor<512x1000xf32> {mogg.weight}) -> tensor<1024x1000xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1024x1000xf32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<1024x1000xf32>) -> tensor<1024x1000xf32>
  %r = linalg.matmul ins(%a, %w : tensor<1024x512xf32>, tensor<512x1000xf32>) outs(%i : tensor<1024x1000xf32>) -> tensor<1024x1000xf32>
  return %r : tensor<1024x1000xf32>
}

// Calls hand on what their callee asks for: once for the same weights, and nothing where an operand is no weight.
// CHECK-LABEL: func.func @model(
// CHECK-SAME: %[[ONE:[^ :]+]]: memref<[[SIZE]]xi8>, %[[TWO:[^ :]+]]: memref<[[SIZE]]xi8>)
// CHECK: call @inner({{.*}}, %[[ONE]])
// CHECK: call @inner({{.*}}, %[[TWO]])
// CHECK: call @inner({{.*}}, %[[ONE]])
// CHECK: call @any({{[^)]*}}) : (memref<1024x512xf32>, memref<512x1000xf32>) -> memref<1024x1000xf32>
func.func @model(%a: tensor<1024x512xf32>, %v: tensor<512x1000xf32> {mogg.weight}, %w: tensor<512x1000xf32> {mogg.weight}, %x: tensor<512x1000xf32>)
    -> (tensor<1024x1000xf32>, tensor<1024x1000xf32>, tensor<1024x1000xf32>, tensor<1024x1000xf32>, tensor<1024x1000xf32>) {
  %0 = call @inner(%a, %v) : (tensor<1024x512xf32>, tensor<512x1000xf32>) -> tensor<1024x1000xf32>
  %1 = call @inner(%a, %w) : (tensor<1024x512xf32>, tensor<512x1000xf32>) -> tensor<1024x1000xf32>
  %2 = call @inner(%a, %v) : (tensor<1024x512xf32>, tensor<512x1000xf32>) -> tensor<1024x1000xf32>
  %3 = call @any(%a, %v) : (tensor<1024x512xf32>, tensor<512x1000xf32>) -> tensor<1024x1000xf32>
  %4 = call @any(%a, %x) : (tensor<1024x512xf32>, tensor<512x1000xf32>) -> tensor<1024x1000xf32>
  return %0, %1, %2, %3, %4 : tensor<1024x1000xf32>, tensor<1024x1000xf32>, tensor<1024x1000xf32>, tensor<1024x1000xf32>, tensor<1024x1000xf32>
}

func.func private @inner(%a: tensor<1024x512xf32>, %w: tensor<512x1000xf32>) -> tensor<1024x1000xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1024x1000xf32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<1024x1000xf32>) -> tensor<1024x1000xf32>
  %r = linalg.matmul ins(%a, %w : tensor<1024x512xf32>, tensor<512x1000xf32>) outs(%i : tensor<1024x1000xf32>) -> tensor<1024x1000xf32>
  return %r : tensor<1024x1000xf32>
}

func.func private @any(%a: tensor<1024x512xf32>, %w: tensor<512x1000xf32>) -> tensor<1024x1000xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1024x1000xf32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<1024x1000xf32>) -> tensor<1024x1000xf32>
  %r = linalg.matmul ins(%a, %w : tensor<1024x512xf32>, tensor<512x1000xf32>) outs(%i : tensor<1024x1000xf32>) -> tensor<1024x1000xf32>
  return %r : tensor<1024x1000xf32>
}

// CHECK: func.func @mograph.prepare.layer(%{{.*}}: memref<512x1000xf32>, %{{.*}}: memref<[[SIZE]]xi8>)
// CHECK: call @mograph_parallel
// CHECK: func.func @mograph.prepare.model(
// CHECK-COUNT-2: call @mograph.prepare.{{[a-z]+}}(
