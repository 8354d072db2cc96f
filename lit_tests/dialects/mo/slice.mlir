// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Extents of named axes are expressions that clamp as numpy does.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 5], f32>) {
  // CHECK: mo.slice %{{[^ ,)]+}} starts = [1, -1] stops = [9223372036854775807, -9223372036854775808] steps = [1, -2] : !mo.tensor<[n, 5], f32>
  %r0 = mo.slice %x starts = [1, -1] stops = [9223372036854775807, -9223372036854775808] steps = [1, -2] : !mo.tensor<[n, 5], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[max(0, n - 1), 3], f32>
  %r1 = mo.negative %r0 : !mo.tensor<[max(0, n - 1), 3], f32>
  // CHECK: mo.slice %{{[^ ,)]+}} starts = [0, 1] stops = [-2, 3] steps = [3, 1] : !mo.tensor<[n, 5], f32>
  %r2 = mo.slice %x starts = [0, 1] stops = [-2, 3] steps = [3, 1] : !mo.tensor<[n, 5], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[{{.*}} ceildiv 3, 2], f32>
  %r3 = mo.negative %r2 : !mo.tensor<[max(0, n - 2) ceildiv 3, 2], f32>
  // CHECK: mo.slice %{{[^ ,)]+}} starts = [-3, 0] stops = [9223372036854775807, 9] steps = [1, 1] : !mo.tensor<[n, 5], f32>
  %r4 = mo.slice %x starts = [-3, 0] stops = [9223372036854775807, 9] steps = [1, 1] : !mo.tensor<[n, 5], f32>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[min(3, n), 5], f32>
  %r5 = mo.negative %r4 : !mo.tensor<[min(3, n), 5], f32>
  mo.output
}
