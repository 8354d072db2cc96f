// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo,mogg-to-linalg)' -o %t.tensors.mlir
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip sm_80 > %t.mlir
// RUN: FileCheck %s < %t.mlir
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 --until ptx | FileCheck %s --check-prefix=PTX
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_120 | FileCheck %s --check-prefix=CUBIN

// Queries are read once; while scores of some keys are made and mixed, the next keys are copied. Powers get from one
// product to the other without memory: between the two there is no barrier, and nothing is stored.
// CHECK: gpu.func @attention_0
// CHECK: nvvm.cp.async.shared.global
// CHECK: nvvm.cp.async.wait.group 1
// CHECK: gpu.barrier
// CHECK: nvvm.ldmatrix
// CHECK: scf.for
// CHECK: nvvm.cp.async.wait.group 0
// CHECK: gpu.barrier
// CHECK: nvvm.cp.async.shared.global
// CHECK: nvvm.cp.async.commit.group
// CHECK: nvvm.ldmatrix {{.*}}layout = #nvvm.mma_layout<row>
// CHECK: nvvm.mma.sync
// CHECK-NOT: gpu.barrier
// CHECK-NOT: llvm.store
// CHECK: gpu.shuffle xor
// CHECK: arith.maxnumf
// CHECK: ex2.approx.ftz.f32
// CHECK: arith.truncf {{.*}} : vector<2xf32> to vector<2xf16>
// CHECK-NOT: gpu.barrier
// CHECK-NOT: llvm.store
// CHECK: nvvm.ldmatrix {{.*}}layout = #nvvm.mma_layout<col>
// CHECK: nvvm.mma.sync
// CHECK: scf.yield
// CHECK: scf.for
// CHECK: arith.cmpi sle
// CHECK: scf.yield
// CHECK: arith.divf
// CHECK: llvm.store
// PTX: .visible .entry attention_0
// PTX: cp.async.cg.shared.global
// PTX: cp.async.wait_group
// PTX: ldmatrix.sync.aligned.m8n8.x4.shared.b16
// PTX: mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32
// PTX: shfl.sync.bfly
// PTX: ex2.approx.ftz.f32
// PTX: cvt.rn.f16x2.f32
// PTX: ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16
// PTX: mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32
// CUBIN-DAG: cubin attention_0: 128x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled, 65536 bytes shared
// CUBIN-DAG: cubin attention_1: 128x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// CUBIN-DAG: cubin attention_2: 128x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
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
