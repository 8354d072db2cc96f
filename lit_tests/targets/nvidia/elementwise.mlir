// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas
// RUN: %python -m mograph.targets.nvidia %s --chip sm_90a --until nvvm | FileCheck %s --check-prefix=NVVM
// RUN: %python -m mograph.targets.nvidia %s --chip sm_90a --until llvm | FileCheck %s --check-prefix=LLVM
// RUN: %python -m mograph.targets.nvidia %s --chip sm_80 --until ptx | FileCheck %s --check-prefixes=PTX,SM80
// RUN: %python -m mograph.targets.nvidia %s --chip sm_90a --until ptx | FileCheck %s --check-prefixes=PTX,SM90
// RUN: %python -m mograph.targets.nvidia %s --chip sm_80 --registers 32 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.nvidia %s --chip sm_86 --registers 32 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.nvidia %s --chip sm_89 --registers 32 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.nvidia %s --chip sm_90a --registers 32 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.nvidia %s --chip sm_100a --registers 32 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.nvidia %s --chip sm_120 --registers 32 | FileCheck %s --check-prefix=CUBIN

// Four numbers a thread, read and written at once. Square roots and quotients are rounded correctly.
// NVVM: llvm.func @root(%{{.*}}: !llvm.ptr<1>, %{{.*}}: !llvm.ptr<1>, %{{.*}}: i64) attributes {nvvm.kernel, nvvm.reqntid = array<i32: 256, 1, 1>}
// NVVM: nvvm.read.ptx.sreg.tid.x range <i32, 0, 256> : i32
// NVVM: llvm.intr.sqrt({{.*}}) : (vector<4xf32>) -> vector<4xf32>
// LLVM: define ptx_kernel void @root(ptr addrspace(1) %{{.*}}, ptr addrspace(1) %{{.*}}, i64 %{{.*}})
// LLVM: load <4 x float>, ptr addrspace(1) %{{.*}}, align 16
// SM80: .target sm_80
// SM90: .target sm_90a
// PTX: .visible .entry root(
// PTX: .reqntid 256, 1, 1
// PTX: ld.global.v4.b32
// PTX-COUNT-4: fma.rn.f32
// PTX-COUNT-4: sqrt.rn.f32
// PTX-COUNT-4: cvt.rn.bf16.f32
// PTX-COUNT-4: div.rn.f32
// PTX: st.global.v4.b32
// CUBIN: cubin root: 256x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled, 0 bytes shared
gpu.module @kernels {
  gpu.func @root(%x: !llvm.ptr<1>, %y: !llvm.ptr<1>, %n: i64) kernel attributes {known_block_size = array<i32: 256, 1, 1>} {
    %c4 = arith.constant 4 : i64
    %t = gpu.thread_id x
    %b = gpu.block_id x
    %d = gpu.block_dim x
    %start = arith.muli %b, %d : index
    %sum = arith.addi %start, %t : index
    %thread = arith.index_cast %sum : index to i64
    %i = arith.muli %thread, %c4 : i64
    %in = arith.cmpi slt, %i, %n : i64
    scf.if %in {
      %px = llvm.getelementptr %x[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
      %py = llvm.getelementptr %y[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
      %v = llvm.load %px {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
      %f = math.fma %v, %v, %v : vector<4xf32>
      %s = math.sqrt %f : vector<4xf32>
      %h = arith.truncf %s : vector<4xf32> to vector<4xbf16>
      %w = arith.extf %h : vector<4xbf16> to vector<4xf32>
      %q = arith.divf %w, %v : vector<4xf32>
      llvm.store %q, %py {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr<1>
    }
    gpu.return
  }
}
