// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// A length for each sequence.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[n, 3, m], f32>, %l: !mo.tensor<[n], si32>) {
  // CHECK: mo.reverse_sequence %{{[^ ,)]+}}, %{{[^ ,)]+}} batch_axis = 0 time_axis = -1 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[n], si32>
  %r0 = mo.reverse_sequence %x, %l batch_axis = 0 time_axis = -1 : !mo.tensor<[n, 3, m], f32>, !mo.tensor<[n], si32>
  mo.output
}
