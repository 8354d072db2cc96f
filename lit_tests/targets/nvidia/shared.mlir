// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas
// RUN: %python -m mograph.targets.nvidia %s --chip sm_90a --until ptx | FileCheck %s --check-prefix=PTX
// RUN: %python -m mograph.targets.nvidia %s --chip sm_90a | FileCheck %s --check-prefix=CUBIN
// RUN: not %python -m mograph.targets.nvidia %s --chip sm_86 2>&1 | FileCheck %s --check-prefix=SM86

// More than 48 KiB of shared memory are asked for when the kernel is launched, and must not be declared.
// PTX: .extern .shared .align 128 .b8 tile[];
// CUBIN: cubin large: 128x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled, 131072 bytes shared
// SM86: error: kernel 'large' shares 131072 bytes, sm_86 has 101376 for a block
gpu.module @kernels {
  llvm.mlir.global internal @tile() {addr_space = 3 : i32, alignment = 128 : i64} : !llvm.array<4 x array<16384 x bf16>>
  gpu.func @large(%y: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 128, 1, 1>} {
    %t = gpu.thread_id x
    %i = arith.index_cast %t : index to i64
    %tile = llvm.mlir.addressof @tile : !llvm.ptr<3>
    %p = llvm.getelementptr %tile[%i] : (!llvm.ptr<3>, i64) -> !llvm.ptr<3>, i32
    %0 = arith.trunci %i : i64 to i32
    llvm.store %0, %p {alignment = 4 : i64} : i32, !llvm.ptr<3>
    gpu.barrier
    %v = llvm.load %tile {alignment = 16 : i64} : !llvm.ptr<3> -> vector<4xi32>
    llvm.store %v, %y {alignment = 16 : i64} : vector<4xi32>, !llvm.ptr<1>
    gpu.return
  }
}
