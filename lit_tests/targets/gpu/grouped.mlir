// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip sm_80 > %t.mlir
// RUN: FileCheck %s --check-prefix=GPU < %t.mlir
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 --until ptx | FileCheck %s --check-prefix=PTX
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 --registers 255 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip sm_90a > %t90.mlir
// RUN: %python -m mograph.targets.nvidia %t90.mlir --chip sm_90a --until ptx | FileCheck %s --check-prefix=HOPPER
// RUN: %python -m mograph.targets.nvidia %t90.mlir --chip sm_90a --registers 255 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip gfx942 > %t942.mlir
// RUN: %python -m mograph.targets.amd %t942.mlir --chip gfx942 --until isa | FileCheck %s --check-prefix=AMD
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip gfx1100 > %t1100.mlir
// RUN: %python -m mograph.targets.amd %t1100.mlir --chip gfx1100 --until isa | FileCheck %s --check-prefix=RDNA
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip opencl > %tocl.mlir
// RUN: %python -m mograph.targets.spirv %tocl.mlir --chip opencl --until text | FileCheck %s --check-prefix=SPIRV
// RUN: %python -m mograph.targets.gpu %s --until kernels --chip sm_80 | FileCheck %s --check-prefix=HOST

// A block goes through the groups until it knows which has the tile of its number; then it is a block of a product that
// begins anywhere. Where no group has it, the rows are sums of nothing, or there are none. The host launches as many
// blocks as there are at most, 4096 / 128 + 16 times as many as columns are tiles, and knows nothing of groups.
// GPU-LABEL: gpu.func @grouped_0(
// GPU-SAME: known_block_size = array<i32: 16, 16, 1>
// GPU: %[[TILE:.*]]:5 = scf.for
// GPU: llvm.load {{.*}} : !llvm.ptr<1> -> i64
// GPU: llvm.load {{.*}} : !llvm.ptr<1> -> i64
// GPU: arith.cmpi ult
// GPU-COUNT-3: arith.select {{.*}} : i64
// GPU: %[[EXISTS:.*]] = arith.cmpi ult, %[[TILE]]#1, %c16_i64
// GPU: scf.if %[[EXISTS]]
// GPU: llvm.load {{.*}} {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
// GPU-COUNT-16: math.fma {{.*}} : vector<4xf32>
// GPU: } else {
// GPU: %[[BEHIND:.*]] = arith.cmpi ult, {{.*}}, %c4096_i64
// GPU-NEXT: scf.if %[[BEHIND]]
// GPU-NOT: gpu.barrier
// GPU: gpu.return
// PTX-LABEL: .entry grouped_0(
// PTX: ld.global.b64
// PTX: ld.global.v4.b32
// PTX: bar.sync
// PTX-COUNT-64: fma.rn.f32
// CUBIN: cubin grouped_0: 16x16x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// AMD-LABEL: grouped_0:
// AMD: v_mfma_f32
// RDNA-LABEL: grouped_0:
// RDNA: s_barrier
// SPIRV-DAG: OpEntryPoint Kernel {{.*}} "grouped_0"
// HOST-LABEL: func.func @sums(
// HOST: %[[BLOCKS:.*]] = arith.constant 768 : i64
// HOST: call @mograph_device_launch(%{{[^,]*}}, %{{[^,]*}}, %[[BLOCKS]],
// HOST-NOT: mograph_device_download
#id = affine_map<(m, n) -> (m, n)>
#lhs = affine_map<(m, n, g, k) -> (m, k)>
#rhs = affine_map<(m, n, g, k) -> (g, k, n)>
#group = affine_map<(m, n, g, k) -> (g)>
#result = affine_map<(m, n, g, k) -> (m, n)>
func.func @sums(%a: tensor<4096x1024xf32>, %b: tensor<16x1024x2048xf32>, %starts: tensor<16xi64>, %stops: tensor<16xi64>)
    -> tensor<4096x2048xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4096x2048xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<4096x2048xf32>) -> tensor<4096x2048xf32>
  %r = linalg.generic {indexing_maps = [#lhs, #rhs, #group, #group, #result],
                       iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b, %starts, %stops : tensor<4096x1024xf32>, tensor<16x1024x2048xf32>, tensor<16xi64>, tensor<16xi64>)
      outs(%i : tensor<4096x2048xf32>) {
  ^bb0(%x: f32, %y: f32, %start: i64, %stop: i64, %c: f32):
    %row = linalg.index 0 : index
    %at = arith.index_cast %row : index to i64
    %p = arith.mulf %x, %y : f32
    %s = arith.addf %c, %p : f32
    %behind = arith.cmpi sge, %at, %start : i64
    %before = arith.cmpi slt, %at, %stop : i64
    %inside = arith.andi %behind, %before : i1
    %one = arith.select %inside, %s, %c : f32
    linalg.yield %one : f32
  } -> tensor<4096x2048xf32>
  return %r : tensor<4096x2048xf32>
}

