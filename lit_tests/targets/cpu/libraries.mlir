// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s

// Functions of the runtime are called by their names, those of a shared library by its path and theirs. They get the
// addresses of elements and extents, and return null unless they failed.
// CHECK-DAG: func.func private @mograph_order(!llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, i64) -> !llvm.ptr
// CHECK-DAG: func.func private @"/lib/other.so:order"(!llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, f64) -> !llvm.ptr
// CHECK-LABEL: func.func @call
// CHECK: %[[TEXT:.*]] = call @mograph_order(%{{.*}}, %[[SIZES:.*]], %{{.*}}, %{{.*}}, %{{.*}})
// CHECK: %[[NULL:.*]] = llvm.mlir.zero : !llvm.ptr
// CHECK: %[[FAILED:.*]] = llvm.icmp "ne" %[[TEXT]], %[[NULL]]
// CHECK: scf.if %[[FAILED]]
// CHECK: call @mograph_fail(%[[TEXT]])
// CHECK: call @"/lib/other.so:order"(
func.func private @order(memref<?x4xf32>, memref<?x4xi64>, i64) attributes {mogg.library = {function = "mograph_order"}}
func.func private @other(memref<?x4xf32>, memref<?x4xi64>, f64) attributes {mogg.library = {function = "order", path = "/lib/other.so"}}
func.func @call(%x: memref<?x4xf32>, %y: memref<?x4xi64>, %n: i64, %f: f64) {
  call @order(%x, %y, %n) : (memref<?x4xf32>, memref<?x4xi64>, i64) -> ()
  call @other(%x, %y, %f) : (memref<?x4xf32>, memref<?x4xi64>, f64) -> ()
  return
}
