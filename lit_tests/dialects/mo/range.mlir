// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// The number of elements is bound when it runs.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%a: !mo.tensor<[], f32>, %i: !mo.tensor<[], si64>) {
  // CHECK: mo.range %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[], f32> to !mo.tensor<[n], f32>
  %r0 = mo.range %a, %a, %a : !mo.tensor<[], f32> to !mo.tensor<[n], f32>
  // CHECK: mo.range %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[], si64> to !mo.tensor<[4], si64>
  %r1 = mo.range %i, %i, %i : !mo.tensor<[], si64> to !mo.tensor<[4], si64>
  mo.output
}
