// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas
// RUN: mo-opt %s --pass-pipeline='builtin.module(mogg-from-mo,mogg-to-linalg)' -o %t.tensors.mlir
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --subgroup 32 > %t.mlir
// RUN: FileCheck %s < %t.mlir
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 --registers 128 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_90a --registers 128 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.gpu %t.tensors.mlir --until kernels --kernels --chip opencl | FileCheck %s

// One kernel, which has no memory but the results' and what a block shares: scores are multiplied, masked, compared by
// exchange of registers, and their powers multiplied by values. Blocks end with the last key that counts for them.
// CHECK: gpu.module @kernels
// CHECK: gpu.func @attention_0(%{{.*}}: !llvm.ptr<1>, %{{.*}}: !llvm.ptr<1>, %{{.*}}: !llvm.ptr<1>, %{{.*}}: !llvm.ptr<1>)
// CHECK: arith.minsi
// CHECK: scf.for
// CHECK: gpu.barrier
// CHECK: scf.for
// CHECK: math.fma {{.*}} : vector<
// CHECK: arith.cmpi sle
// CHECK: gpu.barrier
// CHECK: gpu.shuffle xor
// CHECK: arith.maxnumf
// CHECK: gpu.barrier
// CHECK: scf.for
// CHECK: math.fma {{.*}} : vector<
// CHECK: gpu.barrier
// CHECK: scf.yield
// CHECK: gpu.shuffle xor
// CHECK: arith.divf
// CHECK: arith.truncf
// CHECK: llvm.store
// CHECK-NOT: gpu.func
// CUBIN: cubin attention_0: {{[0-9]+}}x{{[0-9]+}}x1 threads, {{[0-9]+}} registers, 0 bytes spilled
mo.graph @attend(%q: !mo.tensor<[2, 16, 4096, 128], f16>, %k: !mo.tensor<[2, 4, 4096, 128], f16>,
    %v: !mo.tensor<[2, 4, 4096, 128], f16>) -> !mo.tensor<[2, 16, 4096, 128], f16> {
  %r = mo.attention %q, %k, %v causal
      : !mo.tensor<[2, 16, 4096, 128], f16>, !mo.tensor<[2, 4, 4096, 128], f16>, !mo.tensor<[2, 4, 4096, 128], f16>
  mo.output %r : !mo.tensor<[2, 16, 4096, 128], f16>
}
