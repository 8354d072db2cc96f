// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks | FileCheck %s --check-prefix=EACH
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --no-fma | FileCheck %s --check-prefix=V1
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --features neon | FileCheck %s --check-prefix=NEON

// All elements under a window are gone through without loops, with the result in registers: from the value that fills it
// to what is computed of it. What is left of a row is masked, or goes one by one where there are no masks.
#x = affine_map<(c, p, q, i, j) -> (c, p + i, q + j)>
#x2 = affine_map<(c, p, q, i, j) -> (c, p * 2 + i, q * 2 + j)>
#w = affine_map<(c, p, q, i, j) -> (c, i, j)>
#y = affine_map<(c, p, q, i, j) -> (c, p, q)>
#t = affine_map<(c, p, q, i, j) -> (i, j)>
#e = affine_map<(c, p, q) -> (c, p, q)>
#b = affine_map<(c, p, q) -> (c)>

// CHECK-LABEL: func.func private @kernel_0(
// CHECK: scf.for
// CHECK: scf.for
// CHECK-NOT: scf.for
// CHECK-COUNT-6: math.fma {{.*}} : vector<32xf32>
// CHECK: arith.addf {{.*}} : vector<32xf32>
// CHECK: arith.maximumf {{.*}} : vector<32xf32>
// CHECK: llvm.intr.masked.store
// CHECK-NOT: store
// CHECK: return
// EACH-LABEL: func.func private @kernel_0(
// EACH-COUNT-6: math.fma {{.*}} : vector<8xf32>
// EACH: llvm.store {{.*}} : vector<8xf32>
// EACH: scf.for
// EACH-COUNT-6: math.fma {{.*}} : f32
// EACH: llvm.store {{.*}} : f32
// V1-LABEL: func.func private @kernel_0(
// V1-COUNT-6: arith.mulf {{.*}} : vector<{{8|16|4}}xf32>
// V1: llvm.store {{.*}} : vector<{{8|16|4}}xf32>
// V1-COUNT-6: arith.mulf {{.*}} : f32
// NEON-LABEL: func.func private @kernel_0(
// NEON-COUNT-6: math.fma {{.*}} : vector<{{8|16|4}}xf32>
// NEON: llvm.store {{.*}} : vector<{{8|16|4}}xf32>
// NEON-COUNT-6: math.fma {{.*}} : f32
func.func @by_channel(%a: tensor<96x31x31xf32>, %b: tensor<96x2x3xf32>, %c: tensor<96xf32>) -> tensor<96x30x29xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<96x30x29xf32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<96x30x29xf32>) -> tensor<96x30x29xf32>
  %r = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<96x31x31xf32>, tensor<96x2x3xf32>) outs(%i : tensor<96x30x29xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %t = arith.mulf %p, %q : f32
    %u = arith.addf %s, %t : f32
    linalg.yield %u : f32
  } -> tensor<96x30x29xf32>
  %o = linalg.generic {indexing_maps = [#e, #b, #e], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%r, %c : tensor<96x30x29xf32>, tensor<96xf32>) outs(%e : tensor<96x30x29xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %t = arith.addf %p, %q : f32
    %u = arith.maximumf %t, %z : f32
    linalg.yield %u : f32
  } -> tensor<96x30x29xf32>
  return %o : tensor<96x30x29xf32>
}

// Windows that start two apart: every other element of two vectors.
// CHECK-LABEL: func.func private @kernel_1(
// CHECK: llvm.load {{.*}} -> vector<64xf32>
// CHECK: llvm.load {{.*}} -> vector<64xf32>
// CHECK: vector.shuffle {{.*}} : vector<64xf32>, vector<64xf32>
// CHECK: arith.maximumf {{.*}} : vector<64xf32>
// EACH-LABEL: func.func private @kernel_1(
// EACH: arith.maximumf {{.*}} : vector<32xf32>
func.func @apart(%a: tensor<64x129x129xf32>, %t: tensor<2x2xf32>, %c: tensor<64x64x64xf32>) -> tensor<64x64x64xf32> {
  %r = linalg.generic {indexing_maps = [#x2, #t, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %t : tensor<64x129x129xf32>, tensor<2x2xf32>) outs(%c : tensor<64x64x64xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %u = arith.maximumf %s, %p : f32
    linalg.yield %u : f32
  } -> tensor<64x64x64xf32>
  return %r : tensor<64x64x64xf32>
}
