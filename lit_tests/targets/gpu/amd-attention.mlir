// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ld.lld
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo,mogg-to-linalg)' -o %t.tensors.mlir
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip gfx90a > %t.90a.mlir
// RUN: %python -m mograph.targets.amd %t.90a.mlir --chip gfx90a --until isa | FileCheck %s --check-prefix=GFX90A
// RUN: %python -m mograph.targets.amd %t.90a.mlir --chip gfx90a --registers 400 | FileCheck %s --check-prefix=HSACO
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip gfx942 > %t.942.mlir
// RUN: FileCheck %s < %t.942.mlir
// RUN: %python -m mograph.targets.amd %t.942.mlir --chip gfx942 --until rocdl | FileCheck %s --check-prefix=ROCDL
// RUN: %python -m mograph.targets.amd %t.942.mlir --chip gfx942 --until isa | FileCheck %s --check-prefix=GFX942
// RUN: %python -m mograph.targets.amd %t.942.mlir --chip gfx942 --registers 400 | FileCheck %s --check-prefix=HSACO
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip gfx950 > %t.950.mlir
// RUN: %python -m mograph.targets.amd %t.950.mlir --chip gfx950 --until isa | FileCheck %s --check-prefix=GFX950
// RUN: %python -m mograph.targets.amd %t.950.mlir --chip gfx950 --registers 400 | FileCheck %s --check-prefix=HSACO
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip gfx1100 > %t.1100.mlir
// RUN: %python -m mograph.targets.amd %t.1100.mlir --chip gfx1100 --until isa | FileCheck %s --check-prefix=GFX1100
// RUN: %python -m mograph.targets.amd %t.1100.mlir --chip gfx1100 --registers 256 | FileCheck %s --check-prefix=HSACO
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip gfx1201 > %t.1201.mlir
// RUN: %python -m mograph.targets.amd %t.1201.mlir --chip gfx1201 --until isa | FileCheck %s --check-prefix=GFX1201
// RUN: %python -m mograph.targets.amd %t.1201.mlir --chip gfx1201 --registers 256 | FileCheck %s --check-prefix=HSACO

// Powers get from one product to the other in registers: there is one exchange between lanes, for the highest score, and
// no barrier. The next keys and values are loaded meanwhile.
// CHECK: gpu.func @attention_0
// CHECK: scf.for
// CHECK: gpu.barrier
// CHECK: scf.if
// CHECK: rocdl.mfma.f32.32x32x8f16
// CHECK-NOT: gpu.barrier
// CHECK-NOT: llvm.store
// CHECK: gpu.shuffle xor
// CHECK-NOT: gpu.shuffle
// CHECK: rocdl.exp2
// CHECK-NOT: gpu.barrier
// CHECK-NOT: llvm.store
// CHECK: rocdl.mfma.f32.32x32x8f16
// CHECK: scf.yield
// CHECK: scf.for
// CHECK: arith.cmpi sle
// CHECK: scf.yield
// CHECK: arith.divf
// CHECK: llvm.store
// ROCDL: rocdl.mfma.f32.32x32x8f16 {{.*}} -> vector<16xf32>
// ROCDL: rocdl.exp2
// GFX90A: v_mfma_f32_32x32x8f16
// GFX90A: v_mfma_f32_32x32x8bf16_1k
// GFX942: global_load_dwordx4
// GFX942: ds_write_b128
// GFX942: v_mfma_f32_32x32x8_f16
// GFX942: v_exp_f32
// GFX942: v_mfma_f32_32x32x8_f16
// GFX942: v_mfma_f32_32x32x8_bf16
// GFX950: v_mfma_f32_32x32x16_f16
// GFX950: v_mfma_f32_32x32x16_bf16
// GFX1100: v_wmma_f32_16x16x16_f16
// GFX1100: v_exp_f32
// GFX1100: v_wmma_f32_16x16x16_bf16
// GFX1201: v_wmma_f32_16x16x16_f16
// GFX1201: v_wmma_f32_16x16x16_bf16
// HSACO-DAG: hsaco attention_0: {{[0-9]+}}x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// HSACO-DAG: hsaco attention_1: {{[0-9]+}}x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// HSACO-DAG: hsaco attention_2: {{[0-9]+}}x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
mo.graph @causal(%q: !mo.tensor<[2, 16, 4096, 128], f16>, %k: !mo.tensor<[2, 4, 4096, 128], f16>,
    %v: !mo.tensor<[2, 4, 4096, 128], f16>) -> !mo.tensor<[2, 16, 4096, 128], f16> {
  %r = mo.attention %q, %k, %v causal
      : !mo.tensor<[2, 16, 4096, 128], f16>, !mo.tensor<[2, 4, 4096, 128], f16>, !mo.tensor<[2, 4, 4096, 128], f16>
  mo.output %r : !mo.tensor<[2, 16, 4096, 128], f16>
}

mo.graph @narrow(%q: !mo.tensor<[2, 16, 4096, 64], bf16>, %k: !mo.tensor<[2, 16, 4096, 64], bf16>,
    %v: !mo.tensor<[2, 16, 4096, 64], bf16>) -> !mo.tensor<[2, 16, 4096, 64], bf16> {
  %r = mo.attention %q, %k, %v
      : !mo.tensor<[2, 16, 4096, 64], bf16>, !mo.tensor<[2, 16, 4096, 64], bf16>, !mo.tensor<[2, 16, 4096, 64], bf16>
  mo.output %r : !mo.tensor<[2, 16, 4096, 64], bf16>
}

mo.graph @masked(%q: !mo.tensor<[2, 16, m, 64], f16>, %k: !mo.tensor<[2, 16, n, 64], f16>,
    %v: !mo.tensor<[2, 16, n, 64], f16>, %mask: !mo.tensor<[2, 16, m, n], f16>) -> !mo.tensor<[2, 16, m, 64], f16> {
  %r = mo.attention %q, %k, %v mask %mask : !mo.tensor<[2, 16, m, n], f16>
      : !mo.tensor<[2, 16, m, 64], f16>, !mo.tensor<[2, 16, n, 64], f16>, !mo.tensor<[2, 16, n, 64], f16>
  mo.output %r : !mo.tensor<[2, 16, m, 64], f16>
}
