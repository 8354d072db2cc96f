// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// Heads that share keys, masks, scores that are capped.

// CHECK-LABEL: mo.graph @test
mo.graph @test(%q: !mo.tensor<[b, 8, n, 64], f16>, %k: !mo.tensor<[b, 2, m, 64], f16>, %v: !mo.tensor<[b, 2, m, 32], f16>, %mask: !mo.tensor<[n, m], i1>) {
  // CHECK: mo.attention %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} : !mo.tensor<[b, 8, n, 64], f16>, !mo.tensor<[b, 2, m, 64], f16>, !mo.tensor<[b, 2, m, 32], f16>
  %0 = mo.attention %q, %k, %v : !mo.tensor<[b, 8, n, 64], f16>, !mo.tensor<[b, 2, m, 64], f16>, !mo.tensor<[b, 2, m, 32], f16>
  // CHECK: mo.negative %{{[^ ,)]+}} : !mo.tensor<[b, 8, n, 32], f16>
  %1 = mo.negative %0 : !mo.tensor<[b, 8, n, 32], f16>
  // CHECK: mo.attention %{{[^ ,)]+}}, %{{[^ ,)]+}}, %{{[^ ,)]+}} mask %{{[^ ,)]+}} : !mo.tensor<[n, m], i1> scale = 2.500000e-01 causal softcap = 3.000000e+01 : !mo.tensor<[b, 8, n, 64], f16>, !mo.tensor<[b, 2, m, 64], f16>, !mo.tensor<[b, 2, m, 32], f16>
  %2 = mo.attention %q, %k, %v mask %mask : !mo.tensor<[n, m], i1> scale = 0.25 causal softcap = 30.0 : !mo.tensor<[b, 8, n, 64], f16>, !mo.tensor<[b, 2, m, 64], f16>, !mo.tensor<[b, 2, m, 32], f16>
  mo.output
}
