// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: ptxas
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip sm_80 > %t.mlir
// RUN: FileCheck %s --check-prefix=GPU < %t.mlir
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 --until ptx | FileCheck %s --check-prefix=PTX
// RUN: %python -m mograph.targets.nvidia %t.mlir --chip sm_80 --registers 32 | FileCheck %s --check-prefix=CUBIN
// RUN: %python -m mograph.targets.gpu %s --until kernels --kernels --chip gfx942 > %t942.mlir
// RUN: %python -m mograph.targets.amd %t942.mlir --chip gfx942 --until isa | FileCheck %s --check-prefix=ISA

// Sixteen bytes a thread, and no branch where the extent is known and whole.
// GPU-LABEL: gpu.func @elementwise_67108864_0(
// GPU-SAME: known_block_size = array<i32: 256, 1, 1>
// GPU-NOT: scf.if
// GPU-COUNT-2: llvm.load {{.*}} {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
// GPU: arith.addf {{.*}} : vector<4xf32>
// GPU: llvm.store {{.*}} {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr<1>
// GPU: gpu.return
// PTX-LABEL: .entry elementwise_67108864_0(
// PTX-COUNT-2: ld.global.v4.b32
// PTX: st.global.v4.b32
// CUBIN: cubin elementwise_67108864_0: 256x1x1 threads, {{[0-9]+}} registers, 0 bytes spilled, 0 bytes shared
// ISA-LABEL: elementwise_67108864_0:
// ISA-COUNT-2: global_load_dwordx4
// ISA: global_store_dwordx4
#id = affine_map<(n) -> (n)>
func.func @add(%x: tensor<67108864xf32>, %y: tensor<67108864xf32>) -> tensor<67108864xf32> {
  %e = tensor.empty() : tensor<67108864xf32>
  %r = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]}
      ins(%x, %y : tensor<67108864xf32>, tensor<67108864xf32>) outs(%e : tensor<67108864xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %0 = arith.addf %a, %b : f32
    linalg.yield %0 : f32
  } -> tensor<67108864xf32>
  return %r : tensor<67108864xf32>
}

// Where it is not known how many rows begin at multiples of a vector, threads ask; those at a row's end go one by one.
// Two f64 are loaded with two bf16.
// GPU-LABEL: gpu.func @elementwise_nxn_1(
// GPU: %[[REST:.*]] = arith.andi {{.*}}, %{{c1_i64.*}} : i64
// GPU: %[[WHOLE:.*]] = arith.cmpi eq, %[[REST]], %{{c0_i64.*}} : i64
// GPU: %[[BOTH:.*]] = arith.andi {{.*}}, %[[WHOLE]] : i1
// GPU: scf.if %[[BOTH]] {
// GPU: llvm.load {{.*}} {alignment = 4 : i64} : !llvm.ptr<1> -> vector<2xi16>
// GPU: llvm.load {{.*}} {alignment = 16 : i64} : !llvm.ptr<1> -> vector<2xf64>
// GPU: } else {
// GPU: scf.for
// GPU: llvm.load {{.*}} {alignment = 2 : i64} : !llvm.ptr<1> -> i16
// PTX-LABEL: .entry elementwise_nxn_1(
// PTX: ld.global.v2.b64
// CUBIN: cubin elementwise_nxn_1: {{.*}} 0 bytes spilled
#rows = affine_map<(n, m) -> (n, m)>
#row = affine_map<(n, m) -> (m)>
func.func @shifted(%x: tensor<?x?xbf16>, %y: tensor<?xf64>) -> tensor<?x?xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c0 : tensor<?x?xbf16>
  %m = tensor.dim %x, %c1 : tensor<?x?xbf16>
  %e = tensor.empty(%n, %m) : tensor<?x?xf64>
  %r = linalg.generic {indexing_maps = [#rows, #row, #rows], iterator_types = ["parallel", "parallel"]}
      ins(%x, %y : tensor<?x?xbf16>, tensor<?xf64>) outs(%e : tensor<?x?xf64>) {
  ^bb0(%a: bf16, %b: f64, %o: f64):
    %0 = arith.extf %a : bf16 to f64
    %1 = arith.addf %0, %b : f64
    linalg.yield %1 : f64
  } -> tensor<?x?xf64>
  return %r : tensor<?x?xf64>
}

// Indices are computed in 32 bits where all of them fit.
// GPU-LABEL: gpu.func @elementwise_70000x5_2(
// GPU: arith.divui {{.*}} : i32
// GPU-NOT: arith.divui {{.*}} : i64
// GPU: gpu.return
// CUBIN: cubin elementwise_70000x5_2: {{.*}} 0 bytes spilled
func.func @rows(%x: tensor<70000x5xf32>, %y: tensor<5xf32>) -> tensor<70000x5xf32> {
  %e = tensor.empty() : tensor<70000x5xf32>
  %r = linalg.generic {indexing_maps = [#rows, #row, #rows], iterator_types = ["parallel", "parallel"]}
      ins(%x, %y : tensor<70000x5xf32>, tensor<5xf32>) outs(%e : tensor<70000x5xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %0 = arith.mulf %a, %b : f32
    linalg.yield %0 : f32
  } -> tensor<70000x5xf32>
  return %r : tensor<70000x5xf32>
}
