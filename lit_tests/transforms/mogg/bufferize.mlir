// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo,mogg-fuse,mogg-bufferize,mogg-verify-stage{stage=buffers})' | FileCheck %s
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo,mogg-fuse,mogg-bufferize,mogg-to-linalg{inline=-1})' | FileCheck %s --check-prefix=FUNC

// Programs allocate, kernels write to the buffers that they are given; what is not returned is given back.

// CHECK-LABEL: mogg.program @two(
// CHECK-SAME: %[[X:.*]]: memref<8x64xf32>) -> memref<8x64xf32>
// CHECK: %[[A:.*]] = mogg.alloc() : memref<8x64xf32>
// CHECK: mogg.launch @softmax_f32(%[[X]], %[[A]]) : (memref<8x64xf32>, memref<8x64xf32>) -> ()
// CHECK: %[[B:.*]] = mogg.alloc() : memref<8x64xf32>
// CHECK: mogg.launch @softmax_f32_1(%[[A]], %[[B]]) : (memref<8x64xf32>, memref<8x64xf32>) -> ()
// CHECK: mogg.dealloc %[[A]]
// CHECK-NOT: mogg.dealloc
// CHECK: mogg.return %[[B]]
// CHECK: mogg.kernel private @softmax_f32(%{{.*}}: memref<8x64xf32>, %[[OUT:.*]]: memref<8x64xf32>) attributes {{.*}}roles = ["in", "out"]
// CHECK-NOT: tensor<

// Functions leave it to the target who uses a buffer.
// FUNC-LABEL: func.func @two(
// FUNC: memref.alloc() {alignment = 64 : i64} : memref<8x64xf32>
// FUNC: call @softmax_f32(
// FUNC-NOT: dealloc
mo.graph @two(%x: !mo.tensor<[8, 64], f32>) -> !mo.tensor<[8, 64], f32> {
  %0 = mo.softmax %x : !mo.tensor<[8, 64], f32>
  %1 = mo.softmax %0 axis = 0 : !mo.tensor<[8, 64], f32>
  mo.output %1 : !mo.tensor<[8, 64], f32>
}

// -----

// A slice that a kernel does not read where it is, is a view, and is copied to a buffer without strides.

// CHECK-LABEL: mogg.program @part(
// CHECK: %[[V:.*]] = mogg.view %{{.*}}[] {offsets = array<i64: 1, 0>, sizes = array<i64: 4, 4>, strides = array<i64: 1, 1>}
// CHECK: mogg.copy %[[V]] to %{{.*}}
// CHECK: mogg.return
// FUNC-LABEL: func.func @part(
// FUNC: memref.subview %{{.*}}[1, 0] [4, 4] [1, 1]
// FUNC: memref.copy
mo.graph @part(%x: !mo.tensor<[6, 4], f32>) -> !mo.tensor<[4, 4], f32> {
  %0 = mo.slice %x starts = [1, 0] stops = [5, 4] steps = [1, 1] : !mo.tensor<[6, 4], f32>
  mo.output %0 : !mo.tensor<[4, 4], f32>
}
