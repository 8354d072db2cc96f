// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas, ld.lld
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo,mogg-to-linalg)' -o %t.tensors.mlir
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --chip sm_80 | FileCheck %s --check-prefix=HOST
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip sm_80 > %t.80.mlir
// RUN: FileCheck %s < %t.80.mlir
// RUN: %python -m mograph.targets.nvidia %t.80.mlir --chip sm_80 --registers 255 | FileCheck %s --check-prefix=CODE
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip sm_90a > %t.90a.mlir
// RUN: %python -m mograph.targets.nvidia %t.90a.mlir --chip sm_90a --registers 255 | FileCheck %s --check-prefix=CODE
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip gfx942 > %t.942.mlir
// RUN: %python -m mograph.targets.amd %t.942.mlir --chip gfx942 --registers 512 | FileCheck %s --check-prefix=CODE
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip opencl | FileCheck %s --check-prefix=OPENCL

// One query: several blocks share the keys, and store what they find; another kernel puts that together in their order.
// The heads that share keys are rows of one block.
// HOST: func.func @grouped
// HOST: memref.alloc
// HOST: call @mograph_device_launch
// HOST: call @mograph_device_launch
// HOST-NOT: call @mograph_device_launch
// HOST: func.func @alone
// CHECK: gpu.func @attention_0
// CHECK: scf.for
// CHECK: nvvm.mma.sync
// CHECK: scf.yield
// CHECK-NOT: arith.divf
// CHECK: gpu.func @attention_of_parts_1
// CHECK: scf.for
// CHECK: arith.maxnumf
// CHECK: scf.for
// CHECK: arith.addf
// CHECK: arith.addf
// CHECK: arith.divf
// CHECK: llvm.store
// Without units, in f32.
// CHECK: gpu.func @attention_2
// CHECK: scf.for
// CHECK: math.fma {{.*}} : vector<
// CHECK: gpu.func @attention_of_parts_3
// CODE-DAG: attention_0: {{[0-9]+}}x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// CODE-DAG: attention_of_parts_1: 128x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// CODE-DAG: attention_2: 16x4x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// CODE-DAG: attention_of_parts_3: 128x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// Where there are blocks for all multiprocessors, they share nothing.
// OPENCL: gpu.func @attention_0
// OPENCL: gpu.func @attention_1
// OPENCL: gpu.func @attention_of_parts_2
mo.graph @grouped(%q: !mo.tensor<[1, 32, 1, 128], f16>, %k: !mo.tensor<[1, 8, n, 128], f16>,
    %v: !mo.tensor<[1, 8, n, 128], f16>) -> !mo.tensor<[1, 32, 1, 128], f16> {
  %r = mo.attention %q, %k, %v
      : !mo.tensor<[1, 32, 1, 128], f16>, !mo.tensor<[1, 8, n, 128], f16>, !mo.tensor<[1, 8, n, 128], f16>
  mo.output %r : !mo.tensor<[1, 32, 1, 128], f16>
}

mo.graph @alone(%q: !mo.tensor<[1, 4, 1, 128], f32>, %k: !mo.tensor<[1, 4, 8192, 128], f32>,
    %v: !mo.tensor<[1, 4, 8192, 128], f32>) -> !mo.tensor<[1, 4, 1, 128], f32> {
  %r = mo.attention %q, %k, %v
      : !mo.tensor<[1, 4, 1, 128], f32>, !mo.tensor<[1, 4, 8192, 128], f32>, !mo.tensor<[1, 4, 8192, 128], f32>
  mo.output %r : !mo.tensor<[1, 4, 1, 128], f32>
}
