// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels --features avx512f | FileCheck %s

// What the target's own functions are made of takes vectors, its instructions too; an affine map does not.
// CHECK-LABEL: func.func @places(
// CHECK: affine.apply #{{.*}}()[%{{[0-9]+}}]
// CHECK: memref.load
// CHECK-LABEL: func.func private @kernel_0(
// CHECK: llvm.call_intrinsic "llvm.ldexp"(%{{.*}}, %{{.*}}) : (vector<64xf32>, vector<64xi32>) -> vector<64xf32>
func.func @exp(%x: tensor<4096x4096xf32>) -> tensor<4096x4096xf32> {
  %0 = math.exp %x : tensor<4096x4096xf32>
  return %0 : tensor<4096x4096xf32>
}

#same = affine_map<(d0) -> (d0)>
func.func @places(%x: tensor<?xf32>, %at: tensor<1024xindex>) -> tensor<1024xf32> {
  %c3 = arith.constant 3 : index
  %e = tensor.empty() : tensor<1024xf32>
  %r = linalg.generic {indexing_maps = [#same, #same], iterator_types = ["parallel"]} ins(%at : tensor<1024xindex>) outs(%e : tensor<1024xf32>) {
  ^bb0(%i: index, %o: f32):
    %p = affine.apply affine_map<()[s0, s1] -> (s0 * 2 + s1)>()[%i, %c3]
    %v = tensor.extract %x[%p] : tensor<?xf32>
    linalg.yield %v : f32
  } -> tensor<1024xf32>
  return %r : tensor<1024xf32>
}
