// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until copies | FileCheck %s
// RUN: %python -m mograph.targets.cpu %s --until groups | FileCheck %s --check-prefix=GROUP

// Both parts are computed in the whole, also where one of them waits for a fill of it.
// CHECK-LABEL: func.func @joined
// CHECK: %[[WHOLE:.*]] = memref.alloc(%{{.*}}) {{.*}} : memref<8x?xf32>
// CHECK: %[[A:.*]] = memref.subview %[[WHOLE]][0, 0] [8, 4] [1, 1]
// CHECK: linalg.generic {{.*}} outs(%[[A]] :
// CHECK: math.absf
// CHECK: %[[B:.*]] = memref.subview %[[WHOLE]][0, 4] [8, %{{.*}}] [1, 1]
// CHECK: linalg.generic {{.*}} outs(%[[B]] :
// CHECK: arith.negf
// CHECK-NOT: linalg.generic
// CHECK: return %[[WHOLE]]
func.func @joined(%x: tensor<8x4xf32>, %y: tensor<8x?xf32>) -> tensor<8x?xf32> {
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %n = tensor.dim %y, %c1 : tensor<8x?xf32>
  %a = math.absf %x : tensor<8x4xf32>
  %b = arith.negf %y : tensor<8x?xf32>
  %m = arith.addi %n, %c4 : index
  %e = tensor.empty(%m) : tensor<8x?xf32>
  %0 = tensor.insert_slice %a into %e[0, 0] [8, 4] [1, 1] : tensor<8x4xf32> into tensor<8x?xf32>
  %1 = tensor.insert_slice %b into %0[0, 4] [8, %n] [1, 1] : tensor<8x?xf32> into tensor<8x?xf32>
  return %1 : tensor<8x?xf32>
}

// What is around is filled before.
// CHECK-LABEL: func.func @padded
// CHECK: %[[WHOLE:.*]] = memref.alloc() {{.*}} : memref<8x8xf32>
// CHECK: linalg.generic {{.*}} outs(%[[WHOLE]] :
// CHECK: %[[A:.*]] = memref.subview %[[WHOLE]][2, 3] [4, 4] [1, 1]
// CHECK: linalg.generic {{.*}} outs(%[[A]] :
// CHECK-NOT: linalg.generic
// CHECK: return %[[WHOLE]]
func.func @padded(%x: tensor<4x4xf32>) -> tensor<8x8xf32> {
  %zero = arith.constant 0.0 : f32
  %a = math.absf %x : tensor<4x4xf32>
  %e = tensor.empty() : tensor<8x8xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
  %0 = tensor.insert_slice %a into %f[2, 3] [4, 4] [1, 1] : tensor<4x4xf32> into tensor<8x8xf32>
  return %0 : tensor<8x8xf32>
}

// A part that goes to two places is copied to one of them, and read from the other.
// CHECK-LABEL: func.func @twice
// CHECK: %[[WHOLE:.*]] = memref.alloc() {{.*}} : memref<8xf32>
// CHECK-NOT: memref.alloc
// CHECK: math.absf
// CHECK: memref.copy
// CHECK: return %[[WHOLE]]
func.func @twice(%x: tensor<4xf32>) -> tensor<8xf32> {
  %a = math.absf %x : tensor<4xf32>
  %e = tensor.empty() : tensor<8xf32>
  %0 = tensor.insert_slice %a into %e[0] [4] [1] : tensor<4xf32> into tensor<8xf32>
  %1 = tensor.insert_slice %a into %0[4] [4] [1] : tensor<4xf32> into tensor<8xf32>
  return %1 : tensor<8xf32>
}

// A part that is read after its place is overwritten is a buffer of its own.
// CHECK-LABEL: func.func @overlapping
// CHECK-COUNT-3: memref.alloc()
// CHECK: return
func.func @overlapping(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<8xf32>, tensor<4xf32>) {
  %a = math.absf %x : tensor<4xf32>
  %b = arith.negf %y : tensor<4xf32>
  %e = tensor.empty() : tensor<8xf32>
  %0 = tensor.insert_slice %a into %e[0] [4] [1] : tensor<4xf32> into tensor<8xf32>
  %1 = tensor.insert_slice %b into %0[2] [4] [1] : tensor<4xf32> into tensor<8xf32>
  %c = arith.addf %a, %a : tensor<4xf32>
  %d = arith.mulf %c, %b : tensor<4xf32>
  return %1, %d : tensor<8xf32>, tensor<4xf32>
}

