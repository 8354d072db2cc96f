// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s --check-prefixes=CHECK,V4
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks | FileCheck %s --check-prefixes=CHECK,V3
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --no-fma | FileCheck %s --check-prefixes=CHECK,V1
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --features neon | FileCheck %s --check-prefixes=CHECK,NEON

// A filter of more results than places is copied to panels when the model is loaded: the function takes these, too, and
// reads the input where it is. Registers have results side by side, until sums are turned to lines of places.
#x = affine_map<(m, n, c) -> (c, n)>
#w = affine_map<(m, n, c) -> (m, c)>
#y = affine_map<(m, n, c) -> (m, n)>
#b = affine_map<(m, n) -> (m)>
#e = affine_map<(m, n) -> (m, n)>

// CHECK-LABEL: func.func @places(
// CHECK-SAME: memref<100x64xf32> {mogg.weight}
// CHECK-SAME: memref<{{[0-9]+}}xi8>
// CHECK-LABEL: func.func private @kernel_0(
// CHECK: scf.for
// V4-COUNT-10: math.fma {{.*}} : vector<16xf32>
// V3-COUNT-10: math.fma {{.*}} : vector<8xf32>
// V1-COUNT-10: arith.mulf {{.*}} : vector<4xf32>
// NEON-COUNT-14: math.fma {{.*}} : vector<4xf32>
// V4: arith.maximumf {{.*}} : vector<16xf32>
// V4: arith.maximumf {{.*}} : vector<16xf32>
// V4: llvm.intr.masked.store
// V3: arith.maximumf {{.*}} : vector<8xf32>
// V3: arith.maximumf {{.*}} : f32
// V1: arith.maximumf {{.*}} : vector<4xf32>
// V1: arith.maximumf {{.*}} : f32
// NEON: arith.maximumf {{.*}} : vector<4xf32>
// NEON: arith.maximumf {{.*}} : f32
func.func @places(%x: tensor<64x49xf32>, %c: tensor<100xf32>, %w: tensor<100x64xf32> {mogg.weight}) -> tensor<100x49xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<100x49xf32>
  %i = linalg.generic {indexing_maps = [#b, #e], iterator_types = ["parallel", "parallel"]}
      ins(%c : tensor<100xf32>) outs(%e : tensor<100x49xf32>) {
  ^bb0(%p: f32, %s: f32):
    linalg.yield %p : f32
  } -> tensor<100x49xf32>
  %r = linalg.generic {indexing_maps = [#w, #x, #y], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%w, %x : tensor<100x64xf32>, tensor<64x49xf32>) outs(%i : tensor<100x49xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %t = arith.mulf %p, %q : f32
    %u = arith.addf %s, %t : f32
    linalg.yield %u : f32
  } -> tensor<100x49xf32>
  %o = linalg.generic {indexing_maps = [#e, #e], iterator_types = ["parallel", "parallel"]}
      ins(%r : tensor<100x49xf32>) outs(%e : tensor<100x49xf32>) {
  ^bb0(%p: f32, %s: f32):
    %u = arith.maximumf %p, %z : f32
    linalg.yield %u : f32
  } -> tensor<100x49xf32>
  return %o : tensor<100x49xf32>
}
