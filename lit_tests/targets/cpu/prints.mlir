// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s

// CHECK: llvm.mlir.global internal constant @show.text("f32 0 x\00")
// CHECK-NOT: func.func private @show
// CHECK-LABEL: func.func @print
// CHECK: %[[AT:.*]] = llvm.mlir.addressof @show.text
// CHECK: call @mograph_print(%[[AT]], %{{.*}}, %{{.*}}, %{{.*}}) : (!llvm.ptr, !llvm.ptr, i64, !llvm.ptr) -> ()
func.func private @show(memref<?x4xf32>) attributes {mogg.print = "f32 0 x"}
func.func @print(%x: memref<?x4xf32>) {
  call @show(%x) : (memref<?x4xf32>) -> ()
  return
}
