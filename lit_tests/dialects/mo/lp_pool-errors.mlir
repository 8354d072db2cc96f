// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// What an operand is measured against is in each message.

mo.graph @test(%x: !mo.tensor<[1, 3, 8, 8], f32>) {
  // expected-error @+1 {{'mo.lp_pool' op attribute 'p' }}
  %0 = mo.lp_pool %x kernel = [2, 2] p = 0 : !mo.tensor<[1, 3, 8, 8], f32>
  mo.output
}
