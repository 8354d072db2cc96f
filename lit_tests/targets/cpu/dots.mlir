// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s --check-prefixes=CHECK,V512
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks | FileCheck %s --check-prefixes=CHECK,V256
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --no-fma | FileCheck %s --check-prefixes=CHECK,SSE
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --features neon | FileCheck %s --check-prefixes=CHECK,V128

// Rows by one vector: eight of them at a time, then those that are left.
// CHECK: func.func @rows(
// CHECK: call @mograph_parallel
// CHECK: func.func private @kernel_0(
// V512: scf.for
// V512-COUNT-8: math.fma {{.*}} : vector<16xf32>
// V512-NEXT: scf.yield
// V512-COUNT-8: vector.reduction <add>, {{.*}} : vector<16xf32> into f32
// V256-COUNT-8: math.fma {{.*}} : vector<8xf32>
// V256-NEXT: scf.yield
// V256-COUNT-8: vector.reduction <add>, {{.*}} : vector<8xf32> into f32
// V128-COUNT-8: math.fma {{.*}} : vector<4xf32>
// V128-NEXT: scf.yield
// V128-COUNT-8: vector.reduction <add>, {{.*}} : vector<4xf32> into f32
// SSE-COUNT-8: arith.addf {{.*}} : vector<4xf32>
// SSE-NEXT: scf.yield
// SSE-COUNT-8: vector.reduction <add>, {{.*}} : vector<4xf32> into f32
func.func @rows(%x: tensor<1024xf32>, %w: tensor<4000x1024xf32>) -> tensor<4000xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4000xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<4000xf32>) -> tensor<4000xf32>
  %r = linalg.matvec ins(%w, %x : tensor<4000x1024xf32>, tensor<1024xf32>) outs(%i : tensor<4000xf32>) -> tensor<4000xf32>
  return %r : tensor<4000xf32>
}
