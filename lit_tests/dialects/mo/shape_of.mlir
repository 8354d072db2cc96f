// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// The shape is on the host.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 4], f16, gpu:0>) {
  // CHECK: mo.shape_of %{{[^ ,)]+}} : !mo.tensor<[n, 4], f16, gpu:0>
  %r0 = mo.shape_of %x : !mo.tensor<[n, 4], f16, gpu:0>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[2], si64>
  %r1 = mo.negative %r0 : !mo.tensor<[2], si64>
  mo.output
}
