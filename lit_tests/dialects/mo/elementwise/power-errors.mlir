// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Numbers only, and floats for roots.

mo.graph @test(%x: !mo.tensor<[n], i1>) {
  // expected-error @+1 {{'mo.negative' op expected dtype to be an integer or a float, found i1}}
  %0 = mo.negative %x : !mo.tensor<[n], i1>
  mo.output
}

// -----

mo.graph @test(%x: !mo.tensor<[n], si8>) {
  // expected-error @+1 {{'mo.sqrt' op expected dtype to be a float, found si8}}
  %0 = mo.sqrt %x : !mo.tensor<[n], si8>
  mo.output
}
