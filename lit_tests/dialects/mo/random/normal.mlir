// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// The shape is an operand, or in the type.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%s: !mo.tensor<[2], si64>, %m: !mo.tensor<[], f32>, %k: !mo.tensor<[], si64>) {
  // CHECK: mo.random.normal %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : (!mo.tensor<[2], si64>, !mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>) -> !mo.tensor<[n, 4], f32>
  %r0 = mo.random.normal %s, %m, %m, %k : (!mo.tensor<[2], si64>, !mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>) -> !mo.tensor<[n, 4], f32>
  // CHECK: mo.static.random.normal %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : (!mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>) -> !mo.tensor<[3, 4], f32>
  %r1 = mo.static.random.normal %m, %m, %k : (!mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>) -> !mo.tensor<[3, 4], f32>
  mo.output
}
