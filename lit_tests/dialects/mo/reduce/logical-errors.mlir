// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Bools only.

mo.graph @test(%x: !mo.tensor<[n], f32>) {
  // expected-error @+1 {{'mo.reduce.any' op expected dtype to be bool (i1), found f32}}
  %0 = mo.reduce.any %x : !mo.tensor<[n], f32>
  mo.output
}
