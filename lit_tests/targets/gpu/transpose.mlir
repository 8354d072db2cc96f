// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip sm_80 > %t.mlir
// RUN: FileCheck %s --check-prefix=GPU < %t.mlir
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 --until ptx | FileCheck %s --check-prefix=PTX
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 --registers 40 | FileCheck %s --check-prefix=CUBIN

// Tiles of 32 by 32, with rows of 33 in the memory that threads share; what is computed of them is in the same kernel.
// GPU-LABEL: gpu.func @transpose_4096x8192_0(
// GPU-SAME: known_block_size = array<i32: 256, 1, 1>
// GPU-NOT: scf.if
// GPU: llvm.mlir.addressof @shared_1_4224
// GPU: arith.muli {{.*}}, %{{c33_i64.*}} : i64
// GPU: gpu.barrier
// GPU: arith.mulf
// GPU: llvm.store {{.*}} : f32, !llvm.ptr<1>
// GPU: gpu.return
// PTX-LABEL: .entry transpose_4096x8192_0(
// PTX-COUNT-4: st.shared.b32
// PTX: bar.sync
// PTX-COUNT-4: ld.shared.b32
// CUBIN: cubin transpose_4096x8192_0: 256x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled, 4224 bytes shared
#to = affine_map<(i, j) -> (i, j)>
#from = affine_map<(i, j) -> (j, i)>
func.func @turned(%x: tensor<8192x4096xf32>) -> tensor<4096x8192xf32> {
  %e = tensor.empty() : tensor<4096x8192xf32>
  %r = linalg.generic {indexing_maps = [#from, #to], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<8192x4096xf32>) outs(%e : tensor<4096x8192xf32>) {
  ^bb0(%a: f32, %o: f32):
    %0 = arith.mulf %a, %a : f32
    linalg.yield %0 : f32
  } -> tensor<4096x8192xf32>
  return %r : tensor<4096x8192xf32>
}

// Elements that are not there are neither read nor written.
// GPU-LABEL: gpu.func @transpose_nxn_1(
// GPU: scf.if
// GPU: llvm.load {{.*}} : !llvm.ptr<1> -> i16
// GPU: gpu.barrier
// GPU: scf.if
// GPU: llvm.store {{.*}} : i16, !llvm.ptr<1>
// CUBIN: cubin transpose_nxn_1: {{.*}} 0 bytes spilled
func.func @any(%x: tensor<?x?xbf16>) -> tensor<?x?xbf16> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c0 : tensor<?x?xbf16>
  %m = tensor.dim %x, %c1 : tensor<?x?xbf16>
  %e = tensor.empty(%m, %n) : tensor<?x?xbf16>
  %r = linalg.transpose ins(%x : tensor<?x?xbf16>) outs(%e : tensor<?x?xbf16>) permutation = [1, 0]
  return %r : tensor<?x?xbf16>
}

// Of 16 bits, a thread reads and writes eight neighbours at once.
// GPU-LABEL: gpu.func @transpose_1000x4096_{{[0-9]+}}(
// GPU-SAME: known_block_size = array<i32: 256, 1, 1>
// GPU: llvm.load {{.*}} {alignment = 16 : i64} : !llvm.ptr<1> -> vector<8xi16>
// GPU-COUNT-8: llvm.store {{.*}} : i16, !llvm.ptr<3>
// GPU: gpu.barrier
// GPU-COUNT-8: llvm.load {{.*}} : !llvm.ptr<3> -> i16
// GPU: llvm.store {{.*}} {alignment = 16 : i64} : vector<8xi16>, !llvm.ptr<1>
// PTX-LABEL: .entry transpose_1000x4096_
// PTX-COUNT-2: ld.global.v4.b32
// PTX: bar.sync
// PTX-COUNT-2: st.global.v4.b32
// CUBIN: cubin transpose_1000x4096_{{[0-9]+}}: 256x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled, 8320 bytes shared
func.func @narrow(%x: tensor<4096x1000xf16>) -> tensor<1000x4096xf16> {
  %e = tensor.empty() : tensor<1000x4096xf16>
  %r = linalg.transpose ins(%x : tensor<4096x1000xf16>) outs(%e : tensor<1000x4096xf16>) permutation = [1, 0]
  return %r : tensor<1000x4096xf16>
}

// Of 8 bits it is sixteen.
// GPU-LABEL: gpu.func @transpose_64x4096_{{[0-9]+}}(
// GPU: llvm.load {{.*}} {alignment = 16 : i64} : !llvm.ptr<1> -> vector<16xi8>
// GPU: llvm.store {{.*}} {alignment = 16 : i64} : vector<16xi8>, !llvm.ptr<1>
// CUBIN: cubin transpose_64x4096_{{[0-9]+}}: {{.*}} 0 bytes spilled
func.func @bytes(%x: tensor<4096x64xi8>) -> tensor<64x4096xi8> {
  %e = tensor.empty() : tensor<64x4096xi8>
  %r = linalg.transpose ins(%x : tensor<4096x64xi8>) outs(%e : tensor<64x4096xi8>) permutation = [1, 0]
  return %r : tensor<64x4096xi8>
}
