// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s --check-prefixes=CHECK,V4
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks | FileCheck %s --check-prefixes=CHECK,V3
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks | FileCheck %s --check-prefixes=CHECK,V2
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --features neon | FileCheck %s --check-prefixes=CHECK,NEON

// Tiles of a large product ask for the rows of A and C that the next strip has, once in a trip of some steps. They do
// not ask for lines of B, which so many tiles use that it stays in the second cache: the fewer loads there are beside
// arithmetic, the higher are clocks. Tiles are 64, 16, 8 and 16 columns wide.
// CHECK-LABEL: func.func private @kernel_0(
// CHECK: scf.for {{.*}} step %{{.*}} iter_args(
// CHECK: llvm.intr.prefetch{{.*}}cache = 1 : i32, hint = 2 : i32
// CHECK: llvm.intr.prefetch{{.*}}cache = 1 : i32, hint = 2 : i32
// CHECK-NOT: hint = 3 : i32
// V4-COUNT-40: math.fma {{.*}} : vector<16xf32>
// V3-COUNT-40: math.fma {{.*}} : vector<8xf32>
// V2-COUNT-40: math.fma {{.*}} : vector<4xf32>
// NEON-COUNT-40: math.fma {{.*}} : vector<4xf32>
// CHECK-NEXT: scf.yield
func.func @large(%a: tensor<1024x1024xf32>, %b: tensor<1024x1024xf32>) -> tensor<1024x1024xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1024x1024xf32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<1024x1024xf32>) -> tensor<1024x1024xf32>
  %r = linalg.matmul ins(%a, %b : tensor<1024x1024xf32>, tensor<1024x1024xf32>) outs(%i : tensor<1024x1024xf32>) -> tensor<1024x1024xf32>
  return %r : tensor<1024x1024xf32>
}

// A small one does not ask for A and C: they are near, and its code is short. It asks for lines of B that are
// read some steps later.
// CHECK-LABEL: func.func private @kernel_1(
// CHECK-NOT: hint = 2 : i32
// CHECK: scf.for {{.*}} step %{{.*}} iter_args(
// CHECK: llvm.intr.prefetch{{.*}}hint = 3 : i32
// V4-COUNT-16: math.fma {{.*}} : vector<16xf32>
// V3-COUNT-12: math.fma {{.*}} : vector<8xf32>
// V2-COUNT-12: math.fma {{.*}} : vector<4xf32>
// NEON-COUNT-16: math.fma {{.*}} : vector<4xf32>
// CHECK-NEXT: scf.yield
func.func @small(%a: tensor<256x256xf32>, %b: tensor<256x256xf32>) -> tensor<256x256xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<256x256xf32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<256x256xf32>) -> tensor<256x256xf32>
  %r = linalg.matmul ins(%a, %b : tensor<256x256xf32>, tensor<256x256xf32>) outs(%i : tensor<256x256xf32>) -> tensor<256x256xf32>
  return %r : tensor<256x256xf32>
}
