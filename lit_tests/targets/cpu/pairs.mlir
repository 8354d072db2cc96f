// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels --features avx512bw,avx512vnni | FileCheck %s --check-prefixes=CHECK,WIDE
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks --features avx2 | FileCheck %s --check-prefixes=CHECK,HALF
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --features sse2 | FileCheck %s --check-prefixes=CHECK,QUARTER
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --features neon | FileCheck %s --check-prefixes=CHECK,NEON

// Where a processor multiplies pairs of 16 bits and adds both products, neighbours along k are packed into one i32.
// CHECK-LABEL: func.func private @kernel_0(
// WIDE: arith.shli
// WIDE: arith.ori {{.*}} : vector<{{[0-9]+}}xi32>
// WIDE: llvm.call_intrinsic "llvm.x86.avx512.pmaddw.d.512"({{.*}}) : (vector<32xi16>, vector<32xi16>) -> vector<16xi32>
// WIDE: arith.addi {{.*}} : vector<16xi32>
// HALF: arith.shli
// HALF: llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"({{.*}}) : (vector<16xi16>, vector<16xi16>) -> vector<8xi32>
// HALF: arith.addi {{.*}} : vector<8xi32>
// QUARTER: arith.shli
// QUARTER: llvm.call_intrinsic "llvm.x86.sse2.pmadd.wd"({{.*}}) : (vector<8xi16>, vector<8xi16>) -> vector<4xi32>
// QUARTER: arith.addi {{.*}} : vector<4xi32>
// NEON-NOT: call_intrinsic
// NEON: arith.muli {{.*}} : vector<4xi32>
// CHECK: return
func.func @product(%a: tensor<128x100xi8>, %b: tensor<100x96xi8>, %c: tensor<128x96xi32>) -> tensor<128x96xi32> {
  %r = linalg.matmul ins(%a, %b : tensor<128x100xi8>, tensor<100x96xi8>) outs(%c : tensor<128x96xi32>) -> tensor<128x96xi32>
  return %r : tensor<128x96xi32>
}
