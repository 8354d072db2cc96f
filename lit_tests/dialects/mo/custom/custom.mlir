// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt --load-plugin=%S/Inputs/customs.py %s | FileCheck %s
// RUN: mo-opt --load-plugin=%S/Inputs/customs.py %s -mlir-print-op-generic | mo-opt --load-plugin=%S/Inputs/customs.py | FileCheck %s
// RUN: mo-opt --load-plugin=%S/Inputs/customs.py %s --canonicalize --cse | FileCheck %s --check-prefix=CSE
// RUN: mo-opt --load-plugin=%S/Inputs/customs.py %s --pass-pipeline='builtin.module(mogg-from-mo)' | FileCheck %s --check-prefix=LOWER

// CHECK-LABEL: mo.graph @customs
// CSE-LABEL: mo.graph @customs
// LOWER-LABEL: mogg.program @customs
mo.graph @customs(%x: !mo.tensor<[n], f32>, %b: !mo.buffer<[n], f32>) -> (!mo.tensor<[n], f32>, !mo.tensor<[k], f32>) {
  %c = mo.chain.create
  // CHECK: mo.custom "demo.scale"(%[[X:[^)]+]]) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  // CSE-NOT: mo.custom "demo.scale"(%{{.*}}) :
  %dead = mo.custom "demo.scale"(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  // CHECK: %[[A:.*]] = mo.custom "demo.scale"(%[[X]]) params = {factor = 3.000000e+00 : f64, times = 2 : i64} : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  // CSE: %[[A:.*]] = mo.custom "demo.scale"
  // CSE-NOT: "demo.scale"
  // LOWER: mogg.launch @scale_f32(
  %0 = mo.custom "demo.scale"(%x) params = {factor = 3.0, times = 2} : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  %1 = mo.custom "demo.scale"(%x) params = {factor = 3.0, times = 2} : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  %2 = mo.add %0, %1 : !mo.tensor<[n], f32>
  // CHECK: mo.custom "demo.push"(%{{[^)]+}}) writes(%{{[^ ]+}} : !mo.buffer<[n], f32>) after %{{[^ ]+}} : (!mo.tensor<[n], f32>) -> (!mo.tensor<[k], f32>, !mo.chain)
  // CSE-COUNT-2: mo.custom "demo.push"
  // LOWER: memref.alloc
  // LOWER: %[[P:.*]]:2 = mogg.launch @push_f32(
  // LOWER: func.call @store(%[[P]]#1, %{{.*}}) : (tensor<?xf32>, memref<?xf32>)
  %3, %d = mo.custom "demo.push"(%2) writes(%b : !mo.buffer<[n], f32>) after %c : (!mo.tensor<[n], f32>) -> (!mo.tensor<[k], f32>, !mo.chain)
  %4, %e = mo.custom "demo.push"(%2) writes(%b : !mo.buffer<[n], f32>) after %d : (!mo.tensor<[n], f32>) -> (!mo.tensor<[n], f32>, !mo.chain)
  mo.output %0, %3 : !mo.tensor<[n], f32>, !mo.tensor<[k], f32>
}
