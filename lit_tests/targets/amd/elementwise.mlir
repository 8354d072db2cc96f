// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ld.lld
// RUN: %python -m mograph.targets.amd %s --chip gfx942 --until rocdl | FileCheck %s --check-prefix=ROCDL
// RUN: %python -m mograph.targets.amd %s --chip gfx942 --until llvm | FileCheck %s --check-prefix=LLVM
// RUN: %python -m mograph.targets.amd %s --chip gfx90a --until isa | FileCheck %s --check-prefix=GFX9
// RUN: %python -m mograph.targets.amd %s --chip gfx942 --until isa | FileCheck %s --check-prefixes=GFX9,GFX942
// RUN: %python -m mograph.targets.amd %s --chip gfx950 --until isa | FileCheck %s --check-prefixes=GFX9,GFX950
// RUN: %python -m mograph.targets.amd %s --chip gfx1100 --until isa | FileCheck %s --check-prefix=GFX11
// RUN: %python -m mograph.targets.amd %s --chip gfx1201 --until isa | FileCheck %s --check-prefix=GFX11
// RUN: %python -m mograph.targets.amd %s --chip gfx942 --until object --registers 32 | FileCheck %s --check-prefix=OBJECT
// RUN: %python -m mograph.targets.amd %s --chip gfx90a --registers 40 | FileCheck %s --check-prefix=HSACO
// RUN: %python -m mograph.targets.amd %s --chip gfx942 --registers 40 | FileCheck %s --check-prefix=HSACO
// RUN: %python -m mograph.targets.amd %s --chip gfx950 --registers 40 | FileCheck %s --check-prefix=HSACO
// RUN: %python -m mograph.targets.amd %s --chip gfx1100 --registers 40 | FileCheck %s --check-prefix=HSACO
// RUN: %python -m mograph.targets.amd %s --chip gfx1201 --registers 40 | FileCheck %s --check-prefix=HSACO

// Four numbers a thread, read and written at once. Square roots and quotients are rounded correctly.
// ROCDL: llvm.func @root(%{{.*}}: !llvm.ptr<1>, %{{.*}}: !llvm.ptr<1>, %{{.*}}: i64) attributes {{.*}}rocdl.flat_work_group_size = "256,256", rocdl.kernel
// ROCDL: rocdl.workitem.id.x range <i32, 0, 256> : i32
// ROCDL: llvm.intr.sqrt({{.*}}) : (vector<4xf32>) -> vector<4xf32>
// LLVM: define amdgpu_kernel void @root(ptr addrspace(1) %{{.*}}, ptr addrspace(1) %{{.*}}, i64 %{{.*}})
// LLVM: load <4 x float>, ptr addrspace(1) %{{.*}}, align 16
// LLVM: !{i32 1, !"amdhsa_code_object_version", i32 500}
// GFX9: global_load_dwordx4
// GFX9: v_sqrt_f32
// GFX9: v_div_fixup_f32
// GFX9: global_store_dwordx4
// GFX11: global_load_b128
// GFX11: v_sqrt_f32
// GFX11: v_div_fixup_f32
// GFX11: global_store_b128
// GFX942: amdhsa.target:   amdgcn-amd-amdhsa--gfx942
// GFX950: amdhsa.target:   amdgcn-amd-amdhsa--gfx950
// OBJECT: object root: 256x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled, 0 bytes shared
// HSACO: hsaco root: 256x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled, 0 bytes shared
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
