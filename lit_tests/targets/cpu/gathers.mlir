// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks | FileCheck %s --check-prefix=HALF
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --no-fma | FileCheck %s --check-prefix=EACH
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --features neon | FileCheck %s --check-prefix=EACH

// Where the last index alone is another one for each element, a vector of elements is loaded at once. Of what is left at
// the end of a row, only the elements that exist are. Processors with vectors of 128 bits have no instruction for it.
#row = affine_map<(i, j) -> (j)>
#column = affine_map<(i, j) -> (i)>
#all = affine_map<(i, j) -> (i, j)>

// CHECK-LABEL: func.func private @kernel_0(
// CHECK: %[[ALL:.*]] = arith.constant dense<true> : vector<32xi1>
// CHECK: %[[ROW:.*]] = vector.extract %{{.*}}[0] : index from vector<32xindex>
// CHECK: vector.gather %{{.*}}[%[[ROW]], %{{.*}}] [%{{.*}}], %[[ALL]], {{.*}} into vector<32xf32>
// CHECK: llvm.intr.masked.load
// CHECK: %[[SOME:.*]] = arith.cmpi slt, {{.*}} : vector<8xi32>
// CHECK: vector.gather %{{.*}}[%{{.*}}, %{{.*}}] [%{{.*}}], %[[SOME]], {{.*}} into vector<8xf32>
// HALF-LABEL: func.func private @kernel_0(
// HALF: vector.gather {{.*}} into vector<16xf32>
// HALF: vector.gather {{.*}} into vector<4xf32>
// EACH-LABEL: func.func private @kernel_0(
// EACH-NOT: vector.gather
// EACH: memref.load
// EACH: return
func.func @along(%x: tensor<?x?xf32>, %places: tensor<?xi32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x?xf32>
  %m = tensor.dim %places, %c0 : tensor<?xi32>
  %e = tensor.empty(%n, %m) : tensor<?x?xf32>
  %y = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["parallel", "parallel"]}
    ins(%places : tensor<?xi32>) outs(%e : tensor<?x?xf32>) {
  ^bb0(%place: i32, %out: f32):
    %i = linalg.index 0 : index
    %at = arith.index_cast %place : i32 to index
    %v = tensor.extract %x[%i, %at] : tensor<?x?xf32>
    linalg.yield %v : f32
  } -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// What is the same for a whole vector is loaded once; what other indices move, or what is narrow, one by one.
// CHECK-LABEL: func.func private @kernel_1(
// CHECK: memref.load {{.*}} : memref<?xf32>
// CHECK: vector.broadcast {{.*}} : f32 to vector<32xf32>
// CHECK-NOT: vector.gather
// CHECK-LABEL: func.func private @kernel_2(
// CHECK-NOT: vector
// CHECK: memref.load {{.*}} : memref<?x4xf32>
// CHECK-LABEL: func.func private @kernel_3(
// CHECK-NOT: vector.gather
// CHECK: memref.load {{.*}} : memref<?xf16>
func.func @same(%x: tensor<?xf32>, %y: tensor<?x?xf32>, %places: tensor<?xi32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %y, %c0 : tensor<?x?xf32>
  %m = tensor.dim %y, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%n, %m) : tensor<?x?xf32>
  %r = linalg.generic {indexing_maps = [#column, #all, #all], iterator_types = ["parallel", "parallel"]}
    ins(%places, %y : tensor<?xi32>, tensor<?x?xf32>) outs(%e : tensor<?x?xf32>) {
  ^bb0(%place: i32, %a: f32, %out: f32):
    %at = arith.index_cast %place : i32 to index
    %v = tensor.extract %x[%at] : tensor<?xf32>
    %sum = arith.addf %a, %v : f32
    linalg.yield %sum : f32
  } -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}
func.func @across(%x: tensor<?x4xf32>, %places: tensor<?xi32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %m = tensor.dim %places, %c0 : tensor<?xi32>
  %e = tensor.empty(%m) : tensor<?xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
    ins(%places : tensor<?xi32>) outs(%e : tensor<?xf32>) {
  ^bb0(%place: i32, %out: f32):
    %at = arith.index_cast %place : i32 to index
    %v = tensor.extract %x[%at, %c0] : tensor<?x4xf32>
    linalg.yield %v : f32
  } -> tensor<?xf32>
  return %y : tensor<?xf32>
}
func.func @narrow(%x: tensor<?xf16>, %places: tensor<?xi32>) -> tensor<?xf16> {
  %c0 = arith.constant 0 : index
  %m = tensor.dim %places, %c0 : tensor<?xi32>
  %e = tensor.empty(%m) : tensor<?xf16>
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
    ins(%places : tensor<?xi32>) outs(%e : tensor<?xf16>) {
  ^bb0(%place: i32, %out: f16):
    %at = arith.index_cast %place : i32 to index
    %v = tensor.extract %x[%at] : tensor<?xf16>
    linalg.yield %v : f16
  } -> tensor<?xf16>
  return %y : tensor<?xf16>
}
