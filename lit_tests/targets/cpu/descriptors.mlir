// RUN: %python -m mograph.targets.cpu %s --until llvm | FileCheck %s

// A function takes the words of descriptors that it reads: of what is handed on, those that the other one reads, of a view the
// pointer of what it looks into, and of an extent that is not known the extent.
// CHECK: llvm.func @main.code(%[[X:.*]]: !llvm.ptr, %[[N:.*]]: i64, %[[W:.*]]: !llvm.ptr, %{{.*}}: !llvm.ptr) -> !llvm.struct
// CHECK-SAME: mograph.words = array<i64: 1, 3, 6, 18>
// CHECK: llvm.call @half.code(%[[X]], %[[N]], %[[W]],
// CHECK: llvm.func @half.code(%{{.*}}: !llvm.ptr, %{{.*}}: i64, %{{.*}}: !llvm.ptr,
func.func @main(%x: tensor<?xf32>, %w: tensor<4x4xf32>, %unused: tensor<8xf32>, %v: tensor<16xf32>) -> tensor<4x4xf32> {
  %0 = func.call @half(%x, %w) : (tensor<?xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = tensor.expand_shape %v [[0, 1]] output_shape [4, 4] : tensor<16xf32> into tensor<4x4xf32>
  %e = tensor.empty() : tensor<4x4xf32>
  %2 = linalg.add ins(%0, %1 : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %2 : tensor<4x4xf32>
}

func.func private @half(%x: tensor<?xf32>, %w: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %z = arith.constant 0.0 : f32
  %s = tensor.empty() : tensor<f32>
  %0 = linalg.fill ins(%z : f32) outs(%s : tensor<f32>) -> tensor<f32>
  %1 = linalg.reduce ins(%x : tensor<?xf32>) outs(%0 : tensor<f32>) dimensions = [0] (%a: f32, %b: f32) {
    %c = arith.addf %a, %b : f32
    linalg.yield %c : f32
  }
  %e = tensor.empty() : tensor<4x4xf32>
  %2 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> ()>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%w, %1 : tensor<4x4xf32>, tensor<f32>) outs(%e : tensor<4x4xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %d = arith.mulf %a, %b : f32
    linalg.yield %d : f32
  } -> tensor<4x4xf32>
  return %2 : tensor<4x4xf32>
}

// What a function gives back it takes as it is.
// CHECK: llvm.func @same.code(%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: i64, %{{.*}}: i64, %{{.*}}: i64) -> !llvm.struct
// CHECK-SAME: mograph.words = array<i64: 0, 1, 2, 3, 4>
func.func @same(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
