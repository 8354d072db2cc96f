// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s --check-prefixes=CHECK,WIDE
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks | FileCheck %s --check-prefixes=CHECK,HALF
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks | FileCheck %s --check-prefixes=CHECK,QUARTER

// The register tile follows from how many vector registers there are and how wide they are. What fills the result and
// what is computed of it is in the same function.
// CHECK-LABEL: func.func @relu(
// CHECK-NOT: scf.for
// CHECK: call @mograph_parallel
// CHECK-LABEL: func.func private @kernel_0(
// WIDE-COUNT-24: math.fma {{.*}} : vector<16xf32>
// HALF-COUNT-12: math.fma {{.*}} : vector<8xf32>
// QUARTER-COUNT-12: math.fma {{.*}} : vector<4xf32>
// CHECK-NEXT: scf.yield
// CHECK: arith.maximumf
// CHECK-NOT: call @mograph_parallel
#id = affine_map<(m, n) -> (m, n)>
#id3 = affine_map<(m, n, k) -> (m, n)>
func.func @relu(%a: tensor<1024x256xf32>, %b: tensor<256x1024xf32>) -> tensor<1024x1024xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1024x1024xf32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<1024x1024xf32>) -> tensor<1024x1024xf32>
  %r = linalg.matmul ins(%a, %b : tensor<1024x256xf32>, tensor<256x1024xf32>) outs(%i : tensor<1024x1024xf32>) -> tensor<1024x1024xf32>
  %o = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%r : tensor<1024x1024xf32>) outs(%e : tensor<1024x1024xf32>) {
  ^bb0(%x: f32, %y: f32):
    %p = arith.maximumf %x, %z : f32
    linalg.yield %p : f32
  } -> tensor<1024x1024xf32>
  return %o : tensor<1024x1024xf32>
}

// Columns behind the last one are copies of it: no sum that nobody wants is made of what is in memory by chance.
// CHECK-LABEL: func.func private @kernel_1(
// CHECK: scf.for
// CHECK: arith.minsi
// CHECK: llvm.load
// CHECK: vector.shuffle
// CHECK: math.fma
func.func @transposed(%a: tensor<64x128xf32>, %b: tensor<100x128xf32>, %c: tensor<64x100xf32>) -> tensor<64x100xf32> {
  %r = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, #id3],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<64x128xf32>, tensor<100x128xf32>) outs(%c : tensor<64x100xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %p = arith.mulf %x, %y : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  } -> tensor<64x100xf32>
  return %r : tensor<64x100xf32>
}
