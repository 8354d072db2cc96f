// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// CHECK-LABEL: mo.graph @test
mo.graph @test(%x: !mo.tensor<[b, 8, n, d], f16>, %c: !mo.tensor<[n, d floordiv 2], f16>) -> !mo.tensor<[b, 8, n, d], f16> {
  // CHECK: mo.rope %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[b, 8, n, d], f16>, !mo.tensor<[n, d floordiv 2], f16>, !mo.tensor<[n, d floordiv 2], f16>
  %0 = mo.rope %x, %c, %c : !mo.tensor<[b, 8, n, d], f16>, !mo.tensor<[n, d floordiv 2], f16>, !mo.tensor<[n, d floordiv 2], f16>
  // CHECK: mo.rope %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} interleaved : !mo.tensor<[b, 8, n, d], f16>, !mo.tensor<[n, d floordiv 2], f16>, !mo.tensor<[n, d floordiv 2], f16>
  %1 = mo.rope %0, %c, %c interleaved : !mo.tensor<[b, 8, n, d], f16>, !mo.tensor<[n, d floordiv 2], f16>, !mo.tensor<[n, d floordiv 2], f16>
  mo.output %1 : !mo.tensor<[b, 8, n, d], f16>
}
