// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.gpu %s --until host | FileCheck %s

// Elements that the host reads are downloaded, results are allocated on the device, and kernels are launched by number.
// CHECK-LABEL: func.func @first(
// CHECK: %[[PROGRAM:[^ ]+]] = llvm.mlir.addressof @mograph_device_program : !llvm.ptr
// CHECK: call @mograph_device_download(%[[PROGRAM]], %{{[^ ]+}}, %{{[^ ]+}}, %c4_i64
// CHECK: call @mograph_device_allocate(%[[PROGRAM]],
// CHECK: call @mograph_device_launch(
// CHECK-NOT: linalg.
// CHECK: return
func.func @first(%x: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %v = tensor.extract %x[%c0] : tensor<?xf32>
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  %e = tensor.empty(%n) : tensor<?xf32>
  %y = linalg.fill ins(%v : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// Constants are uploaded once for each program.
// CHECK-LABEL: func.func @constant(
// CHECK: %[[HOST:[^ ]+]] = memref.get_global @
// CHECK: call @mograph_device_constant(
func.func @constant(%x: tensor<3xf32>) -> tensor<3xf32> {
  %w = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %e = tensor.empty() : tensor<3xf32>
  %y = linalg.add ins(%x, %w : tensor<3xf32>, tensor<3xf32>) outs(%e : tensor<3xf32>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// A temporary is released where it is used last; booleans that the host reads are bytes.
// CHECK-LABEL: func.func @loop(
// CHECK: scf.while
// CHECK: call @mograph_device_download(
// CHECK: llvm.load {{.*}} : !llvm.ptr -> i8
// CHECK: call @mograph_device_launch(
func.func @loop(%x: tensor<4xf32>, %limit: tensor<f32>) -> tensor<4xf32> {
  %y = scf.while (%a = %x) : (tensor<4xf32>) -> tensor<4xf32> {
    %e = tensor.empty() : tensor<i1>
    %f = linalg.generic {indexing_maps = [affine_map<(i) -> ()>, affine_map<(i) -> (i)>, affine_map<(i) -> ()>],
                         iterator_types = ["reduction"]}
        ins(%limit, %a : tensor<f32>, tensor<4xf32>) outs(%e : tensor<i1>) {
    ^bb0(%l: f32, %v: f32, %o: i1):
      %c = arith.cmpf olt, %v, %l : f32
      linalg.yield %c : i1
    } -> tensor<i1>
    %more = tensor.extract %f[] : tensor<i1>
    scf.condition(%more) %a : tensor<4xf32>
  } do {
  ^bb0(%a: tensor<4xf32>):
    %e = tensor.empty() : tensor<4xf32>
    %s = linalg.add ins(%a, %a : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %s : tensor<4xf32>
  }
  return %y : tensor<4xf32>
}