// The halves of a rotation are made by one nest, and go to the destination, which is reshaped for that.
// CHECK-LABEL: func.func private @halves
// CHECK: %[[D:.*]] = memref.expand_shape %arg1
// CHECK-DAG: %[[A:.*]] = memref.subview %[[D]][0, 0] [8, 4] [1, 1]
// CHECK-DAG: %[[B:.*]] = memref.subview %[[D]][0, 4] [8, 4] [1, 1]
// CHECK: linalg.generic {{.*}} outs(%[[A]], %[[B]] :
// CHECK-NOT: linalg.generic
// CHECK-NOT: memref.alloc
// CHECK: return
#id = affine_map<(i, j) -> (i, j)>
func.func private @halves(%x: tensor<8x4xf32>, %d: tensor<64xf32> {bufferization.writable = true}) -> tensor<64xf32> {
  %e = tensor.empty() : tensor<8x8xf32>
  %h = tensor.empty() : tensor<8x4xf32>
  %r:2 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<8x4xf32>) outs(%h, %h : tensor<8x4xf32>, tensor<8x4xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = math.absf %a : f32
    %1 = arith.negf %a : f32
    linalg.yield %0, %1 : f32, f32
  } -> (tensor<8x4xf32>, tensor<8x4xf32>)
  %0 = tensor.insert_slice %r#0 into %e[0, 0] [8, 4] [1, 1] : tensor<8x4xf32> into tensor<8x8xf32>
  %1 = tensor.insert_slice %r#1 into %0[0, 4] [8, 4] [1, 1] : tensor<8x4xf32> into tensor<8x8xf32>
  %2 = tensor.collapse_shape %1 [[0, 1]] : tensor<8x8xf32> into tensor<64xf32>
  %3 = bufferization.materialize_in_destination %2 in %d : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  return %3 : tensor<64xf32>
}
func.func @uses_halves(%x: tensor<8x4xf32>) -> tensor<64xf32> {
  %e = tensor.empty() : tensor<64xf32>
  %0 = func.call @halves(%x, %e) : (tensor<8x4xf32>, tensor<64xf32>) -> tensor<64xf32>
  return %0 : tensor<64xf32>
}

// Nests that write to slices that have nothing in common may run together.
// GROUP-LABEL: func.func @statistics
// GROUP: scf.execute_region
// GROUP-COUNT-3: linalg.generic
// GROUP: mograph.group
#row = affine_map<(i, j) -> (i)>
#left = affine_map<(i, j) -> (i, j)>
func.func @statistics(%x: tensor<500x64xf32>) -> tensor<500x65xf32> {
  %zero = arith.constant 0.0 : f32
  %es = tensor.empty() : tensor<500x1xf32>
  %fs = linalg.fill ins(%zero : f32) outs(%es : tensor<500x1xf32>) -> tensor<500x1xf32>
  %s = linalg.generic {indexing_maps = [#left, affine_map<(i, j) -> (i, 0)>], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<500x64xf32>) outs(%fs : tensor<500x1xf32>) {
  ^bb0(%a: f32, %t: f32):
    %r = arith.addf %t, %a : f32
    linalg.yield %r : f32
  } -> tensor<500x1xf32>
  %y = math.absf %x : tensor<500x64xf32>
  %e = tensor.empty() : tensor<500x65xf32>
  %0 = tensor.insert_slice %s into %e[0, 0] [500, 1] [1, 1] : tensor<500x1xf32> into tensor<500x65xf32>
  %1 = tensor.insert_slice %y into %0[0, 1] [500, 64] [1, 1] : tensor<500x64xf32> into tensor<500x65xf32>
  return %1 : tensor<500x65xf32>
}

// What is written to after the copy stays apart: the copy is what it was.
// CHECK-LABEL: func.func @written_later
// CHECK: %[[STATE:.*]] = memref.alloc()
// CHECK: %[[WAS:.*]] = memref.alloc()
// CHECK: linalg.generic {{.*}} ins(%[[STATE]] : {{.*}} outs(%[[WAS]] :
// CHECK: return %[[WAS]],
#same = affine_map<(d0) -> (d0)>
func.func @written_later(%x: memref<4xf32>) -> (memref<4xf32>, memref<4xf32>) {
  %state = memref.alloc() : memref<4xf32>
  memref.copy %x, %state : memref<4xf32> to memref<4xf32>
  %was = memref.alloc() : memref<4xf32>
  linalg.generic {indexing_maps = [#same, #same], iterator_types = ["parallel"]} ins(%state : memref<4xf32>) outs(%was : memref<4xf32>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  }
  linalg.generic {indexing_maps = [#same, #same], iterator_types = ["parallel"]} ins(%was : memref<4xf32>) outs(%state : memref<4xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = math.absf %a : f32
    linalg.yield %0 : f32
  }
  %is = memref.alloc() : memref<4xf32>
  linalg.generic {indexing_maps = [#same, #same], iterator_types = ["parallel"]} ins(%state : memref<4xf32>) outs(%is : memref<4xf32>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  }
  return %was, %is : memref<4xf32>, memref<4xf32>
}