// Elements of 16 bits are multiplied by matrix units. Extents need not be known. Where warpgroups multiply, blocks stay.
// GPU-LABEL: gpu.func @grouped_1(
// GPU: nvvm.cp.async.shared.global
// GPU: nvvm.mma.sync
// GPU: arith.truncf {{.*}} : vector<{{[0-9]+}}xf32> to vector<{{[0-9]+}}xbf16>
// PTX-LABEL: .entry grouped_1(
// PTX: cp.async.cg.shared.global
// PTX: mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32
// HOPPER-LABEL: .entry grouped_1(
// HOPPER: tensormap.replace
// HOPPER: wgmma.mma_async.sync.aligned.m64n{{[0-9]+}}k16.f32.bf16.bf16
// HOPPER: cp.async.bulk.tensor.3d
// CUBIN: cubin grouped_1: {{[0-9]+}}x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
// AMD-LABEL: grouped_1:
// AMD: v_mfma_f32{{.*}}bf16
// RDNA-LABEL: grouped_1:
// RDNA: v_wmma_f32_16x16x16_bf16
// SPIRV-DAG: OpEntryPoint Kernel {{.*}} "grouped_1"
// SPIRV: OpControlBarrier
func.func @rounded(%a: tensor<?x1024xbf16>, %b: tensor<?x2048x1024xbf16>, %starts: tensor<?xi64>, %stops: tensor<?xi64>)
    -> tensor<?x2048xbf16> {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %m = tensor.dim %a, %c0 : tensor<?x1024xbf16>
  %d = tensor.empty(%m) : tensor<?x2048xf32>
  %e = tensor.empty(%m) : tensor<?x2048xbf16>
  %i = linalg.fill ins(%zero : f32) outs(%d : tensor<?x2048xf32>) -> tensor<?x2048xf32>
  %r = linalg.generic {indexing_maps = [#lhs, affine_map<(m, n, g, k) -> (g, n, k)>, #group, #group, #result],
                       iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b, %starts, %stops : tensor<?x1024xbf16>, tensor<?x2048x1024xbf16>, tensor<?xi64>, tensor<?xi64>)
      outs(%i : tensor<?x2048xf32>) {
  ^bb0(%x: bf16, %y: bf16, %start: i64, %stop: i64, %c: f32):
    %row = linalg.index 0 : index
    %at = arith.index_cast %row : index to i64
    %left = arith.extf %x : bf16 to f32
    %right = arith.extf %y : bf16 to f32
    %p = arith.mulf %left, %right : f32
    %s = arith.addf %c, %p : f32
    %behind = arith.cmpi sge, %at, %start : i64
    %before = arith.cmpi slt, %at, %stop : i64
    %inside = arith.andi %behind, %before : i1
    %one = arith.select %inside, %s, %c : f32
    linalg.yield %one : f32
  } -> tensor<?x2048xf32>
  %o = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%r : tensor<?x2048xf32>) outs(%e : tensor<?x2048xbf16>) {
  ^bb0(%x: f32, %_: bf16):
    %y = arith.truncf %x : f32 to bf16
    linalg.yield %y : bf16
  } -> tensor<?x2048xbf16>
  return %o : tensor<?x2048xbf16>
}

// What chooses otherwise is no grouped product: rows up to the group's end belong to groups before it as well.
// GPU-LABEL: gpu.func @rows_3200x120_2(
// GPU-NOT: gpu.barrier
// GPU: gpu.return
func.func @other(%a: tensor<64x40xf32>, %b: tensor<3x40x50xf32>, %starts: tensor<3xi64>, %stops: tensor<3xi64>) -> tensor<64x50xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<64x50xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<64x50xf32>) -> tensor<64x50xf32>
  %r = linalg.generic {indexing_maps = [#lhs, #rhs, #group, #group, #result],
                       iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b, %starts, %stops : tensor<64x40xf32>, tensor<3x40x50xf32>, tensor<3xi64>, tensor<3xi64>)
      outs(%i : tensor<64x50xf32>) {
  ^bb0(%x: f32, %y: f32, %start: i64, %stop: i64, %c: f32):
    %row = linalg.index 0 : index
    %at = arith.index_cast %row : index to i64
    %p = arith.mulf %x, %y : f32
    %s = arith.addf %c, %p : f32
    %behind = arith.cmpi sge, %at, %start : i64
    %before = arith.cmpi sle, %at, %stop : i64
    %inside = arith.andi %behind, %before : i1
    %one = arith.select %inside, %s, %c : f32
    linalg.yield %one : f32
  } -> tensor<64x50xf32>
  return %r : tensor<64x50xf32>
}
