// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// From low to below high.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%s: !mo.tensor<[2], si64>, %m: !mo.tensor<[], f16>, %k: !mo.tensor<[], si64>) {
  // CHECK: mo.random.uniform %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : (!mo.tensor<[2], si64>, !mo.tensor<[], f16>, !mo.tensor<[], f16>, !mo.tensor<[], si64>) -> !mo.tensor<[n, 4], f16, gpu:0>
  %r0 = mo.random.uniform %s, %m, %m, %k : (!mo.tensor<[2], si64>, !mo.tensor<[], f16>, !mo.tensor<[], f16>, !mo.tensor<[], si64>) -> !mo.tensor<[n, 4], f16, gpu:0>
  mo.output
}
