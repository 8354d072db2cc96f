// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks | FileCheck %s --check-prefix=AVX2
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --no-fma | FileCheck %s --check-prefix=SSE
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --features neon | FileCheck %s --check-prefix=NEON

// One short row by a large matrix: k is cut into eight parts, of which four rows of the matrix pass by at a time, in
// stretches of four registers. The last one that is done adds the sums of all.
// CHECK: func.func @vector(
// CHECK: memref.alloc() {alignment = 64 : i64} : memref<131136xi8>
// CHECK: call @mograph_parallel
// CHECK-NEXT: memref.dealloc
// CHECK: func.func private @kernel_0(
// CHECK-NOT: llvm.intr.prefetch
// CHECK-COUNT-4: math.fma {{.*}} : vector<64xf32>
// CHECK-NEXT: llvm.store {{.*}} : vector<64xf32>
// CHECK: %[[DONE:.*]] = llvm.atomicrmw add {{.*}} acq_rel
// CHECK: %[[LAST:.*]] = arith.cmpi eq, %[[DONE]]
// CHECK: scf.if %[[LAST]]
// CHECK-COUNT-8: arith.addf {{.*}} : vector<16xf32>
// CHECK-NEXT: llvm.store {{.*}} : vector<16xf32>

// AVX2: func.func private @kernel_0(
// AVX2-COUNT-4: math.fma {{.*}} : vector<32xf32>
// AVX2-NEXT: llvm.store {{.*}} : vector<32xf32>
// AVX2: llvm.atomicrmw add

// SSE: func.func private @kernel_0(
// SSE-NOT: math.fma
// SSE-COUNT-4: arith.mulf {{.*}} : vector<16xf32>
// SSE-NEXT: arith.addf {{.*}} : vector<16xf32>
// SSE-NEXT: llvm.store {{.*}} : vector<16xf32>
// SSE: llvm.atomicrmw add

// NEON: func.func private @kernel_0(
// NEON-COUNT-4: math.fma {{.*}} : vector<16xf32>
// NEON-NEXT: llvm.store {{.*}} : vector<16xf32>
// NEON: llvm.atomicrmw add
func.func @vector(%a: tensor<1x4096xf32>, %b: tensor<4096x4096xf32>, %c: tensor<1x4096xf32>) -> tensor<1x4096xf32> {
  %r = linalg.matmul ins(%a, %b : tensor<1x4096xf32>, tensor<4096x4096xf32>) outs(%c : tensor<1x4096xf32>) -> tensor<1x4096xf32>
  return %r : tensor<1x4096xf32>
}

// A long row is cut into pieces instead, which the first cache holds.
// CHECK: func.func private @kernel_1(
// CHECK-COUNT-8: math.fma {{.*}} : vector<32xf32>
// CHECK-NEXT: llvm.store {{.*}} : vector<32xf32>
// CHECK-NOT: llvm.atomicrmw

// AVX2: func.func private @kernel_1(
// AVX2-COUNT-8: math.fma {{.*}} : vector<16xf32>
// SSE: func.func private @kernel_1(
// SSE-COUNT-8: arith.mulf {{.*}} : vector<8xf32>
// NEON: func.func private @kernel_1(
// NEON-COUNT-8: math.fma {{.*}} : vector<8xf32>
func.func @long(%a: tensor<1x512xf32>, %b: tensor<512x32000xf32>, %c: tensor<1x32000xf32>) -> tensor<1x32000xf32> {
  %r = linalg.matmul ins(%a, %b : tensor<1x512xf32>, tensor<512x32000xf32>) outs(%c : tensor<1x32000xf32>) -> tensor<1x32000xf32>
  return %r : tensor<1x32000xf32>
}
