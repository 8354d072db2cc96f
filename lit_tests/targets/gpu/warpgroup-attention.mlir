// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo,mogg-to-linalg)' -o %t.tensors.mlir
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip sm_90a > %t.mlir
// RUN: FileCheck %s < %t.mlir
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_90a --until ptx | FileCheck %s --check-prefix=PTX
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_90a --registers 168 | FileCheck %s --check-prefix=CUBIN

// One thread has tiles copied; the other warpgroups multiply. The products with the next keys and the mix of the values
// before are both begun, and while the powers of the one are computed the other goes on.
// CHECK: gpu.func @attention_0
// CHECK: nvvm.mbarrier.init
// CHECK: tensormap.cp_fenceproxy
// CHECK: gpu.barrier
// CHECK: nvvm.setmaxregister decrease 24
// CHECK: nvvm.cp.async.bulk.tensor.shared.cluster.global
// CHECK: nvvm.mbarrier.try_wait.parity
// CHECK: nvvm.mbarrier.arrive.expect_tx
// CHECK: nvvm.setmaxregister increase 240
// CHECK: scf.for
// CHECK: nvvm.mbarrier.try_wait.parity
// CHECK: nvvm.wgmma.mma_async
// CHECK: nvvm.wgmma.commit.group.sync.aligned
// CHECK: nvvm.mbarrier.try_wait.parity
// CHECK: wgmma.mma_async.sync.aligned.m64n128k16.f32.f16.f16
// CHECK: nvvm.wgmma.commit.group.sync.aligned
// CHECK: nvvm.wgmma.wait.group.sync.aligned 1
// CHECK: nvvm.mbarrier.arrive
// CHECK: gpu.shuffle xor
// CHECK: ex2.approx.ftz.f32
// CHECK-NOT: llvm.store
// CHECK: nvvm.wgmma.wait.group.sync.aligned 0
// CHECK: nvvm.mbarrier.arrive
// CHECK: scf.yield
// The last keys are compared to rows.
// CHECK: scf.for
// CHECK: nvvm.wgmma.wait.group.sync.aligned 1
// CHECK: arith.cmpi sle
// CHECK: ex2.approx.ftz.f32
// CHECK: scf.yield
// CHECK: arith.divf
// CHECK: llvm.store
// PTX: .visible .entry attention_0
// PTX: .reqntid 384, 1, 1
// PTX: .minnctapersm 1
// PTX-DAG: setmaxnreg.inc.sync.aligned.u32 240;
// PTX-DAG: wgmma.mma_async.sync.aligned.m64n128k16.f32.f16.f16
// PTX-DAG: wgmma.wait_group.sync.aligned 1;
// PTX-DAG: ex2.approx.ftz.f32
// PTX-DAG: setmaxnreg.dec.sync.aligned.u32 24;
// PTX-DAG: cp.async.bulk.tensor.3d.shared::cluster.global.tile.mbarrier::complete_tx::bytes
// CUBIN-DAG: cubin attention_0: 384x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled, 165{{[0-9]+}} bytes shared
// CUBIN-DAG: cubin attention_1: 384x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// CUBIN-DAG: cubin attention_2: 384x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
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
