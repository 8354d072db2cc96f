// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

mo.graph @test(%q: !mo.tensor<[b, 8, n, 64], f16>, %k: !mo.tensor<[b, 2, m, 32], f16>) {
  // expected-error @+1 {{'mo.attention' op expected key of shape [b, 2, m, 64] for the other operands, found [b, 2, m, 32]}}
  %0 = mo.attention %q, %k, %k : !mo.tensor<[b, 8, n, 64], f16>, !mo.tensor<[b, 2, m, 32], f16>, !mo.tensor<[b, 2, m, 32], f16>
  mo.output
}

// -----

mo.graph @test(%q: !mo.tensor<[b, 7, n, 64], f16>, %k: !mo.tensor<[b, 2, m, 64], f16>) {
  // expected-error @+1 {{'mo.attention' op expected the heads of key and value, 2, to divide those of query, 7}}
  %0 = mo.attention %q, %k, %k : !mo.tensor<[b, 7, n, 64], f16>, !mo.tensor<[b, 2, m, 64], f16>, !mo.tensor<[b, 2, m, 64], f16>
  mo.output
}

// -----

mo.graph @test(%q: !mo.tensor<[b, n, 64], f16>) {
  // expected-error @+1 {{'mo.attention' op expected query of rank 4, found [b, n, 64]}}
  %0 = mo.attention %q, %q, %q : !mo.tensor<[b, n, 64], f16>
  mo.output
}

// -----

mo.graph @test(%q: !mo.tensor<[b, 8, n, 64], si8>) {
  // expected-error @+1 {{'mo.attention' op expected dtype to be a float, found si8}}
  %0 = mo.attention %q, %q, %q : !mo.tensor<[b, 8, n, 64], si8>
  mo.output
}

// -----

mo.graph @test(%q: !mo.tensor<[b, 8, n, 64], f16>) {
  // expected-error @+1 {{'mo.attention' op expected a softcap of 0 or more, found -1.0}}
  %0 = mo.attention %q, %q, %q softcap = -1.0 : !mo.tensor<[b, 8, n, 64], f16>
  mo.output
}

// -----

mo.graph @test(%q: !mo.tensor<[b, 8, n, 64], f16>, %mask: !mo.tensor<[n, n], si8>) {
  // expected-error @+1 {{'mo.attention' op expected the mask, other than bool (i1), to be a float, found si8}}
  %0 = mo.attention %q, %q, %q mask %mask : !mo.tensor<[n, n], si8> : !mo.tensor<[b, 8, n, 64], f16>
  mo.output
}

// -----

mo.graph @test(%q: !mo.tensor<[b, 8, n, 64], f16>, %mask: !mo.tensor<[2, 5, 8, n, n], i1>) {
  // expected-error @+1 {{'mo.attention' op of the mask: expected}}
  %0 = mo.attention %q, %q, %q mask %mask : !mo.tensor<[2, 5, 8, n, n], i1> : !mo.tensor<[b, 8, n, 64], f16>
  mo.output
}
