// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Nothing computes with dtypes for storage.

mo.graph @test(%x: !mo.tensor<[n], si4>) {
  // expected-error @+1 {{'mo.add' op expected dtype to be an integer or a float to compute with, found si4, which is for storage; mo.cast changes a dtype}}
  %0 = mo.add %x, %x : !mo.tensor<[n], si4>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], f8E8M0FNU>) {
  // expected-error @+1 {{'mo.equal' op expected dtype to be bool (i1), an integer or a float to compute with, found f8E8M0FNU, which is for storage; mo.cast changes a dtype}}
  %0 = mo.equal %x, %x : !mo.tensor<[n], f8E8M0FNU>
  mo.output
}
