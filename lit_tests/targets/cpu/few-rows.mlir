// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s

// One row by a large matrix: eight rows of the matrix pass by at a time, and the result is not in registers for longer.
// CHECK-LABEL: func.func @vector(
// CHECK: call @mograph_parallel
// CHECK: func.func private @kernel_0(
// CHECK: llvm.intr.prefetch
// CHECK-COUNT-8: math.fma {{.*}} : vector<32xf32>
// CHECK-NEXT: llvm.store {{.*}} : vector<32xf32>
func.func @vector(%a: tensor<1x4096xf32>, %b: tensor<4096x4096xf32>, %c: tensor<1x4096xf32>) -> tensor<1x4096xf32> {
  %r = linalg.matmul ins(%a, %b : tensor<1x4096xf32>, tensor<4096x4096xf32>) outs(%c : tensor<1x4096xf32>) -> tensor<1x4096xf32>
  return %r : tensor<1x4096xf32>
}
