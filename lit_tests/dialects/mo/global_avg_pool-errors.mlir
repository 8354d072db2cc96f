// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// What an operand is measured against is in each message.

mo.graph @test(%x: !mo.tensor<[1, 3], f32>) {
  // expected-error @+1 {{'mo.global_avg_pool' op expected an input of rank 3 or more: a batch, channels and spatial axes; found rank 2}}
  %0 = mo.global_avg_pool %x : !mo.tensor<[1, 3], f32>
  mo.output
}
