// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s
// RUN: not %python -m mograph.targets.cpu %s --until nowhere 2>&1 | FileCheck %s --check-prefix=PHASE

// CHECK: llvm.mlir.global internal constant @[[TEXT:.*]]("sizes differ\00")
// CHECK-LABEL: func.func @check
// CHECK-SAME: (%[[P:.*]]: i1)
// CHECK: %[[FAILED:.*]] = arith.xori %[[P]]
// CHECK: scf.if %[[FAILED]] {
// CHECK-NEXT: %[[AT:.*]] = llvm.mlir.addressof @[[TEXT]]
// CHECK-NEXT: call @mograph_fail(%[[AT]])
// PHASE: no phase 'nowhere', expected one of cut, fuse, math, bufferize, copies, groups, memory, arena, kernels, llvm
func.func @check(%p: i1) {
  cf.assert %p, "sizes differ"
  return
}

// Both extents that were compared are told.
// CHECK-LABEL: func.func @extents
// CHECK-SAME: (%[[A:.*]]: index, %[[B:.*]]: index)
// CHECK: scf.if
// CHECK: %[[X:.*]] = arith.index_cast %[[A]] : index to i64
// CHECK: %[[Y:.*]] = arith.index_cast %[[B]] : index to i64
// CHECK: call @mograph_fail_compared(%{{.*}}, %[[X]], %[[Y]])
func.func @extents(%a: index, %b: index) {
  %p = arith.cmpi eq, %a, %b : index
  cf.assert %p, "sizes differ"
  return
}
