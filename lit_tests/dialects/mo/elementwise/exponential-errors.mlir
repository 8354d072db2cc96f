// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// Floats only.

mo.graph @test(%x: !mo.tensor<[n], ui8>) {
  // expected-error @+1 {{'mo.exp' op expected dtype to be a float, found ui8}}
  %0 = mo.exp %x : !mo.tensor<[n], ui8>
  mo.output
}
