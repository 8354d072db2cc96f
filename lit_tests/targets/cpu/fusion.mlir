// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until fuse | FileCheck %s

// What a product of matrices would compute anew for each column is computed once, before it.
// CHECK-LABEL: func.func @activation
// CHECK: %[[T:.*]] = linalg.generic
// CHECK: math.tanh
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]} ins(%[[T]],
func.func @activation(%x: tensor<?x64xf32>, %w: tensor<64x32xf32>, %c: tensor<?x32xf32>) -> tensor<?x32xf32> {
  %t = math.tanh %x : tensor<?x64xf32>
  %r = linalg.matmul ins(%t, %w : tensor<?x64xf32>, tensor<64x32xf32>) outs(%c : tensor<?x32xf32>) -> tensor<?x32xf32>
  return %r : tensor<?x32xf32>
}

// A row is read once, and so is a matrix by a product with one row.
// CHECK-LABEL: func.func @once
// CHECK-NOT: linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]}
// CHECK: math.tanh
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]}
// CHECK: math.exp
// CHECK: return
func.func @once(%x: tensor<1x64xf32>, %w: tensor<64x32xf32>, %c: tensor<1x32xf32>, %y: tensor<?x8xf32>, %d: tensor<?xf32>) -> (tensor<1x32xf32>, tensor<?xf32>) {
  %t = math.tanh %w : tensor<64x32xf32>
  %r = linalg.matmul ins(%x, %t : tensor<1x64xf32>, tensor<64x32xf32>) outs(%c : tensor<1x32xf32>) -> tensor<1x32xf32>
  %e = math.exp %y : tensor<?x8xf32>
  %s = linalg.reduce { arith.addf } ins(%e : tensor<?x8xf32>) outs(%d : tensor<?xf32>) dimensions = [1]
  return %r, %s : tensor<1x32xf32>, tensor<?xf32>
}

// Conversions cost nothing worth keeping, and what follows a product is computed on its result.
// CHECK-LABEL: func.func @conversion
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]} ins(%{{.*}}, %{{.*}} : tensor<?x64xf16>, tensor<64x32xf32>)
// CHECK: arith.extf
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]}
// CHECK: math.tanh
func.func @conversion(%x: tensor<?x64xf16>, %w: tensor<64x32xf32>, %c: tensor<?x32xf32>) -> tensor<?x32xf32> {
  %t = arith.extf %x : tensor<?x64xf16> to tensor<?x64xf32>
  %r = linalg.matmul ins(%t, %w : tensor<?x64xf32>, tensor<64x32xf32>) outs(%c : tensor<?x32xf32>) -> tensor<?x32xf32>
  %a = math.tanh %r : tensor<?x32xf32>
  return %a : tensor<?x32xf32>
}

// Two products that start from zeros each have theirs right before them.
// CHECK-LABEL: func.func @fills
// CHECK: %[[A:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]} outs(
// CHECK: %[[X:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]} {{.*}} outs(%[[A]] :
// CHECK: %[[B:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]} outs(
// CHECK: %[[Y:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]} {{.*}} outs(%[[B]] :
// CHECK: return %[[X]], %[[Y]]
func.func @fills(%x: tensor<8x64xf32>, %v: tensor<64x32xf32>, %w: tensor<64x32xf32>) -> (tensor<8x32xf32>, tensor<8x32xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x32xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x32xf32>) -> tensor<8x32xf32>
  %r = linalg.matmul ins(%x, %v : tensor<8x64xf32>, tensor<64x32xf32>) outs(%f : tensor<8x32xf32>) -> tensor<8x32xf32>
  %s = linalg.matmul ins(%x, %w : tensor<8x64xf32>, tensor<64x32xf32>) outs(%f : tensor<8x32xf32>) -> tensor<8x32xf32>
  return %r, %s : tensor<8x32xf32>, tensor<8x32xf32>
}

// A fill that is a result, or read, stays besides.
// CHECK-LABEL: func.func @kept
// CHECK: %[[A:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]} outs(
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]} outs(
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]}
// CHECK: return %{{.*}}, %[[A]]
func.func @kept(%x: tensor<8x64xf32>, %v: tensor<64x32xf32>) -> (tensor<8x32xf32>, tensor<8x32xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x32xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x32xf32>) -> tensor<8x32xf32>
  %r = linalg.matmul ins(%x, %v : tensor<8x64xf32>, tensor<64x32xf32>) outs(%f : tensor<8x32xf32>) -> tensor<8x32xf32>
  return %r, %f : tensor<8x32xf32>, tensor<8x32xf32>
}

// Slices of what is only put in another order are read where that came from.
// CHECK-LABEL: func.func @slices
// CHECK-DAG: %[[A:.*]] = tensor.extract_slice %arg0[0, 0] [8, 2] [1, 1] : tensor<8x4xf32> to tensor<8x2xf32>
// CHECK-DAG: %[[B:.*]] = tensor.extract_slice %arg0[0, 2] [8, 2] [1, 1] : tensor<8x4xf32> to tensor<8x2xf32>
// CHECK: linalg.generic {{.*}} ins(%[[A]], %[[B]] : tensor<8x2xf32>, tensor<8x2xf32>) outs(%{{.*}} : tensor<2x8xf32>)
// CHECK-NEXT: ^bb0
// CHECK-NEXT: arith.mulf
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @slices(%x: tensor<8x4xf32>) -> tensor<2x8xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %t = linalg.transpose ins(%x : tensor<8x4xf32>) outs(%e : tensor<4x8xf32>) permutation = [1, 0]
  %a = tensor.extract_slice %t[0, 0] [2, 8] [1, 1] : tensor<4x8xf32> to tensor<2x8xf32>
  %b = tensor.extract_slice %t[2, 0] [2, 8] [1, 1] : tensor<4x8xf32> to tensor<2x8xf32>
  %r = arith.mulf %a, %b : tensor<2x8xf32>
  return %r : tensor<2x8xf32>
}

// Slices of what is computed are not: it would be computed anew for each.
// CHECK-LABEL: func.func @computed
// CHECK: math.exp
// CHECK: tensor.extract_slice
// CHECK: tensor.extract_slice
// CHECK: arith.mulf
func.func @computed(%x: tensor<4x8xf32>) -> tensor<2x8xf32> {
  %t = math.exp %x : tensor<4x8xf32>
  %a = tensor.extract_slice %t[0, 0] [2, 8] [1, 1] : tensor<4x8xf32> to tensor<2x8xf32>
  %b = tensor.extract_slice %t[1, 0] [2, 8] [1, 1] : tensor<4x8xf32> to tensor<2x8xf32>
  %r = arith.mulf %a, %b : tensor<2x8xf32>
  return %r : tensor<2x8xf32>
}
