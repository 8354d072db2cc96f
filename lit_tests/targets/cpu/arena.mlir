// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until arena | FileCheck %s
// RUN: %python -m mograph.targets.cpu %s --until arena --memory | FileCheck %s --check-prefix=PRINTED

// CHECK: llvm.mlir.global internal constant @later.lifetimes(dense<[0, 2, 1, 3]>

func.func private @use(memref<16xf32>, memref<16xf32>)
func.func private @use_some(memref<?xf32>, memref<?xf32>)

// The first and the third buffer are not needed at the same time. The result has memory of its own.
// CHECK-LABEL: func.func @turns
// CHECK: %[[ARENA:.*]] = memref.alloc() {alignment = 64 : i64} : memref<128xi8>
// CHECK-DAG: %[[A:.*]] = memref.view %[[ARENA]][%c0{{.*}}][] : memref<128xi8> to memref<16xf32>
// CHECK-DAG: %[[B:.*]] = memref.view %[[ARENA]][%c64{{.*}}][] : memref<128xi8> to memref<16xf32>
// CHECK: call @use
// CHECK: %[[R:.*]] = memref.alloc() : memref<16xf32>
// CHECK: memref.dealloc %[[ARENA]]
// CHECK-NEXT: return %[[R]]
// PRINTED: @turns: 3 buffers, 192 bytes in an arena of 128, of which 128 are needed at once; 1 apart, 0 in place
func.func @turns(%x: memref<16xf32>) -> memref<16xf32> {
  %a = memref.alloc() : memref<16xf32>
  func.call @use(%x, %a) : (memref<16xf32>, memref<16xf32>) -> ()
  %b = memref.alloc() : memref<16xf32>
  func.call @use(%a, %b) : (memref<16xf32>, memref<16xf32>) -> ()
  %c = memref.alloc() : memref<16xf32>
  func.call @use(%b, %c) : (memref<16xf32>, memref<16xf32>) -> ()
  %r = memref.alloc() : memref<16xf32>
  func.call @use(%c, %r) : (memref<16xf32>, memref<16xf32>) -> ()
  return %r : memref<16xf32>
}

// A private function is given its arena, which has its turn in that of the caller; a loop allocates nothing.
// CHECK-LABEL: func.func private @part
// CHECK-SAME: %[[GIVEN:[a-z0-9]+]]: memref<64xi8>)
// CHECK: memref.view %[[GIVEN]]
// CHECK-NOT: memref.alloc
// CHECK: return
func.func private @part(%x: memref<16xf32>, %y: memref<16xf32>) {
  %a = memref.alloc() : memref<16xf32>
  func.call @use(%x, %a) : (memref<16xf32>, memref<16xf32>) -> ()
  func.call @use(%a, %y) : (memref<16xf32>, memref<16xf32>) -> ()
  return
}
// CHECK-LABEL: func.func @whole
// CHECK: %[[ARENA:.*]] = memref.alloc() {{.*}} : memref<128xi8>
// CHECK-DAG: %[[B:.*]] = memref.view %[[ARENA]]{{.*}} to memref<16xf32>
// CHECK-DAG: %[[PART:.*]] = memref.view %[[ARENA]]{{.*}} to memref<64xi8>
// CHECK: scf.for
// CHECK-NOT: memref.alloc
// CHECK: call @part(%{{.*}}, %[[B]], %[[PART]])
// CHECK: return
func.func @whole(%x: memref<16xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %b = memref.alloc() : memref<16xf32>
    func.call @part(%x, %b) : (memref<16xf32>, memref<16xf32>) -> ()
    func.call @use(%b, %x) : (memref<16xf32>, memref<16xf32>) -> ()
  }
  return
}

// Extents of arguments give sizes that are known when the call starts: the runtime plans.
// CHECK-LABEL: func.func @later
// CHECK: call @mograph_plan
// CHECK: %[[ARENA:.*]] = memref.alloc(%{{.*}}) {{.*}} : memref<?xi8>
// CHECK: memref.view %[[ARENA]][%{{.*}}][%{{.*}}] : memref<?xi8> to memref<?xf32>
// CHECK: memref.view %[[ARENA]][%{{.*}}][%{{.*}}] : memref<?xi8> to memref<?xf32>
// CHECK-NOT: memref.alloc
// CHECK: return
// PRINTED: @later: 2 buffers, planned at run time; 0 apart, 0 in place
func.func @later(%x: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %n = memref.dim %x, %c0 : memref<?xf32>
  %half = arith.divui %n, %c2 : index
  %a = memref.alloc(%n) : memref<?xf32>
  func.call @use_some(%x, %a) : (memref<?xf32>, memref<?xf32>) -> ()
  %b = memref.alloc(%half) : memref<?xf32>
  func.call @use_some(%a, %b) : (memref<?xf32>, memref<?xf32>) -> ()
  func.call @use_some(%b, %x) : (memref<?xf32>, memref<?xf32>) -> ()
  return
}

// Data gives a size; a division that might fail comes after its check; one side of a branch is not always taken.
// CHECK-LABEL: func.func @apart
// CHECK-NOT: mograph_plan
// CHECK-COUNT-3: memref.alloc(%
// CHECK: return
// PRINTED: @apart: 0 buffers, 0 bytes in an arena of 0, of which 0 are needed at once; 3 apart, 0 in place
func.func @apart(%x: memref<?xf32>, %data: memref<index>, %p: i1) {
  %c0 = arith.constant 0 : index
  %k = memref.load %data[] : memref<index>
  %n = memref.dim %x, %c0 : memref<?xf32>
  %some = arith.divui %c0, %n : index
  %a = memref.alloc(%k) : memref<?xf32>
  func.call @use_some(%x, %a) : (memref<?xf32>, memref<?xf32>) -> ()
  %b = memref.alloc(%some) : memref<?xf32>
  func.call @use_some(%x, %b) : (memref<?xf32>, memref<?xf32>) -> ()
  scf.if %p {
    %c = memref.alloc(%n) : memref<?xf32>
    func.call @use_some(%x, %c) : (memref<?xf32>, memref<?xf32>) -> ()
  }
  return
}
