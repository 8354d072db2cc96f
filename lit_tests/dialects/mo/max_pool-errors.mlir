// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// What an operand is measured against is in each message.

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], i1>) {
  // expected-error @+1 {{'mo.max_pool' op expected dtype to be an integer or a float, found i1}}
  %0 = mo.max_pool %x kernel = [2, 2] : !mo.tensor<[1, 3, 8, 8], i1>
  mo.output
}
