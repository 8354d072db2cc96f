// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip sm_90a > %t.mlir
// RUN: FileCheck %s --check-prefix=GPU < %t.mlir
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_90a --until ptx | FileCheck %s --check-prefix=PTX
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_90a --registers 64 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip gfx942 > %t942.mlir
// RUN: %python -m mograph.targets.amd %t942.mlir --chip gfx942 --until isa | FileCheck %s --check-prefix=ISA
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip opencl > %tocl.mlir
// RUN: FileCheck %s --check-prefix=OPENCL < %tocl.mlir

// A row is read once and stays in registers: a maximum, what is above it is squared, a sum, a division.
// GPU-LABEL: gpu.func @rows_maxnumf_addf_16384x4096_0(
// GPU-SAME: known_block_size = array<i32: 256, 1, 1>
// GPU-NOT: scf.for
// GPU-COUNT-4: llvm.load {{.*}} {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
// GPU-COUNT-5: gpu.shuffle xor
// GPU: llvm.store {{.*}} : f32, !llvm.ptr<3>
// GPU: gpu.barrier
// GPU: llvm.load {{.*}} : !llvm.ptr<3> -> f32
// GPU-COUNT-3: gpu.shuffle xor
// GPU-NOT: llvm.load {{.*}} : !llvm.ptr<1>
// GPU: gpu.barrier
// GPU-COUNT-4: llvm.store {{.*}} {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr<1>
// PTX-LABEL: .entry rows_maxnumf_addf_16384x4096_0(
// PTX-COUNT-4: ld.global.v4.b32
// PTX-COUNT-5: shfl.sync.bfly.b32
// PTX: bar.sync
// PTX-COUNT-4: st.global.v4.b32
// CUBIN: cubin rows_maxnumf_addf_16384x4096_0: 256x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled, 64 bytes shared
// A wavefront has 64 threads.
// ISA-LABEL: rows_maxnumf_addf_16384x4096_0:
// ISA-COUNT-4: global_load_dwordx4
// ISA: ds_bpermute_b32
// ISA: ds_swizzle_b32 {{.*}}swizzle(SWAP,16)
// ISA: row_ror:8
// ISA: s_barrier
// OPENCL-LABEL: gpu.func @rows_maxnumf_addf_16384x4096_0(
// OPENCL-COUNT-4: gpu.shuffle xor
// OPENCL: gpu.barrier
#rows = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
func.func @softmax(%x: tensor<16384x4096xf32>) -> tensor<16384x4096xf32> {
  %low = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<16384xf32>
  %i = linalg.fill ins(%low : f32) outs(%e : tensor<16384xf32>) -> tensor<16384xf32>
  %m = linalg.reduce { arith.maxnumf } ins(%x : tensor<16384x4096xf32>) outs(%i : tensor<16384xf32>) dimensions = [1]
  %o = tensor.empty() : tensor<16384x4096xf32>
  %p = linalg.generic {indexing_maps = [#rows, #row, #rows], iterator_types = ["parallel", "parallel"]}
      ins(%x, %m : tensor<16384x4096xf32>, tensor<16384xf32>) outs(%o : tensor<16384x4096xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = arith.subf %a, %b : f32
    %1 = arith.mulf %0, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<16384x4096xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<16384xf32>) -> tensor<16384xf32>
  %s = linalg.reduce { arith.addf } ins(%p : tensor<16384x4096xf32>) outs(%z : tensor<16384xf32>) dimensions = [1]
  %r = linalg.generic {indexing_maps = [#rows, #row, #rows], iterator_types = ["parallel", "parallel"]}
      ins(%p, %s : tensor<16384x4096xf32>, tensor<16384xf32>) outs(%o : tensor<16384x4096xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = arith.divf %a, %b : f32
    linalg.yield %0 : f32
  } -> tensor<16384x4096xf32>
  return %r : tensor<16384x4096xf32>
}

// Sums of columns: a thread has neighbouring columns, of 16 bytes, blocks share columns, and a second kernel puts the
// parts together in a fixed order.
// GPU-LABEL: gpu.func @parts_addf_512x1000000_1(
// GPU: gpu.block_id y
// GPU: scf.for
// GPU-COUNT-4: llvm.load {{.*}} {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
// GPU-COUNT-4: arith.addf {{.*}} : vector<4xf32>
// GPU: scf.yield
// GPU: llvm.store {{.*}} : vector<4xf32>, !llvm.ptr<3>
// GPU: gpu.barrier
// GPU-NOT: gpu.shuffle
// GPU: llvm.store {{.*}} {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr<1>
// GPU-LABEL: gpu.func @whole_addf_512x1000000_2(
// GPU: gpu.shuffle xor
// GPU-NOT: atomic
// GPU: gpu.return
// PTX-LABEL: .entry parts_addf_512x1000000_1(
// PTX-COUNT-4: ld.global.v4.b32
// PTX: st.shared.v4.b32
// CUBIN: cubin parts_addf_512x1000000_1: {{.*}} 0 bytes spilled
// CUBIN: cubin whole_addf_512x1000000_2: {{.*}} 0 bytes spilled
func.func @columns(%x: tensor<1000000x512xf32>) -> tensor<512xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<512xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<512xf32>) -> tensor<512xf32>
  %m = linalg.reduce { arith.addf } ins(%x : tensor<1000000x512xf32>) outs(%i : tensor<512xf32>) dimensions = [0]
  return %m : tensor<512xf32>
}

// Rows of any length: threads ask whether they begin at multiples of a vector, and the code is there twice.
// GPU-LABEL: gpu.func @rows_maximumf_nxn_3(
// GPU: scf.if
// GPU: llvm.load {{.*}} {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
// GPU: } else {
// GPU: llvm.load {{.*}} {alignment = 4 : i64} : !llvm.ptr<1> -> f32
// CUBIN: cubin rows_maximumf_nxn_3: {{.*}} 0 bytes spilled
func.func @largest(%x: tensor<?x?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %low = arith.constant 0xFF800000 : f32
  %n = tensor.dim %x, %c0 : tensor<?x?xf32>
  %e = tensor.empty(%n) : tensor<?xf32>
  %i = linalg.fill ins(%low : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %m = linalg.reduce { arith.maximumf } ins(%x : tensor<?x?xf32>) outs(%i : tensor<?xf32>) dimensions = [1]
  return %m : tensor<?xf32>
}

// Short rows: eight threads for each, many rows a block.
// GPU-LABEL: gpu.func @rows_addf_100000x30_4(
// GPU-SAME: known_block_size = array<i32: 256, 1, 1>
// GPU-COUNT-4: gpu.shuffle xor
// GPU-NOT: gpu.shuffle
// GPU-NOT: gpu.barrier
// GPU: gpu.return
func.func @short(%x: tensor<100000x30xf32>) -> tensor<100000xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<100000xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<100000xf32>) -> tensor<100000xf32>
  %m = linalg.reduce { arith.addf } ins(%x : tensor<100000x30xf32>) outs(%i : tensor<100000xf32>) dimensions = [1]
  return %m : tensor<100000xf32>
}

// Of elements of 16 bits it is eight columns.
// GPU-LABEL: gpu.func @parts_addf_4096x4096_5(
// GPU: llvm.load {{.*}} {alignment = 16 : i64} : !llvm.ptr<1> -> vector<8xi16>
// GPU: arith.addf {{.*}} : vector<8xf32>
// GPU: llvm.store {{.*}} {alignment = 16 : i64} : vector<8xf32>, !llvm.ptr<1>
// PTX-LABEL: .entry parts_addf_4096x4096_5(
// PTX: ld.global.v4.b32
// PTX: st.global.v4.b32
// CUBIN: cubin parts_addf_4096x4096_5: {{.*}} 0 bytes spilled
// ISA-LABEL: parts_addf_4096x4096_5:
// ISA: global_load_dwordx4
// ISA: global_store_dwordx4
#columns = affine_map<(i, j) -> (j)>
#line = affine_map<(i) -> (i)>
func.func @narrow(%x: tensor<4096x4096xf16>) -> tensor<4096xf16> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4096xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<4096xf32>) -> tensor<4096xf32>
  %s = linalg.generic {indexing_maps = [#rows, #columns], iterator_types = ["reduction", "parallel"]}
      ins(%x : tensor<4096x4096xf16>) outs(%i : tensor<4096xf32>) {
  ^bb0(%a: f16, %b: f32):
    %0 = arith.extf %a : f16 to f32
    %1 = arith.addf %b, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<4096xf32>
  %o = tensor.empty() : tensor<4096xf16>
  %r = linalg.generic {indexing_maps = [#line, #line], iterator_types = ["parallel"]}
      ins(%s : tensor<4096xf32>) outs(%o : tensor<4096xf16>) {
  ^bb0(%a: f32, %b: f16):
    %0 = arith.truncf %a : f32 to f16
    linalg.yield %0 : f16
  } -> tensor<4096xf16>
  return %r : tensor<4096xf16>
}

// Rows of 32,768 elements do not fit the registers of a block besides what else its threads need: they are read again.
// GPU-LABEL: gpu.func @rows_maxnumf_addf_64x32768_7(
// GPU-COUNT-2: scf.for
// CUBIN: cubin rows_maxnumf_addf_64x32768_7: 256x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled
func.func @long(%x: tensor<64x32768xf32>) -> tensor<64x32768xf32> {
  %low = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<64xf32>
  %i = linalg.fill ins(%low : f32) outs(%e : tensor<64xf32>) -> tensor<64xf32>
  %m = linalg.reduce { arith.maxnumf } ins(%x : tensor<64x32768xf32>) outs(%i : tensor<64xf32>) dimensions = [1]
  %o = tensor.empty() : tensor<64x32768xf32>
  %p = linalg.generic {indexing_maps = [#rows, #row, #rows], iterator_types = ["parallel", "parallel"]}
      ins(%x, %m : tensor<64x32768xf32>, tensor<64xf32>) outs(%o : tensor<64x32768xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = arith.subf %a, %b : f32
    %1 = arith.mulf %0, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<64x32768xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<64xf32>) -> tensor<64xf32>
  %s = linalg.reduce { arith.addf } ins(%p : tensor<64x32768xf32>) outs(%z : tensor<64xf32>) dimensions = [1]
  %r = linalg.generic {indexing_maps = [#rows, #row, #rows], iterator_types = ["parallel", "parallel"]}
      ins(%p, %s : tensor<64x32768xf32>, tensor<64xf32>) outs(%o : tensor<64x32768xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = arith.divf %a, %b : f32
    linalg.yield %0 : f32
  } -> tensor<64x32768xf32>
  return %r : tensor<64x32768xf32>
}
